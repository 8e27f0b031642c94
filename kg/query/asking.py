"""Asks the graph: what a question means, what it would cost, what its names mean, then its one statement."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from kg.degrees import Degrees, degrees_of_graph
from kg.errors import AmbiguousName, QueryError, UnknownName
from kg.query.answer import assemble, reached
from kg.query.bind import bind
from kg.query.build import Question
from kg.query.compile import Compiled, compiled
from kg.query.describe import described
from kg.query.estimate import Estimate, estimate, needs_degrees, too_costly
from kg.query.moment import check_moment
from kg.query.names import (
    Resolved,
    Wanted,
    chosen,
    lookup_gone,
    lookup_ids,
    lookup_names,
    nearest,
    taken_as_ids,
    unknown,
    wanted_by,
)
from kg.query.parse import parse
from kg.query.parts import Plan, Start, Ways
from kg.query.plan import plan
from kg.query.spell import to_json, to_text
from kg.query.tree import Tree
from kg.statements import Statement
from kg.store import Store
from kg.subgraph import Subgraph

NO_VALUES: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Understood:
    """A question that is ready but for what its names mean."""

    text: str
    typed: str | None  # what errors point into; None when the question was built
    tree: Tree
    plan: Plan
    compiled: Compiled
    wanted: tuple[Wanted, ...]
    as_ids: Mapping[Wanted, str] | None  # its names, when all of them look like ids
    careful: bool  # whether its cost has to be estimated


@dataclass(frozen=True, slots=True)
class PartExplained:
    """One part of a plan: what it does, and about how many and really how many edges it read and nodes it kept."""

    what: str
    kind: str
    estimated_edges: int
    edges: int
    estimated_rows: int
    rows: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a question: its tree, its plan part by part, the Cypher and the values beside it."""

    question: str
    tree: dict[str, Any]
    statement: Statement
    parts: tuple[PartExplained, ...]

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """How many nodes each part held, with their kind."""
        return tuple((part.kind, part.rows) for part in self.parts)


