"""From argument values to what resolvers are given, as graphql-core and Strawberry do it, all types looked up once.

Both look every type up anew for every value of every request, which costs a filter more time than its statement.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final

import strawberry
from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    coerce_input_literal,
)
from graphql.execution import VariableValues
from strawberry.scalars import is_scalar
from strawberry.types.arguments import convert_argument
from strawberry.types.base import StrawberryList, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition

Value = Callable[[Mapping[str, Any]], Any]
Convert = Callable[[Any], Any]


def value_of(literal: ValueNode, kind: Any, variables: VariableValues, moving: frozenset[str]) -> Value:
    """Return a function that gives the coerced value of a literal from the values of its `moving` variables.

    Which variables are there at all is the same for every request of a plan, and so is everything else in the value.
    Raises GraphQLError when it does not fit.
    """
    kind = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(literal, VariableNode) and literal.name.value in moving:
        name = literal.name.value
        return lambda values: values[name]
    if isinstance(literal, ObjectValueNode) and isinstance(kind, GraphQLInputObjectType):
        base = _coerced(literal, kind, variables)
        parts = [
            (each.name.value, value_of(each.value, kind.fields[each.name.value].type, variables, moving))
            for each in literal.fields
            if each.name.value in base and _moves(each.value, moving)
        ]
        return lambda values: {**base, **{name: part(values) for name, part in parts}}
    if isinstance(literal, ListValueNode) and isinstance(kind, GraphQLList):
        items = [value_of(each, kind.of_type, variables, moving) for each in literal.values]
        return lambda values: [item(values) for item in items]
    fixed = _coerced(literal, kind, variables)
    return lambda _: fixed


def converter(kind: Any, schema: strawberry.Schema) -> Convert:
    """Return a function that makes what a resolver is given of a coerced value of this type."""
    if isinstance(kind, StrawberryOptional):
        inner = converter(kind.of_type, schema)
        return lambda value: None if value is None else inner(value)
    if isinstance(kind, StrawberryList):
        return _list_converter(kind, schema)
    if _is_leaf(kind, schema):
        return _same
    if has_object_definition(kind) and kind.__strawberry_definition__.from_input is None:
        return _Input.of(kind, schema)

    def converted(value: Any) -> Any:
        return convert_argument(value, kind, schema.schema_converter.scalar_registry, schema.config)

    return converted


def _list_converter(kind: StrawberryList, schema: strawberry.Schema) -> Convert:
    item = converter(kind.of_type, schema)
    if item is _same:
        return list
    return lambda value: [None if each is None else item(each) for each in value]


def _same(value: Any) -> Any:
    return value


def _is_leaf(kind: Any, schema: strawberry.Schema) -> bool:
    if isinstance(kind, StrawberryEnumDefinition) or has_enum_definition(kind):
        return True
    return is_scalar(kind, schema.schema_converter.scalar_registry)


class _Input:
    """Makes the values of one input type; its fields are looked at when it is first used, as types hold themselves."""

    _known: Final[dict[Any, _Input]] = {}

    @classmethod
    def of(cls, kind: Any, schema: strawberry.Schema) -> _Input:
        if kind not in cls._known:
            cls._known[kind] = cls(kind, schema)
        return cls._known[kind]

    def __init__(self, kind: Any, schema: strawberry.Schema) -> None:
        self._kind = kind
        self._schema = schema
        self._fields: dict[str, tuple[str, Convert]] | None = None
        self._absent: dict[str, None] = {}

    def __call__(self, value: Mapping[str, Any]) -> Any:
        fields = self._fields or self._look()
        given = dict(self._absent)
        for name, part in value.items():
            python_name, convert = fields[name]
            given[python_name] = None if part is None else convert(part)
        return self._kind(**given)

    def _look(self) -> dict[str, tuple[str, Convert]]:
        definition = self._kind.__strawberry_definition__
        names = self._schema.config.name_converter
        fields: dict[str, tuple[str, Convert]] = {}
        for field in definition.fields:
            kind = field.resolve_type(type_definition=definition)
            fields[names.from_field(field)] = (field.python_name, converter(kind, self._schema))
            if field.default_value is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                self._absent[field.python_name] = None
        self._fields = fields
        return fields


def _coerced(literal: ValueNode, kind: Any, variables: VariableValues) -> Any:
    value = coerce_input_literal(literal, kind, variables)
    if value is Undefined:
        raise GraphQLError("an argument does not fit its type", literal)
    return value


def names_in(literal: ValueNode) -> frozenset[str]:
    """Return the names of the variables in a value."""
    if isinstance(literal, VariableNode):
        return frozenset((literal.name.value,))
    if isinstance(literal, ObjectValueNode):
        return frozenset[str]().union(*(names_in(each.value) for each in literal.fields))
    if isinstance(literal, ListValueNode):
        return frozenset[str]().union(*(names_in(each) for each in literal.values))
    return frozenset()


def _moves(literal: ValueNode, moving: frozenset[str]) -> bool:
    return bool(names_in(literal) & moving)
