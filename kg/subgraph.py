"""The answer to a question: nodes, edges with their evidence ids, the hops between them, the final step in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SubgraphNode:
    """A node of an answer. `name(language)` falls back to English, then to any name, then to the id."""

    id: str
    kind: str
    names: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    properties: Mapping[str, Any]
    xrefs: tuple[str, ...] = ()

    def name(self, language: str = "en") -> str:
        """Return the name in that language, or the nearest there is."""
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()), self.id)


@dataclass(frozen=True, slots=True)
class SubgraphEdge:
    """An edge of an answer, with the ids of its evidence and the names of its sources."""

    id: str
    kind: str
    start: str
    end: str
    properties: Mapping[str, Any]
    evidence_ids: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """One stride of the walk: by which edge a step came from one node to the next. `step` counts strides from 1."""

    step: int
    start: str
    edge: str
    end: str


@dataclass(frozen=True, slots=True)
class Subgraph:
    """What a question reaches.

    `nodes` and `edges` are keyed by id and hold only what lies on a way to the answer. `answer` has the ids of
    the final step, in order. `labels` gives the ids of each step named with `as`. `truncated` lists the steps
    whose limit cut something off. `release` is the change set that the graph stood at.
    """

    question: str
    nodes: Mapping[str, SubgraphNode]
    edges: Mapping[str, SubgraphEdge]
    hops: Sequence[Hop]
    roots: Sequence[str]
    answer: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    truncated: tuple[int, ...]
    release: str
    # Each way from a root to an answer as ids (node, edge, node, …), in the answer's order; at most `MAX_PATHS`.
    paths: Sequence[tuple[str, ...]] = ()

    def answer_nodes(self) -> Iterator[SubgraphNode]:
        """Yield the nodes of the final step, in order."""
        return (self.nodes[node_id] for node_id in self.answer)
