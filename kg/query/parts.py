"""The parts that a question is made of once every word is looked up: starts, ways between, strides and joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, LiteralString

from kg.query.tree import Scalar, SetOperator
from kg.schema import EDGE_BY_TYPE, EdgeKind, Role

Side = Literal["edge", "node", "source", "language"]

# The comparisons of the language and of Cypher; `!=` is the one that is spelled differently.
CYPHER_COMPARISONS: Final[dict[str, LiteralString]] = {
    "=": "=",
    "!=": "<>",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
    "in": "IN",
}


@dataclass(frozen=True, slots=True)
class Test:
    """One condition, looked up: which side holds the property, its name, the comparison in Cypher, the value."""

    side: Side
    name: LiteralString
    comparison: LiteralString
    value: Scalar | tuple[Scalar, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """What a step is ordered or drawn by: summed over the edges that lead there, or read from the node."""

    side: Literal["edge", "node", "shared", "score", "name"]
    name: LiteralString


@dataclass(frozen=True, slots=True)
class Draw:
    """A seeded draw instead of the strongest, by the power 1/temperature of each key."""

    seed: int
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class Start:
    """A root: its kind and what was typed."""

    label: LiteralString
    names: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Ways:
    """The shortest ways between two starts, over these kinds of edges, at most `up_to` edges long."""

    start: Start
    end: Start
    edges: tuple[LiteralString, ...]
    up_to: int
    at: int


@dataclass(frozen=True, slots=True)
class Stride:
    """A step: from the part numbered `source`, by `roles` (one for each repeat, the i-th from the kind before)."""

    source: int
    roles: tuple[Role, ...]
    low: int
    tests: tuple[Test, ...]
    without: tuple[Role, ...]
    shared: int
    key: Key
    draw: Draw | None
    limit: int
    asked_limit: bool
    label: str | None
    role: str
    at: int

    @property
    def edge(self) -> EdgeKind:
        """The kind of edge walked."""
        return EDGE_BY_TYPE[self.roles[0].edge]

    @property
    def end(self) -> LiteralString:
        """The kind of node it comes to."""
        return self.roles[len(self.roles) - 1].end


@dataclass(frozen=True, slots=True)
class Join:
    """Two parts joined by a set operator."""

    operator: SetOperator
    left: int
    right: int


Part = Start | Ways | Stride | Join


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts in the order they are worked out; the last one is the answer."""

    parts: tuple[Part, ...]
    labels: tuple[LiteralString, ...]  # the kind of node each part holds
    as_of: str | None = None  # the change set that the question goes back to

    def starts(self) -> tuple[Start, ...]:
        """Return what the question names, in order."""
        found: list[Start] = []
        for part in self.parts:
            if isinstance(part, Start):
                found.append(part)
            elif isinstance(part, Ways):
                found += [part.start, part.end]
        return tuple(found)
