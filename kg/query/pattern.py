"""How nodes and edges are matched: as they are now, or as a change set left them.

An edge of the past lies between the same nodes as `WAS_<KIND>`; what was removed has the label `Was<Label>`; earlier
versions of a node that is still there are `Past` nodes with its id. All of them hold from `since` until before `until`.
"""

from __future__ import annotations

from typing import Final, LiteralString

from kg.query.parts import Test
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL, EdgeKind, NodeKind, Role

NODE_FIELDS: Final[tuple[LiteralString, ...]] = (
    "id",
    *(f"name_{language}" for language in LANGUAGES),
    *(f"synonyms_{language}" for language in LANGUAGES),
    "xrefs",
)
EDGE_FIELDS: Final[tuple[LiteralString, ...]] = ("id", "evidence", "sources")


class Now:
    """The graph as it is."""

    scope: LiteralString = ""  # what a subquery needs beside its own
    moment: LiteralString = ""  # the name of the moment asked for

    def types(self, *types: LiteralString) -> LiteralString:
        """Return the kinds of edges as they stand in a pattern."""
        return "|".join(types)

    def label(self, label: LiteralString) -> LiteralString:
        """Return a kind of node as it stands in a pattern."""
        return label

    def held(self, edge: LiteralString) -> LiteralString:
        """Return the condition that this edge is one of the moment asked for; empty when every edge is."""
        del edge
        return ""

    def by_id(self, label: LiteralString, key: LiteralString) -> LiteralString:
        """Return clauses that find the node `n` of an id."""
        return f"MATCH (n:{label} {{id: {key}}})"

    def version(self, node: LiteralString, as_name: LiteralString, carried: LiteralString) -> LiteralString:
        """Return clauses that name the state of a node; empty when the node itself holds it."""
        del node, as_name, carried
        return ""


class Then(Now):
    """The graph as a change set left it; `moment` is the name under which a statement has its number."""

    def __init__(self, moment: LiteralString = "moment") -> None:
        self.moment = moment
        # A parameter is known in every subquery.
        self.scope = "" if moment.startswith("$") else moment

    def types(self, *types: LiteralString) -> LiteralString:
        """Return the kinds of edges, those of the past as well."""
        return "|".join(f"{known}|WAS_{known}" for known in types)

    def label(self, label: LiteralString) -> LiteralString:
        """Return a kind of node, removed ones as well."""
        return f"{label}|Was{label}"

    def held(self, edge: LiteralString) -> LiteralString:
        """Return the condition that this edge held at the moment."""
        return f"{edge}.since <= {self.moment} AND ({edge}.until IS NULL OR {edge}.until > {self.moment})"

    def past(self, name: LiteralString, node: LiteralString) -> LiteralString:
        """Return the pattern of the earlier version of a node that held at the moment, if there is one."""
        return f"({name}:Past {{id: {node}.id}}) WHERE {name}.since <= {self.moment} AND {name}.until > {self.moment}"

    def by_id(self, label: LiteralString, key: LiteralString) -> LiteralString:
        """Return clauses that find the node `n` of an id, if it was there at the moment."""
        return (
            f"CALL (place) {{ MATCH (n:{label} {{id: {key}}}) RETURN n"
            f" UNION ALL MATCH (n:Gone {{id: {key}}}) WHERE n:Was{label} RETURN n }}\n"
            f"  OPTIONAL MATCH {self.past('past', 'n')}\n"
            f"  WITH n, place WHERE past IS NOT NULL OR ({self.held('n')})"
        )

    def version(self, node: LiteralString, as_name: LiteralString, carried: LiteralString) -> LiteralString:
        """Return clauses that name the state that a node had at the moment."""
        return f"  OPTIONAL MATCH {self.past('past', node)}\n  WITH {carried}, coalesce(past, {node}) AS {as_name}\n"


def match(when: Now, role: Role) -> LiteralString:
    """Return the pattern of one stride: from `a` over `r` to `b`."""
    return f"(a){arrow(when, role, 'r')}(b:{when.label(role.end)})"


def nowhere(when: Now, role: Role) -> LiteralString:
    """Return the condition that this role leads nowhere from `b`."""
    held = when.held("x")
    where: LiteralString = f" WHERE {held}" if held else ""
    return f"NOT EXISTS {{ MATCH (b){arrow(when, role, 'x')}(:{when.label(role.end)}){where} }}"


def arrow(when: Now, role: Role, name: LiteralString) -> LiteralString:
    """Return the edge of a stride as it stands in a pattern, with its direction."""
    edge = EDGE_BY_TYPE[role.edge]
    left: LiteralString = "-" if edge.symmetric or role.forward else "<-"
    right: LiteralString = "-" if edge.symmetric or not role.forward else "->"
    return f"{left}[{name}:{when.types(edge.type)}]{right}"


def test(value: LiteralString, condition: Test, node: LiteralString) -> LiteralString:
    """Return a condition on `r` or on the node of that name; a missing property meets it only when it is negated."""
    text = _plain_test(value, condition, node)
    return f"NOT coalesce({text}, false)" if condition.negated else text


def _plain_test(value: LiteralString, condition: Test, node: LiteralString) -> LiteralString:
    match condition.side:
        case "edge":
            return f"r.{condition.name} {condition.comparison} {value}"
        case "node":
            return f"{node}.{condition.name} {condition.comparison} {value}"
        case "source":
            return f"{value} IN r.sources"
        case "language":
            return f"{node}.name_{condition.name} IS NOT NULL"


def node_fields(kind: NodeKind) -> tuple[LiteralString, ...]:
    """Return what is read of a node of this kind, in this order."""
    return (*NODE_FIELDS, *(known.name for known in kind.properties))


def edge_fields(kind: EdgeKind) -> tuple[LiteralString, ...]:
    """Return what is read of an edge of this kind, in this order; its evidence stays in the database."""
    return (*EDGE_FIELDS, *(known.name for known in kind.properties))


def node_row(label: LiteralString, name: LiteralString = "n") -> LiteralString:
    """Return the expression of one node as a list of its fields."""
    return _row(name, node_fields(NODE_BY_LABEL[label]))


def edge_row(kind: LiteralString, name: LiteralString = "r") -> LiteralString:
    """Return the expression of one edge as a list of its fields."""
    return _row(name, edge_fields(EDGE_BY_TYPE[kind]))


def _row(name: LiteralString, fields: tuple[LiteralString, ...]) -> LiteralString:
    read: list[LiteralString] = [f"{name}.{field}" for field in fields]
    return "[" + ", ".join(read) + "]"
