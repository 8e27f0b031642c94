"""What an operation asks for, measured on its unfolded document before anything is run. Pure functions.

Each fragment is measured once, so a document whose fragments double each other costs no more than its length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

# Beyond this a number says nothing more; it also keeps products of large lists small.
_MOST: Final = 10**12
# A longer list is refused by its own field, which says what is allowed.
_LONGEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Measure:
    """Levels, aliases, directives, top fields and list items of an operation, fragments unfolded."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    roots: int = 0
    nodes: int = 0


class Limits(Protocol):
    """The limits of an operation."""

    @property
    def max_depth(self) -> int: ...
    @property
    def max_aliases(self) -> int: ...
    @property
    def max_directives(self) -> int: ...
    @property
    def max_roots(self) -> int: ...
    @property
    def max_nodes(self) -> int: ...


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """Return the operation to run, or None when the name fits none or it is not clear which."""
    operations = [item for item in document.definitions if isinstance(item, OperationDefinitionNode)]
    fitting = [item for item in operations if name is None or (item.name is not None and item.name.value == name)]
    return fitting[0] if len(fitting) == 1 else None


def measured(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Measure:
    """Return what the operation asks for. Unknown fields and fragments count nothing: validation refuses them."""
    fragments = {item.name.value: item for item in document.definitions if isinstance(item, FragmentDefinitionNode)}
    root = {OperationType.QUERY: schema.query_type, OperationType.MUTATION: schema.mutation_type}.get(
        operation.operation
    )
    values = {**_defaults(operation), **variables}
    return _Walk(schema, fragments, values).selections(operation.selection_set, root)


def problem(measure: Measure, limits: Limits) -> str | None:
    """Return the sentence about the first limit that is passed, or None."""
    rules = (
        (measure.depth, limits.max_depth, "The operation has {} levels; {} are allowed."),
        (measure.roots, limits.max_roots, "The operation has {} fields at its top; {} are allowed."),
        (measure.aliases, limits.max_aliases, "The operation has {} aliases; {} are allowed."),
        (measure.directives, limits.max_directives, "The operation has {} directives; {} are allowed."),
        (measure.nodes, limits.max_nodes, "The operation asks for up to {} list items; {} are allowed. Lower `first`."),
    )
    return next((text.format(number, most) for number, most, text in rules if number > most), None)


@dataclass(slots=True)
class _Walk:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    values: Mapping[str, Any]
    known: dict[str, Measure] = field(default_factory=dict[str, Measure])

    def selections(self, selected: SelectionSetNode, parent: GraphQLNamedType | None) -> Measure:
        depth = aliases = directives = roots = nodes = 0
        for item in selected.selections:
            if isinstance(item, FieldNode):
                part = self.field(item, parent)
            elif isinstance(item, InlineFragmentNode):
                inner = self.schema.get_type(item.type_condition.name.value) if item.type_condition else parent
                part = self.selections(item.selection_set, inner)
            elif isinstance(item, FragmentSpreadNode):
                part = self.fragment(item.name.value)
            else:
                continue
            depth = max(depth, part.depth)
            aliases = min(aliases + part.aliases, _MOST)
            directives = min(directives + part.directives + len(item.directives or ()), _MOST)
            roots = min(roots + part.roots, _MOST)
            nodes = min(nodes + part.nodes, _MOST)
        return Measure(depth, aliases, directives, roots, nodes)

    def field(self, item: FieldNode, parent: GraphQLNamedType | None) -> Measure:
        alias = 1 if item.alias else 0
        # The schema's own fields are bounded by graphql-core and cost no database.
        if item.name.value.startswith("__"):
            return Measure(1, alias, 0, 1, 0)
        definition: GraphQLField | None = None
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            definition = parent.fields.get(item.name.value)
        if item.selection_set is None:
            return Measure(1, alias, 0, 1, 0)
        inner = self.selections(item.selection_set, get_named_type(definition.type) if definition else None)
        times = self.times(item, definition)
        nodes = inner.nodes if times is None else min(times * (1 + inner.nodes), _MOST)
        return Measure(1 + inner.depth, alias + inner.aliases, inner.directives, 1, nodes)

    def fragment(self, name: str) -> Measure:
        if name not in self.known:
            # Stands while the fragment is being measured, so that a ring of fragments ends.
            self.known[name] = Measure()
            found = self.fragments.get(name)
            if found is not None:
                inner = self.schema.get_type(found.type_condition.name.value)
                self.known[name] = self.selections(found.selection_set, inner)
        return self.known[name]

    def times(self, item: FieldNode, definition: GraphQLField | None) -> int | None:
        """Return how many items the field can bring: its `first` or its number of `ids`; None when no list."""
        if definition is None:
            return None
        given = {argument.name.value: argument.value for argument in item.arguments or ()}
        if "first" in definition.args:
            default: Any = definition.args["first"].default_value
            value = self.value(given["first"]) if "first" in given else default
            return min(max(value, 0), _LONGEST) if isinstance(value, int) and not isinstance(value, bool) else 0
        if "ids" in definition.args and "ids" in given:
            value = self.value(given["ids"])
            return len(value) if isinstance(value, list) else 1
        return None

    def value(self, node: Any) -> Any:
        if isinstance(node, VariableNode):
            return self.values.get(node.name.value)
        if isinstance(node, IntValueNode):
            # Longer numbers are no GraphQL Int; validation refuses them.
            return int(node.value) if len(node.value) <= 12 else _MOST
        if isinstance(node, ListValueNode):
            return list(node.values)
        return None


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    walk = _Walk(GraphQLSchema(), {}, {})
    given = operation.variable_definitions or ()
    return {
        item.variable.name.value: walk.value(item.default_value) for item in given if item.default_value is not None
    }
