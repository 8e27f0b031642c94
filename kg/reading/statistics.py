"""What the graph holds, counted: diseases by chapter, drugs by class, and how the degrees of a role are spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

from kg.query.pattern import arrow
from kg.reading.records import node_of
from kg.reading.where import NOW
from kg.schema import EDGE_BY_TYPE, Role
from kg.statements import Statement, fixed
from kg.subgraph import SubgraphNode


@dataclass(frozen=True, slots=True)
class Grouped:
    """A node and how many others are counted for it."""

    node: SubgraphNode
    number: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many nodes have at least `least` and at most `most` neighbours."""

    least: int
    most: int
    nodes: int


@dataclass(frozen=True, slots=True)
class Degrees:
    """How many nodes a role starts from, how many steps there are in all, the largest degree, and the histogram."""

    nodes: int
    edges: int
    most: int
    buckets: tuple[Bucket, ...]


def chapters(system: str) -> Statement:
    """Return the statement that counts the diseases recorded in each chapter of a code system."""
    return fixed("read/statistics_chapters", system=system)


def classes(limit: int) -> Statement:
    """Return the statement that counts the drugs of each class and of the classes inside it, largest first."""
    return fixed("read/statistics_classes", limit=limit)


def degrees(role: Role) -> Statement:
    """Return the statement that counts the nodes of each degree."""
    edge = EDGE_BY_TYPE[role.edge]
    other_ends = {*edge.ends, *edge.starts} if edge.symmetric else {*(edge.ends if role.forward else edge.starts)}
    # Where the edge can lead to one kind only, the database reads the degree from the node and walks nothing.
    end: LiteralString = "" if other_ends == {role.end} else f":{role.end}"
    return Statement(
        f"MATCH (a:{role.start})\nRETURN COUNT {{ (a){arrow(NOW, role, '')}({end}) }} AS degree, count(*) AS nodes"
    )


def grouped_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Grouped, ...]:
    """Return rows of a node and a number."""
    return tuple(Grouped(node_of(row), row["number"]) for row in rows)


def degrees_of(rows: Iterable[Mapping[str, Any]]) -> Degrees:
    """Return the histogram of rows of `degree` and `nodes`: 0, 1, 2, 3 to 4, 5 to 8 and so on, to the largest."""
    counted = {row["degree"]: row["nodes"] for row in rows}
    most = max(counted, default=0)
    bounds = [(0, 0), (1, 1)]
    while bounds[-1][1] < most:
        bounds.append((bounds[-1][1] + 1, bounds[-1][1] * 2))
    kept = bounds if most else bounds[:1]
    buckets = tuple(
        Bucket(least, upto, sum(nodes for degree, nodes in counted.items() if least <= degree <= upto))
        for least, upto in kept
    )
    edges = sum(degree * nodes for degree, nodes in counted.items())
    return Degrees(sum(counted.values()), edges, most, buckets)
