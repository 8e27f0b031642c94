"""The door for readers: ask a question, get a Subgraph; everything behind it is somebody else's room."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from kg.curation.desk import Desk
from kg.embedding import Encoder, Meaning
from kg.ledger import Ledger
from kg.query.asking import NO_VALUES, Asker, Explanation
from kg.query.build import Question
from kg.reading import Reader
from kg.statements import Statement, fixed
from kg.store import Address, Store
from kg.stored import node_of
from kg.subgraph import Subgraph, SubgraphNode

__all__ = ["MOST_EDGES", "Explanation", "Graph", "open_graph"]

MOST_EDGES: Final = 1_000_000  # edges that one question may read


class Graph:
    """A graph to ask. `store` runs statements, `ledger` has the change sets, `reader` pages, `desk` curates.

    `meaning` searches by meaning, with the model that `encoder` returns when it is first needed.
    """

    def __init__(
        self, store: Store, most_edges: int = MOST_EDGES, encoder: Callable[[], Encoder] | None = None
    ) -> None:
        self.store = store
        self._asker = Asker(store, most_edges)
        self.ledger = Ledger(store)
        self.reader = Reader(store)
        self.desk = Desk(store, self.ledger)
        self.meaning = Meaning(store, encoder)

    async def subgraph(self, question: str | Question, values: Mapping[str, Any] = NO_VALUES) -> Subgraph:
        """Return what a question reaches; `values` has what stands for its slots (`$code`).

        Raises a QueryError that says what, where and what next, or a StoreError.
        """
        return await self._asker.subgraph(question, values)

    async def statement(self, question: str | Question, values: Mapping[str, Any] = NO_VALUES) -> Statement:
        """Return the one statement that a question becomes, its names looked up."""
        return await self._asker.statement(question, values)

    async def explain(self, question: str | Question, values: Mapping[str, Any] = NO_VALUES) -> Explanation:
        """Return tree, plan, Cypher, and for each part what was estimated and what it really was."""
        return await self._asker.explain(question, values)

    async def counts(self) -> dict[str, dict[str, int]]:
        """Return how many nodes and edges there are of each kind: `{"node": {…}, "edge": {…}}`."""
        found: dict[str, dict[str, int]] = {"node": {}, "edge": {}}
        for row in await self.store.read(fixed("read/counts")):
            found[row["what"]][row["kind"]] = row["number"]
        return found

    async def release(self) -> str:
        """Return the change set that the graph stands at; empty when nothing was loaded."""
        return (await self.ledger.position())["head"]

    async def vocabulary(self, kinds: Sequence[str] = ("Disease", "Symptom", "Drug")) -> tuple[SubgraphNode, ...]:
        """Return all nodes of these kinds with their names, for linking text back to the graph."""
        rows = await self.store.read(fixed("read/vocabulary", kinds=list(kinds)), deadline=60.0)
        return tuple(node_of(row["kind"], row["properties"]) for row in rows)

    async def resolve(self, kinds: Sequence[str], text: str) -> str:
        """Return the id of the one node of these kinds that `text` means: an id, a code or a name.

        Raises UnknownName with the nearest name, or AmbiguousName with the candidates.
        """
        return await self._asker.resolve(kinds, text)


@asynccontextmanager
async def open_graph(address: Address, deadline: float = 10.0) -> AsyncGenerator[Graph]:
    """Open a graph for the length of a `with` block."""
    async with Store.at(address, deadline) as store:
        yield Graph(store)
