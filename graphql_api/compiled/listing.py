"""Which part of which list a request wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

from graphql import VariableValues

from graphql_api.arguments.conditions import neighbours_where, nodes_where
from graphql_api.compiled.names import Level, parameter
from graphql_api.compiled.selection import Arguments
from graphql_api.compiled.wanted import Wanted
from graphql_api.types.pages import window_of
from kg.query.pattern import Then
from kg.reading import Order, Window
from kg.reading.anchor import anchored
from kg.reading.condition import ALWAYS, Condition, values_of
from kg.reading.order import beyond_text, order_text, place_values
from kg.reading.where import predicate
from kg.schema import NodeKind, Role


@dataclass(frozen=True, slots=True)
class WantedList:
    """A part of a list of nodes, or of neighbours when there is a role."""

    place: int
    level: Level
    arguments: Arguments
    of: NodeKind | Role
    name: str
    order: Order
    more: bool  # one item more is read, to learn whether the list goes on

    def wanted(self, variables: VariableValues) -> Wanted:
        """Return what one request wants; raises what the resolver would raise."""
        told = self.arguments.of(variables)
        window = window_in(told, self.name, self.order)
        if isinstance(self.of, NodeKind):
            clauses, where, values = self._nodes(nodes_where(self.of, told.get("where")))
        else:
            clauses, where, values = self._walk(*neighbours_where(self.of, told.get("where")))
        beyond: list[LiteralString] = []
        if isinstance(self.of, NodeKind) and self.order.keys[0].name == "name":
            # The index on names serves the order only where the name is known to exist.
            beyond.append(f"{self.level.state}.name IS NOT NULL")
        if window.place is not None:
            beyond.append(self._beyond(window, len(values)))
            values = (*values, *place_values(window.place))
        order = order_text(self.order, self.level.state, self.level.edge, backward=window.backward)
        limit = window.size + self.more
        return Wanted(clauses, tuple(where), tuple(beyond), order, values, limit, (window.size,))

    def _beyond(self, window: Window, start: int) -> LiteralString:
        return beyond_text(
            self.order,
            self.level.state,
            self.level.edge,
            backward=window.backward,
            parameter=parameter(self.place),
            start=start,
        )

    def _nodes(self, where: Condition) -> tuple[LiteralString, list[LiteralString], tuple[Any, ...]]:
        assert isinstance(self.of, NodeKind), "a list of nodes has a kind"
        when, given = self.level.when, parameter(self.place)
        if not isinstance(when, Then):
            return anchored(self.of, where, parameter=given)
        clauses: LiteralString = (
            f"MATCH (n:{when.label(self.of.label)}) OPTIONAL MATCH {when.past('p', 'n')} WITH n, p, coalesce(p, n) AS v"
        )
        there: LiteralString = f"(p IS NOT NULL OR {when.held('n')})"
        return clauses, [there, *self._predicates(where, on_edge=False, start=0)], values_of(where)

    def _walk(self, node: Condition, edge: Condition) -> tuple[LiteralString, list[LiteralString], tuple[Any, ...]]:
        values = values_of(edge)
        on_edge = self._predicates(edge, on_edge=True, start=0)
        on_node = self._predicates(node, on_edge=False, start=len(values))
        values = (*values, *values_of(node))
        when, level = self.level.when, self.level
        if not isinstance(when, Then):
            return "", [*on_edge, *on_node], values
        joint: LiteralString = " AND "
        clauses: LiteralString = (
            f" WHERE {joint.join([when.held(level.edge), *on_edge])} OPTIONAL MATCH {when.past(level.past, level.node)}"
            f" WITH {level.edge}, {level.node}, coalesce({level.past}, {level.node}) AS {level.state}"
        )
        return clauses, on_node, values

    def _predicates(self, condition: Condition, *, on_edge: bool, start: int) -> list[LiteralString]:
        if condition == ALWAYS:
            return []
        level = self.level
        node, state = (level.edge, level.edge) if on_edge else (level.node, level.state)
        text = predicate(condition, node, state=state, when=level.when, parameter=parameter(self.place), start=start)
        return [text]


def window_in(told: Mapping[str, Any], name: str, order: Order) -> Window:
    """Return the part of a list that these arguments ask for; raises ApiError."""
    return window_of(name, order, told.get("first"), told.get("after"), told.get("last"), told.get("before"))
