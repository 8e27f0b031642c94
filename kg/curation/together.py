"""Evidence that is proposed at the same time: what comes while a write is under way goes together into the next."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from kg.errors import StoreError, StoreTimeout, StoreUnavailable
from kg.ledger import Ledger
from kg.schema import EdgeKind
from kg.statements import fixed_for
from kg.store import Store

# So many go into one transaction; it holds the graph's lock for some milliseconds then.
_MOST: Final = 64


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A proposal of evidence for an edge: its key, its operation, and its row of the statement."""

    kind: EdgeKind
    key: str
    operation: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    new: NewEvidence
    kept: asyncio.Future[dict[str, Any] | None]


class Together:
    """Writes new proposals, one transaction after another; nobody waits for company.

    All of them need the lock of the graph, so transactions of their own would only wait for one another, each with a
    commit to wait for. Each proposal has its own time and result, and one that is not kept leaves the others alone.
    """

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger
        self._waiting: list[_Waiting] = []
        self._trip: asyncio.Task[None] | None = None

    async def kept(self, new: NewEvidence) -> dict[str, Any] | None:
        """Return what is kept of a new proposal, or None when this is not the way to make it; raises a StoreError.

        Who goes away while it is written does not stop it.
        """
        one = _Waiting(new, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        if self._trip is None:
            self._trip = asyncio.create_task(self._trips())
        return await one.kept

    async def _trips(self) -> None:
        try:
            while self._waiting:
                party = self._next()
                try:
                    _tell(party, await self._written(party))
                except BaseException as error:
                    for one in party:
                        _fail(one, error)
                    if not isinstance(error, Exception):
                        raise
        finally:
            self._trip = None

    def _next(self) -> list[_Waiting]:
        """Take those who go next: of one kind, and no two of them the same proposal or operation."""
        # Who has gone away before it was begun is not asked for any more.
        waiting = [one for one in self._waiting if not one.kept.done()]
        party: list[_Waiting] = []
        named: set[str] = set()
        for one in waiting:
            names = {one.new.key, one.new.operation}
            if len(party) < _MOST and one.new.kind is waiting[0].new.kind and not names & named:
                party.append(one)
                named |= names
        self._waiting = [one for one in waiting if one not in party]
        return party

    async def _written(self, party: list[_Waiting]) -> Mapping[int, str]:
        """Write proposals in one transaction; return the results of those that are kept, by their places."""
        if not party:
            return {}
        kind = party[0].new.kind
        statement = fixed_for(
            "curation/propose_edges",
            kind.type,
            rows=[one.new.row for one in party],
            starts=kind.starts,
            ends=kind.ends,
            now=self._ledger.now(),
        )
        try:
            rows = await self._store.command(statement, deadline=None)
        except StoreError as error:
            if len(party) == 1 or isinstance(error, StoreUnavailable | StoreTimeout):
                raise
            # One of them was refused by the database; each finds out for itself in the other way of proposing.
            return {}
        return {row["number"]: row["result"] for row in rows}


def _tell(party: list[_Waiting], results: Mapping[int, str]) -> None:
    for number, one in enumerate(party):
        if not one.kept.done():
            one.kept.set_result(orjson.loads(results[number]) if number in results else None)


def _fail(one: _Waiting, error: BaseException) -> None:
    if one.kept.done():
        return
    if isinstance(error, Exception):
        one.kept.set_exception(error)
    else:
        one.kept.cancel()
