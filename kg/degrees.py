"""How many edges nodes have, by the role that walks them: what a question will cost is reckoned from it.

Counting takes seconds on a large graph, so it is done at the end of a load that changed much, and kept with the graph:
what a question costs need not be known to the last edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import orjson

from kg.errors import StoreError
from kg.schema import EDGE_BY_TYPE, NODE_KINDS, ROLES, Role
from kg.statements import Statement, fixed
from kg.store import Store

# Counted anew when so large a share of the nodes and edges came or went.
DRIFT: Final = 0.02
_SECONDS: Final = 300.0


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


async def degrees_of_graph(store: Store) -> Degrees:
    """Return the degrees of the graph about as it stands; count them if much changed since. Raises a StoreError."""
    kept = await _kept(store)
    found = await _counted_anew(store, kept["things"]) if _is_stale(kept) else kept["degrees"]
    return degrees_of({**row, "release": kept["release"]} for row in orjson.loads(found))


async def keep_degrees(store: Store) -> None:
    """Count the degrees anew if much came or went since they were counted.

    When the database fails, nothing is lost: the old ones stay, or the next question counts.
    """
    with suppress(StoreError):
        kept = await _kept(store)
        if _is_stale(kept):
            await _counted_anew(store, kept["things"])


async def _kept(store: Store) -> Mapping[str, Any]:
    rows = await store.read(fixed("read/degrees_kept"))
    return rows[0] if rows else {"release": "", "things": 0, "degrees": None, "counted": 0}


def _is_stale(kept: Mapping[str, Any]) -> bool:
    return kept["degrees"] is None or abs(kept["things"] - kept["counted"]) > DRIFT * kept["things"]


async def _counted_anew(store: Store, things: int) -> str:
    counted = orjson.dumps(await store.read(degrees_statement(), deadline=_SECONDS)).decode()
    # Who may only read the database asks all the same.
    with suppress(StoreError):
        await store.command(fixed("write/degrees_kept", degrees=counted, things=things))
    return counted


def degrees_statement() -> Statement:
    """Return the statement that counts; a degree is looked up and not walked, so each node costs microseconds."""
    counts: list[LiteralString] = [_counted(role) for role in ROLES]
    for kind in NODE_KINDS:
        counts.append(
            f"MATCH (n:{kind.label})\n"
            f"  RETURN '{kind.label}' AS kind, '' AS role, count(n) AS edges, 0 AS most, 0 AS squares"
        )
    body: LiteralString = "\n  UNION ALL\n  ".join(counts)
    return Statement(f"CALL () {{\n  {body}\n}}\nRETURN kind, role, edges, most, squares")


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
