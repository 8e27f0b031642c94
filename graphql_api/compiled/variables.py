"""The variables of an operation: their values as graphql-core coerces them, and what of them a plan hangs on."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    VariableDefinitionNode,
    get_named_type,
    get_variable_values,
    is_input_type,
    type_from_ast,
)
from graphql.execution import VariableValues

_MOST_INT: Final = 2**31


def _is_int(value: Any) -> bool:
    return value.__class__ is int and -_MOST_INT <= value < _MOST_INT


def _is_text(value: Any) -> bool:
    return value.__class__ is str


def _is_number(value: Any) -> bool:
    return value.__class__ is float and math.isfinite(value)


def _is_truth(value: Any) -> bool:
    return value.__class__ is bool


# Values that are already as the type wants them; anything else goes the long way through graphql-core.
_AS_THEY_ARE: Final[Mapping[Any, Callable[[Any], bool]]] = {
    GraphQLString: _is_text,
    GraphQLID: _is_text,
    GraphQLInt: _is_int,
    GraphQLFloat: _is_number,
    GraphQLBoolean: _is_truth,
}

# Stands in a shape for a value that is there but does not matter to the plan.
_SOME: Final = object()
_ABSENT: Final = object()


class Variables:
    """The variables that an operation declares."""

    def __init__(self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]) -> None:
        self._schema = schema
        self._definitions = definitions
        types = {item.variable.name.value: _type_of(schema, item) for item in definitions}
        # By value where the plan hangs on the value, by being there or not where it does not.
        self.by_value: frozenset[str] = frozenset(name for name, kind in types.items() if _shapes_the_plan(kind))
        self._names = tuple(types)
        self._checks = tuple((name, _check_for(kind)) for name, kind in types.items())
        self._plain = all(check for _, check in self._checks) and not any(item.default_value for item in definitions)

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | None:
        """Return the values as graphql-core coerces them, or None when it refuses them."""
        if self._plain and all(check and check(given.get(name, _ABSENT)) for name, check in self._checks):
            return VariableValues({}, {name: given[name] for name, _ in self._checks if name in given})
        told = get_variable_values(self._schema, self._definitions, dict(given), max_errors=1)
        return told if isinstance(told, VariableValues) else None

    def shape(self, values: VariableValues) -> Hashable:
        """Return what requests have in common that one plan serves."""
        coerced = values.coerced
        return tuple([self._shape_of(name, coerced.get(name, _ABSENT)) for name in self._names])

    def _shape_of(self, name: str, value: Any) -> Hashable:
        if value is None or value is _ABSENT:
            return value
        if name not in self.by_value:
            return _SOME
        return tuple(value) if isinstance(value, list) else value


def _type_of(schema: GraphQLSchema, definition: VariableDefinitionNode) -> Any:
    found = type_from_ast(schema, definition.type)
    assert is_input_type(found), "the document was validated"
    return found


def _shapes_the_plan(kind: Any) -> bool:
    named = get_named_type(kind)
    return named is GraphQLBoolean or isinstance(named, GraphQLEnumType)


def _check_for(kind: Any) -> Callable[[Any], bool] | None:
    """Return a test for values that need no coercion, or None when the type always needs it."""
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    check = _AS_THEY_ARE.get(inner)
    if check is None and isinstance(inner, GraphQLList) and isinstance(inner.of_type, GraphQLNonNull):
        of_item = _AS_THEY_ARE.get(inner.of_type.of_type)
        if of_item is not None:
            check = _list_check(of_item)
    if check is None or inner is kind:
        return None if check is None else _nullable_check(check)
    return check


def _list_check(of_item: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value.__class__ is list and all(map(of_item, value))


def _nullable_check(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or value is _ABSENT or check(value)
