"""Asks the graph about many things at once, and keeps every node and edge of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from generator.errors import GraphChanged
from generator.source import Asks
from kg.errors import QuestionTooCostly
from kg.query.build import ask
from kg.query.limits import MAX_NAMES, MAX_TEXT
from kg.subgraph import Subgraph, SubgraphEdge, SubgraphNode

_ROOM: Final = 200  # characters of a question beside its names


@dataclass(slots=True)
class Reading:
    """What was read so far, of one state of the graph, and in how many questions."""

    graph: Asks
    nodes: dict[str, SubgraphNode] = field(default_factory=dict[str, SubgraphNode])
    edges: dict[str, SubgraphEdge] = field(default_factory=dict[str, SubgraphEdge])
    release: str | None = None
    questions: int = 0

    async def ask(self, kind: str, ids: Iterable[str], *roles: str, low: int = 1, high: int = 1) -> None:
        """Ask where the roles lead from these; the first role is repeated `low` to `high` times.

        Raises QueryError, StoreError, and GraphChanged when the graph took a change set since the question before.
        """
        waiting = list(_chunks(sorted(ids)))[::-1]
        while waiting:
            chunk = waiting.pop()
            question = ask(kind, *chunk)
            for number, role in enumerate(roles):
                question = question.step(role, low=low, high=high) if not number else question.step(role)
            try:
                found = await self.graph.subgraph(str(question))
            except QuestionTooCostly:
                if len(chunk) == 1:
                    raise
                found = None
            self.questions += 1
            if len(chunk) > 1 and (found is None or found.truncated):
                half = len(chunk) // 2
                waiting += [chunk[half:], chunk[:half]]
            elif found is not None:
                self._keep(found)

    def _keep(self, found: Subgraph) -> None:
        if self.release not in (None, found.release):
            raise GraphChanged(
                f"the graph went from {self.release} to {found.release} while it was being read",
                hint="Start again: rows are made from one state of the graph.",
            )
        self.release = found.release
        self.nodes.update(found.nodes)
        self.edges.update(found.edges)


def _chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    """Yield the ids in parts that fit into one question."""
    chunk: list[str] = []
    length = 0
    for key in ids:
        cost = len(key) + 4  # quotes, comma, space
        if chunk and (len(chunk) == MAX_NAMES or length + cost > MAX_TEXT - _ROOM):
            yield chunk
            chunk, length = [], 0
        chunk.append(key)
        length += cost
    if chunk:
        yield chunk
