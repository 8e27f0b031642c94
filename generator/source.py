"""What the generator needs of the graph: answers to questions, and the words it knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kg.subgraph import Subgraph, SubgraphNode


class Asks(Protocol):
    """Something that answers questions of the query language; `kg.graph.Graph` is the real one."""

    async def subgraph(self, question: str) -> Subgraph:
        """Return what the question reaches; raises QueryError and StoreError."""
        ...

    async def vocabulary(self) -> Sequence[SubgraphNode]:
        """Return every node that a note could name, with names and synonyms in all languages."""
        ...
