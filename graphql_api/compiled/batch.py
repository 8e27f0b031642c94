"""Requests of one plan that come while another is with the database share the next trip there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql_api.compiled.planned import Request, Spoken
from kg.errors import StoreError, StoreUnavailable
from kg.statements import Statement
from kg.store import Store

# So many requests go on one trip, and so many trips of one text may be on their way at once. Few at a time: then the
# service works on the answers of one trip while the database, on more than one processor, works on others.
MOST: Final = 8
ABREAST: Final = 4
# A request that may read more rows goes alone: the others would wait for it, and the database has several processors.
_SMALL: Final = 500

_Key = tuple[Spoken, tuple[int, ...]]


@dataclass(slots=True)
class _Waiting:
    row: Mapping[str, Any]
    answer: asyncio.Future[list[Any]]


@dataclass(slots=True)
class _Line:
    """The requests of one text with the same limits."""

    waiting: list[_Waiting] = field(default_factory=list["_Waiting"])
    travelling: int = 0
    leaving: bool = False


class Batcher:
    """Takes requests to the database. Nobody waits for company but that of those who come at the same moment."""

    def __init__(self, store: Store, *, most: int = MOST, abreast: int = ABREAST) -> None:
        self._store = store
        self._most = most
        self._abreast = abreast
        self._lines: dict[_Key, _Line] = {}
        self._trips: set[asyncio.Task[None]] = set()

    async def row(self, request: Request) -> list[Any]:
        """Return the row of one request, behind its number; raises a StoreError when the database fails."""
        spoken, limits = request.spoken, request.limits
        if spoken.size(limits) > _SMALL:
            return (await self._asked(spoken, limits, [request.row]))[0]
        key = (spoken, tuple(limits.values()))
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line()
        loop = asyncio.get_running_loop()
        one = _Waiting(request.row, loop.create_future())
        line.waiting.append(one)
        if line.travelling < self._abreast and not line.leaving:
            line.leaving = True
            # Requests that were read from their connections in one go come here in one go, and leave after that.
            loop.call_soon(self._next, key, limits, line)
        return await one.answer

    def _next(self, key: _Key, limits: Mapping[str, int], line: _Line) -> None:
        """Let those go who wait."""
        line.leaving = False
        # Who has gone away is not asked for any more.
        line.waiting = [one for one in line.waiting if not one.answer.done()]
        if not line.waiting:
            if not line.travelling:
                self._lines.pop(key, None)
            return
        while line.waiting and line.travelling < self._abreast:
            party, line.waiting = line.waiting[: self._most], line.waiting[self._most :]
            line.travelling += 1
            self._leave(asyncio.create_task(self._trip(key, limits, line, party)), party)

    def _leave(self, trip: asyncio.Task[None], party: list[_Waiting]) -> None:
        self._trips.add(trip)
        trip.add_done_callback(self._trips.discard)
        for one in party:
            one.answer.add_done_callback(lambda _: _call_off(trip, party))

    async def _trip(self, key: _Key, limits: Mapping[str, int], line: _Line, party: list[_Waiting]) -> None:
        try:
            await self._together(key[0], limits, party)
        except Exception as error:
            # Nobody may be left waiting, whatever went wrong; each request tells it in its own way.
            for one in party:
                _fail(one, error)
        finally:
            line.travelling -= 1
            self._next(key, limits, line)

    async def _together(self, spoken: Spoken, limits: Mapping[str, int], party: list[_Waiting]) -> None:
        try:
            rows = await self._asked(spoken, limits, [one.row for one in party])
        except StoreError as error:
            # A database that is away is away for each of them.
            if len(party) == 1 or isinstance(error, StoreUnavailable):
                for one in party:
                    _fail(one, error)
                return
            # One of them may have been too much for the database; the others shall not suffer for it.
            await asyncio.gather(*(self._together(spoken, limits, [one]) for one in party))
            return
        for one, row in zip(party, rows, strict=True):
            if not one.answer.done():
                one.answer.set_result(row)

    async def _asked(self, spoken: Spoken, limits: Mapping[str, int], rows: list[Mapping[str, Any]]) -> list[list[Any]]:
        """Return the row of each request, in their order."""
        answer = await self._store.values(Statement(spoken.text, {"q": rows, **limits}))
        if len(rows) > 1:
            answer.sort(key=_number)
        return answer


def _number(row: list[Any]) -> int:
    return row[0]


def _fail(one: _Waiting, error: Exception) -> None:
    if not one.answer.done():
        one.answer.set_exception(error)


def _call_off(trip: asyncio.Task[None], party: list[_Waiting]) -> None:
    """End a trip when nobody waits for it any more."""
    if all(one.answer.cancelled() for one in party):
        trip.cancel()
