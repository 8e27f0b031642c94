"""How many edges nodes have, by the role that walks them: read once for each release of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from kg.schema import EDGE_BY_TYPE, NODE_KINDS, ROLES, Role
from kg.statements import Statement


@dataclass(frozen=True, slots=True)
class Degree:
    """The edges that a role walks: how many there are, the most at one node, and the mean at the end of an edge.

    `met` is the mean number of edges at a node that was reached by chance along an edge, the sum of squares over the
    sum: hubs are met more often than they are many.
    """

    edges: int
    most: int
    met: float


NONE: Final = Degree(0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Degrees:
    """The degrees of a graph at one release."""

    release: str
    roles: Mapping[tuple[str, str], Degree]  # by kind of node and role
    nodes: Mapping[str, int]  # by kind

    def of(self, role: Role) -> Degree:
        """Return the degree of a role."""
        return self.roles.get((role.start, role.name), NONE)


def degrees_statement() -> Statement:
    """Return the statement that counts; a degree is looked up and not walked, so each node costs microseconds."""
    counts: list[LiteralString] = [_counted(role) for role in ROLES]
    for kind in NODE_KINDS:
        counts.append(
            f"MATCH (n:{kind.label})\n"
            f"  RETURN '{kind.label}' AS kind, '' AS role, count(n) AS edges, 0 AS most, 0 AS squares"
        )
    body: LiteralString = "\n  UNION ALL\n  ".join(counts)
    return Statement(
        "CALL () { OPTIONAL MATCH (meta:Meta {id: 'meta'}) RETURN coalesce(meta.head, '') AS release }\n"
        f"CALL () {{\n  {body}\n}}\nRETURN release, kind, role, edges, most, squares"
    )


def _counted(role: Role) -> LiteralString:
    edge = EDGE_BY_TYPE[role.edge]
    left: LiteralString = "-" if edge.symmetric or role.forward else "<-"
    right: LiteralString = "-" if edge.symmetric or not role.forward else "->"
    return (
        f"MATCH (n:{role.start}) WITH COUNT {{ (n){left}[:{edge.type}]{right}() }} AS degree\n"
        f"  RETURN '{role.start}' AS kind, '{role.name}' AS role, sum(degree) AS edges,"
        " coalesce(max(degree), 0) AS most, sum(degree * degree) AS squares"
    )


def degrees_of(rows: Iterable[Mapping[str, Any]]) -> Degrees:
    """Return the degrees that the statement's rows tell."""
    roles: dict[tuple[str, str], Degree] = {}
    nodes: dict[str, int] = {}
    release = ""
    for row in rows:
        release = row["release"]
        if not row["role"]:
            nodes[row["kind"]] = row["edges"]
        elif row["edges"]:
            roles[(row["kind"], row["role"])] = Degree(row["edges"], row["most"], row["squares"] / row["edges"])
    return Degrees(release, roles, nodes)
