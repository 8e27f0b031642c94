"""The door for readers: ask a question, get a Subgraph; everything behind it is somebody else's room."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kg.curation.desk import Desk
from kg.errors import AmbiguousName, QueryError
from kg.ledger import Ledger
from kg.query.answer import assemble
from kg.query.build import Question
from kg.query.compile import to_cypher
from kg.query.names import Wanted, chosen, lookup_ids, lookup_names, nearest, taken_as_ids, unknown, wanted_by
from kg.query.parse import parse
from kg.query.plan import Plan, Start, plan
from kg.query.spell import to_json, to_text
from kg.query.tree import Tree
from kg.reading import Reader
from kg.statements import Statement, fixed
from kg.store import Address, Store
from kg.stored import node_of
from kg.subgraph import Subgraph, SubgraphNode


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a question: its tree, the Cypher, the values beside it, and how many nodes each part held."""

    question: str
    tree: dict[str, Any]
    statement: Statement
    rows: tuple[tuple[str, int], ...]


class Graph:
    """A graph to ask. `store` runs statements, `ledger` has the change sets, `reader` pages, `desk` curates."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ledger = Ledger(store)
        self.reader = Reader(store)
        self.desk = Desk(store, self.ledger)

    async def subgraph(self, question: str | Question) -> Subgraph:
        """Return what a question reaches.

        Raises a QueryError that says what, where and what next, or a StoreError.
        """
        text, planned = _understood(question)
        ids = taken_as_ids(wanted_by(planned))
        if ids is not None:
            # Most questions of programs name ids; when they exist, there is nothing to look up.
            (row,) = await self.store.read(to_cypher(planned, ids))
            if _starts_found(planned, row):
                return assemble(text, planned, row)
        (row,) = await self.store.read(await self._statement(text, planned))
        return assemble(text, planned, row)

    async def statement(self, question: str | Question) -> Statement:
        """Return the one statement that a question becomes, its names looked up."""
        text, planned = _understood(question)
        return await self._statement(text, planned)

    async def explain(self, question: str | Question) -> Explanation:
        """Return tree, Cypher and the number of nodes that each part held when it was asked."""
        text, planned = _understood(question)
        statement = await self._statement(text, planned)
        row = (await self.store.read(statement))[0]
        counts = tuple((label, len(row[f"s{number}"])) for number, label in enumerate(planned.labels))
        return Explanation(text, to_json(parse(text)), statement, counts)

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
        ids, missing = await self._ids([(kind, text) for kind in kinds])
        found = sorted(set(ids.values()))
        if len(found) > 1:
            told = ", ".join(f"{key} ({kind})" for (kind, _), key in ids.items())
            raise AmbiguousName(
                f"{text!r} is the name of {len(found)} things",
                candidates=tuple((key, kind) for (kind, _), key in ids.items()),
                hint=f"Name one by its id: {told}.",
            )
        if not found:
            nearby = [row for want in missing for row in await self.store.read(nearest(*want))]
            raise unknown(missing[0] if missing else ("Disease", text), nearby)
        return found[0]

    async def _statement(self, text: str, planned: Plan) -> Statement:
        try:
            ids, missing = await self._ids(wanted_by(planned))
            if missing:
                raise unknown(missing[0], await self.store.read(nearest(*missing[0])))
        except QueryError as error:
            # The name errors know no position; the question that was typed does.
            error.place = error.place or f"  {text}"
            raise
        return to_cypher(planned, ids)

    async def _ids(self, wanted: Sequence[Wanted]) -> tuple[dict[Wanted, str], list[Wanted]]:
        """Return the id for each name that has one, and the names that nothing has; ids and codes come before names."""
        ids, missing = chosen(wanted, await self.store.read(lookup_ids(wanted)))
        if missing:
            named, missing = chosen(missing, await self.store.read(lookup_names(missing)))
            ids |= named
        return ids, missing


def _starts_found(planned: Plan, row: Mapping[str, Any]) -> bool:
    starts = ((number, part) for number, part in enumerate(planned.parts) if isinstance(part, Start))
    return all(len(row[f"s{number}"]) == len(set(part.names)) for number, part in starts)


def _understood(question: str | Question) -> tuple[str, Plan]:
    if isinstance(question, Question):
        text = to_text(question.tree)
        return text, plan(question.tree)
    return question, _planned(question)


@lru_cache(maxsize=1024)
def _planned(text: str) -> Plan:
    tree: Tree = parse(text)
    return plan(tree, text)


@asynccontextmanager
async def open_graph(address: Address, deadline: float = 10.0) -> AsyncGenerator[Graph]:
    """Open a graph for the length of a `with` block."""
    async with Store.at(address, deadline) as store:
        yield Graph(store)
