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
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from graphql_api.arguments.common import DEFAULT_FIRST

# Beyond this a number says nothing more; it also keeps products of large lists small.
_MOST: Final = 10**12
# A longer list is refused by its own field, which says what is allowed.
_LONGEST: Final = 10_000
# The lists of a connection.
_ITEMS: Final = frozenset({"nodes", "edges"})


# What a field costs beside what it shows: work of the database that its answer does not tell of.
_WORK: Final[Mapping[str, int]] = {
    "totalCount": 10,
    "aggregate": 20,
    "search": 50,
    **dict.fromkeys(("semanticSearch", "subgraph", "explain", "facts", "prompt", "between", "statistics"), 100),
}
_OBJECT: Final = 2
_LEAF: Final = 1


@dataclass(frozen=True, slots=True)
class Measure:
    """What an operation asks for, fragments unfolded.

    Levels, aliases, directives, fields at the top, list items, cost, and fields that stand twice in one place. An
    object costs 2, a leaf 1, a field with work of its own more; what is inside a list costs that for each item.
    """

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    roots: int = 0
    nodes: int = 0
    cost: int = 0
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Passed:
    """A limit that is passed: the setting that holds it, what is asked, what is allowed, and a sentence for people."""

    setting: str
    asked: int
    allowed: int
    message: str


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
    @property
    def max_cost(self) -> int: ...
    @property
    def max_repeats(self) -> int: ...
    @property
    def max_fragments(self) -> int: ...


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """Return the operation to run, or None when the name fits none or it is not clear which."""
    operations = [item for item in document.definitions if isinstance(item, OperationDefinitionNode)]
    fitting = [item for item in operations if name is None or (item.name is not None and item.name.value == name)]
    return fitting[0] if len(fitting) == 1 else None


def measured(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> tuple[Measure, tuple[str, ...]]:
    """Return what the operation asks for, and the names of the variables that this depends on.

    Unknown fields and fragments count next to nothing: validation refuses them.
    """
    fragments = {item.name.value: item for item in document.definitions if isinstance(item, FragmentDefinitionNode)}
    root = schema.get_root_type(operation.operation)
    values = {**_defaults(operation), **variables}
    walk = _Walk(schema, fragments, values)
    measure = walk.selections(operation.selection_set, root)
    return measure, tuple(sorted(walk.used))


def passed(measure: Measure, limits: Limits) -> Passed | None:
    """Return the first limit that the operation passes, or None."""
    rules = (
        (measure.depth, limits.max_depth, "max_depth", "The operation has {} levels; {} are allowed"),
        (measure.roots, limits.max_roots, "max_roots", "The operation has {} fields at its top; {} are allowed"),
        (measure.aliases, limits.max_aliases, "max_aliases", "The operation has {} aliases; {} are allowed"),
        (
            measure.directives,
            limits.max_directives,
            "max_directives",
            "The operation has {} directives; {} are allowed",
        ),
        (
            measure.repeats,
            limits.max_repeats,
            "max_repeats",
            "The operation repeats fields in the same place {} times; {} are allowed",
        ),
        (
            measure.nodes,
            limits.max_nodes,
            "max_nodes",
            "The operation asks for up to {} list items; {} are allowed. Lower `first`",
        ),
        (
            measure.cost,
            limits.max_cost,
            "max_cost",
            "The operation costs {}; {} are allowed. Lower `first`, or ask for less of each item",
        ),
    )
    return next((_passed(*rule) for rule in rules if rule[0] > rule[1]), None)


def too_many_fragments(document: DocumentNode, limits: Limits) -> Passed | None:
    """Return the limit of named fragments when the document passes it: comparing them costs their number squared."""
    number = sum(isinstance(item, FragmentDefinitionNode) for item in document.definitions)
    text = "The document has {} fragments; {} are allowed"
    most = limits.max_fragments
    return _passed(number, most, "max_fragments", text) if number > most else None


def _passed(asked: int, allowed: int, field: str, text: str) -> Passed:
    setting = f"MKG_{field.upper()}"
    return Passed(setting, asked, allowed, f"{text.format(asked, allowed)} ({setting}).")


@dataclass(slots=True)
class _Walk:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    values: Mapping[str, Any]
    known: dict[str, Measure] = field(default_factory=dict[str, Measure])
    used: set[str] = field(default_factory=set[str])

    def selections(
        self,
        selected: SelectionSetNode,
        parent: GraphQLNamedType | None,
        times: int = 1,
        keys: dict[str, int] | None = None,
    ) -> Measure:
        """Return the measure of a set; `times` is how often it stands in the answer, `keys` counts its names."""
        depth = aliases = directives = roots = nodes = cost = repeats = 0
        keys = {} if keys is None else keys
        connection = parent is not None and parent.name.endswith("Connection")
        for item in selected.selections:
            often = times
            if isinstance(item, FieldNode):
                part = self.field(item, parent)
                key = item.alias.value if item.alias else item.name.value
                keys[key] = keys.get(key, -1) + 1
                repeats += keys[key] > 0
                # Of a connection only its lists stand once for each item.
                often = times if not connection or item.name.value in _ITEMS else 1
            elif isinstance(item, InlineFragmentNode):
                inner = self.schema.get_type(item.type_condition.name.value) if item.type_condition else parent
                part = self.selections(item.selection_set, inner, times, keys)
                often = 1
            elif isinstance(item, FragmentSpreadNode):
                part = self.fragment(item.name.value)
            else:
                continue
            depth = max(depth, part.depth)
            aliases = min(aliases + part.aliases, _MOST)
            directives = min(directives + part.directives + len(item.directives or ()), _MOST)
            roots = min(roots + part.roots, _MOST)
            nodes = min(nodes + part.nodes, _MOST)
            cost = min(cost + often * part.cost, _MOST)
            repeats = min(repeats + part.repeats, _MOST)
        return Measure(depth, aliases, directives, roots, nodes, cost, repeats)

    def field(self, item: FieldNode, parent: GraphQLNamedType | None) -> Measure:
        alias = 1 if item.alias else 0
        # The schema's own fields are bounded by graphql-core and cost no database.
        if item.name.value.startswith("__"):
            return Measure(1, alias, 0, 1, 0, _LEAF)
        definition: GraphQLField | None = None
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            definition = parent.fields.get(item.name.value)
        work = _WORK.get(item.name.value, 0)
        if item.selection_set is None:
            return Measure(1, alias, 0, 1, 0, _LEAF + work)
        times = self.times(item, definition)
        kind = get_named_type(definition.type) if definition else None
        inner = self.selections(item.selection_set, kind, 1 if times is None else times)
        nodes = inner.nodes if times is None else min(times * (1 + inner.nodes), _MOST)
        cost = min(_OBJECT + work + inner.cost, _MOST)
        return Measure(1 + inner.depth, alias + inner.aliases, inner.directives, 1, nodes, cost, inner.repeats)

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
            sizes = [self.value(given[name]) for name in ("first", "last") if name in given] or [default]
            # A size that is null or no number is refused or replaced behind; it counts as the longest default.
            return max(self.size(value) for value in sizes)
        if "ids" in definition.args and "ids" in given:
            value = self.value(given["ids"])
            return len(value) if isinstance(value, list) else 1
        return None

    def size(self, value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return min(max(value, 0), _LONGEST)
        return DEFAULT_FIRST

    def value(self, node: Any) -> Any:
        if isinstance(node, VariableNode):
            self.used.add(node.name.value)
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
