"""One change set written by several transactions at once, while nobody else writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final, TypeVar

from kg.changes import Change
from kg.ledger.apply import apply, log, log_text, make
from kg.ledger.draft import Place
from kg.ledger.new_edges import unpacked
from kg.statements import Statement, fixed
from kg.store import Store, Transaction

# Neo4j makes edges on one core for each transaction; beyond this many they wait for one another's locks.
LANES: Final = 3
_SECONDS: Final = 300.0
T = TypeVar("T")
Told = Callable[[int], None]
OneBatch = Callable[[Transaction, int, Sequence[T]], Awaitable[None]]


class Bulk:
    """A change set that is open for writing. `place` has its number and time."""

    def __init__(self, store: Store, guard: Transaction, change_set: str, place: Place, following: int) -> None:
        self._store = store
        self._guard = guard
        self._following = following
        self.change_set = change_set
        self.place = place

    async def write(self, batches: AsyncIterator[Sequence[Change]], told: Told) -> None:
        """Write these batches, LANES at a time, each with its log in a transaction of its own.

        `told` is given the number of changes of each batch that is done. What one batch needs must have been written
        by an earlier call. When one fails the others are stopped and what is done stays: the change set is open, and
        the same load finishes it.
        """

        async def one(transaction: Transaction, number: int, changes: Sequence[Change]) -> None:
            await apply(transaction, changes, self.place.seq)
            await log(transaction, self.change_set, number, changes)

        await self._in_lanes(batches, one, told)

    async def make(self, batches: AsyncIterator[Sequence[bytes]], told: Told) -> None:
        """Make edges that the graph does not have, packed as kg.ledger.new_edges does; else as `write`."""

        async def one(transaction: Transaction, number: int, lines: Sequence[bytes]) -> None:
            edges = [unpacked(line, self.change_set, self.place.at) for line in lines]
            await make(transaction, edges, self.place.seq)
            text = b"[%b]" % b",".join([edge.log() for edge in edges])
            await log_text(transaction, self.change_set, number, text, len(edges))

        await self._in_lanes(batches, one, told)

    async def also(self, statement: Statement) -> None:
        """Run a statement in the transaction that closes the change set."""
        await self._guard.run(statement)

    async def _in_lanes(self, batches: AsyncIterator[Sequence[T]], one: OneBatch[T], told: Told) -> None:
        turn = asyncio.Lock()

        async def lane(lane_number: int) -> None:
            while True:
                async with turn:
                    batch = await anext(batches, None)
                    if batch is None:
                        return
                    number = self._following
                    self._following += 1
                await self._write(one, lane_number, number, batch)
                told(len(batch))

        try:
            async with asyncio.TaskGroup() as lanes:
                for lane_number in range(LANES):
                    lanes.create_task(lane(lane_number))
        except ExceptionGroup as group:
            # One cause is enough to act on; the other lanes were stopped because of it.
            raise group.exceptions[0] from None

    async def _write(self, one: OneBatch[T], lane: int, number: int, batch: Sequence[T]) -> None:
        async def work(transaction: Transaction) -> int:
            await transaction.run(fixed("write/lane", number=lane))
            await one(transaction, number, batch)
            # What a write returns is kept, and nothing would look like no answer.
            return number

        await self._store.write(work, operation=f"{self.change_set}#{number}", deadline=_SECONDS)