class Asker:
    """Asks questions of one graph. A question that would read more than `most_edges` edges is refused."""

    def __init__(self, store: Store, most_edges: int = 1_000_000) -> None:
        self._store = store
        self._most_edges = most_edges
        self._degrees: Degrees | None = None
        self._counting = asyncio.Lock()

    async def subgraph(self, question: str | Question, values: Mapping[str, Any] = NO_VALUES) -> Subgraph:
        """Return what a question reaches; `values` has what stands for its slots (`$code`).

        Raises a QueryError that says what, where and what next, or a StoreError.
        """
        ready = understood(question, values)
        return assemble(ready.text, ready.plan, (await self._asked(ready))[1])

    async def statement(self, question: str | Question, values: Mapping[str, Any] = NO_VALUES) -> Statement:
        """Return the one statement that a question becomes, its names looked up."""
        ready = understood(question, values)
        return ready.compiled.statement((await self._resolved(ready)).ids)

    async def explain(self, question: str | Question, values: Mapping[str, Any] = NO_VALUES) -> Explanation:
        """Return tree, plan, Cypher, and for each part what was estimated and what it really was."""
        ready = understood(question, values)
        resolved = await self._resolved(ready)
        estimates = estimate(ready.plan, await self._counted(), resolved.degrees)
        statement, row = await self._asked(ready)
        parts = tuple(_explained(ready.plan, row, number, about) for number, about in enumerate(estimates))
        return Explanation(ready.text, to_json(ready.tree), statement, parts)

    async def resolve(self, kinds: Sequence[str], text: str) -> str:
        """Return the id of the one node of these kinds that `text` means: an id, a code or a name.

        Raises UnknownName with the nearest name, or AmbiguousName with the candidates.
        """
        resolved, missing = await self._looked_up([(kind, text) for kind in kinds])
        found = sorted(set(resolved.ids.values()))
        if len(found) > 1:
            told = ", ".join(f"{key} ({kind})" for (kind, _), key in resolved.ids.items())
            raise AmbiguousName(
                f"{text!r} is the name of {len(found)} things",
                candidates=tuple((key, kind) for (kind, _), key in resolved.ids.items()),
                hint=f"Name one by its id: {told}.",
            )
        if not found:
            nearby = [row for want in missing for row in await self._store.read(nearest(*want))]
            raise unknown(missing[0] if missing else ("Disease", text), nearby)
        return found[0]

    async def _asked(self, ready: Understood) -> tuple[Statement, Mapping[str, Any]]:
        """Return the statement and its row."""
        if ready.as_ids is not None and await self._affordable(ready, None) is None:
            # Most questions of programs name ids; when they exist, there is nothing to look up.
            statement, row = await self._read(ready, ready.as_ids)
            if _starts_found(ready, row):
                return statement, row
        resolved = await self._resolved(ready)
        refused = await self._affordable(ready, resolved.degrees)
        if refused is not None:
            raise refused
        statement, row = await self._read(ready, resolved.ids)
        if ready.plan.as_of is not None and not _starts_found(ready, row):
            error = UnknownName(
                f"what the question starts from was not in the graph at {row['release']}",
                hint="Name a later change set, or leave `as of` out.",
            )
            error.place = f"  {ready.text}"
            raise error
        return statement, row

    async def _read(self, ready: Understood, ids: Mapping[Wanted, str]) -> tuple[Statement, Mapping[str, Any]]:
        statement = ready.compiled.statement(ids)
        (row,) = await self._store.read(statement)
        if ready.plan.as_of is not None:
            check_moment(ready.plan.as_of, row["moments"], f"  {ready.text}")
        elif self._degrees is not None and self._degrees.release != row["release"]:
            self._degrees = None
        return statement, row

    async def _affordable(self, ready: Understood, known: Mapping[Wanted, int] | None) -> QueryError | None:
        """Return why the question is refused, or None."""
        if not ready.careful:
            return None
        about = estimate(ready.plan, await self._counted(), known)
        return too_costly(ready.plan, about, self._most_edges, ready.typed)

    async def _counted(self) -> Degrees:
        async with self._counting:
            if self._degrees is None:
                self._degrees = await degrees_of_graph(self._store)
            return self._degrees

    async def _resolved(self, ready: Understood) -> Resolved:
        try:
            resolved, missing = await self._looked_up(ready.wanted, past=ready.plan.as_of is not None)
            if missing:
                raise unknown(missing[0], await self._store.read(nearest(*missing[0])))
        except QueryError as error:
            # The name errors know no position; the question that was typed does.
            error.place = error.place or f"  {ready.text}"
            raise
        return resolved

    async def _looked_up(self, wanted: Sequence[Wanted], *, past: bool = False) -> tuple[Resolved, list[Wanted]]:
        """Return what the names mean, and the names that nothing has; ids and codes come before names."""
        resolved, missing = chosen(wanted, await self._store.read(lookup_ids(wanted)))
        for lookup in (lookup_names, lookup_gone) if past else (lookup_names,):
            if missing:
                named, missing = chosen(missing, await self._store.read(lookup(missing)))
                resolved = resolved.joined(named)
        return resolved, missing


def _explained(planned: Plan, row: Mapping[str, Any], number: int, about: Estimate) -> PartExplained:
    rows, edges = reached(planned, row, number)
    return PartExplained(
        described(planned, number), planned.labels[number], round(about.edges), edges, round(about.rows), rows
    )


def _starts_found(ready: Understood, row: Mapping[str, Any]) -> bool:
    for number, part in enumerate(ready.plan.parts):
        if isinstance(part, Start):
            found = len({node[0] for node in row[f"s{number}"]})
            if found < len(set(part.names)):
                return False
        elif isinstance(part, Ways):
            for found, start in ((row[f"u{number}"], part.start), (row[f"v{number}"], part.end)):
                if len(set(found)) < len(set(start.names)):
                    return False
    return True


def understood(question: str | Question, values: Mapping[str, Any]) -> Understood:
    if isinstance(question, Question):
        tree = bind(question.tree, values)
        return _ready(tree, to_text(tree), None)
    if not values:
        return _typed(question)
    tree = bind(_parsed(question), values, question)
    return _ready(tree, to_text(tree), question)


@lru_cache(maxsize=1024)
def _typed(text: str) -> Understood:
    return _ready(bind(_parsed(text), NO_VALUES, text), text, text)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Tree:
    return parse(text)


def _ready(tree: Tree, text: str, typed: str | None) -> Understood:
    planned = plan(tree, typed)
    wanted = wanted_by(planned)
    return Understood(
        text, typed, tree, planned, compiled(planned), wanted, taken_as_ids(wanted), needs_degrees(planned)
    )
