"""An answer with the ways that lead to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """All ways to one node: the ids of their edges, and how many edges the longest has."""

    edges: frozenset[str] = frozenset()
    length: int = 0

    def __or__(self, other: Way | None) -> Way:
        return self if other is None else Way(self.edges | other.edges, max(self.length, other.length))

    def along(self, edge: str) -> Way:
        """Return the ways that go on by an edge."""
        return Way(self.edges | {edge}, self.length + 1)


Reached = Mapping[str, Way]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a question: ids in order, and the ways to each."""

    ways: Reached

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the final step, in order."""
        return tuple(self.ways)

    @property
    def edges(self) -> tuple[str, ...]:
        """The ids of all edges on a way to the answer, sorted."""
        return tuple(sorted({edge for way in self.ways.values() for edge in way.edges}))

    @property
    def hops(self) -> int:
        """The length of the longest way, in edges; 0 without an answer."""
        return max((way.length for way in self.ways.values()), default=0)
