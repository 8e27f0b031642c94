"""What an operation selects, as graphql-core collects it: fragments unfolded, fields of one key merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_argument_values,
    get_named_type,
)
from graphql.execution import VariableValues
from graphql.execution.collect_fields import (
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)

from graphql_api.compiled.inputs import Convert, Value, converter, names_in, value_of


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it is selected: the key of its answer, its name, its definition, and where it stands."""

    key: str
    name: str
    definition: GraphQLField | None  # None for `__typename`
    details: FieldDetailsList

    @property
    def node(self) -> FieldNode:
        """Where the document selects it first; its arguments are those of all."""
        return self.details[0].node

    @property
    def python_name(self) -> str:
        """Its name as the code of the schema has it, with low lines."""
        return self.definition.extensions["strawberry-definition"].python_name if self.definition else self.name

    @property
    def type_name(self) -> str:
        """The type of what it gives, or of the items when it gives a list."""
        assert self.definition is not None, "the type of `__typename` is known"
        return get_named_type(self.definition.type).name

    @property
    def required(self) -> bool:
        """Whether it may not be null."""
        return self.definition is not None and isinstance(self.definition.type, GraphQLNonNull)


# Fragments in fragments unfold to many fields; beyond this the statement and its plan would be too large to keep.
_MOST_FIELDS: Final = 2_000


class TooWide(Exception):
    """An operation selects more than one statement should read."""


class Selection:
    """The fields of one operation, for one set of values of the variables that it hangs on."""

    def __init__(
        self,
        schema: strawberry.Schema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        by_value: frozenset[str],
    ) -> None:
        self._core: GraphQLSchema = schema._schema  # pyright: ignore[reportPrivateUsage]
        self._strawberry = schema
        self._operation = operation
        self._selected = 0
        self._variables = variables
        # One that is absent or null is so for every request of the plan.
        self._moving = frozenset(
            name for name, value in variables.coerced.items() if value is not None and name not in by_value
        )
        self._fragments = {
            item.name.value: FragmentDetails(item)
            for item in document.definitions
            if isinstance(item, FragmentDefinitionNode)
        }

    def top(self) -> list[Field]:
        """Return the fields at the top of the operation."""
        root = self._core.get_root_type(self._operation.operation)
        assert root is not None, "the document was validated"
        found = collect_fields(self._core, self._fragments, self._variables, root, self._operation)
        return self._fields(root, found.grouped_field_set)

    def under(self, parent: Field, type_name: str | None = None) -> list[Field]:
        """Return what a field selects of the thing it gives, which is of that type; by default of its own."""
        kind = self._core.type_map[type_name or parent.type_name]
        assert isinstance(kind, GraphQLObjectType), "only objects have fields"
        found = collect_subfields(self._core, self._fragments, self._variables, self._operation, kind, parent.details)
        return self._fields(kind, found.grouped_field_set)

    def _fields(self, parent: GraphQLObjectType, grouped: GroupedFieldSet) -> list[Field]:
        self._selected += len(grouped)
        if self._selected > _MOST_FIELDS:
            raise TooWide
        names = {key: details[0].node.name.value for key, details in grouped.items()}
        return [Field(key, name, parent.fields.get(name), grouped[key]) for key, name in names.items()]

    def arguments(self, selected: Field) -> Arguments:
        """Return the arguments of a field; raises GraphQLError when a value does not fit."""
        definition = selected.definition
        assert definition is not None, "`__typename` has no arguments"
        given = {item.name.value: item.value for item in selected.node.arguments or ()}
        coerced = get_argument_values(definition, selected.node, self._variables)
        described: Any = definition.extensions["strawberry-definition"]
        fixed: dict[str, Any] = {}
        moving: list[Moving] = []
        for argument in described.arguments:
            name = self._strawberry.config.name_converter.from_argument(argument)
            if name not in coerced:
                continue
            convert = converter(argument.type, self._strawberry)
            literal = given.get(name)
            names = self._moving & names_in(literal) if literal else frozenset[str]()
            if literal and names:
                value = value_of(literal, definition.args[name].type, self._variables, names)
                moving.append(Moving(argument.python_name, value, convert))
            else:
                fixed[argument.python_name] = None if coerced[name] is None else convert(coerced[name])
        return Arguments(fixed, tuple(moving))


@dataclass(frozen=True, slots=True)
class Moving:
    """An argument whose value every request gives anew."""

    name: str
    value: Value
    convert: Convert


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a field: those that are the same for every request of a plan, and those that move."""

    fixed: Mapping[str, Any] = field(default_factory=dict[str, Any])
    moving: tuple[Moving, ...] = ()

    def of(self, variables: VariableValues) -> Mapping[str, Any]:
        """Return all arguments as a resolver would be given them; raises GraphQLError when one does not fit."""
        if not self.moving:
            return self.fixed
        told = dict(self.fixed)
        for one in self.moving:
            told[one.name] = one.convert(one.value(variables.coerced))
        return told
