"""One change set written by several transactions at once, while nobody else writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from kg.changes import Change
from kg.ledger.apply import apply, log
from kg.ledger.draft import Place
from kg.statements import Statement
from kg.store import Store, Transaction

# Neo4j makes edges on one core for each transaction; beyond this many they wait for one another's locks.
LANES: Final = 3
_SECONDS: Final = 300.0


class Bulk:
    """A change set that is open for writing. `place` has its number and time."""

    def __init__(self, store: Store, guard: Transaction, change_set: str, place: Place, following: int) -> None:
        self._store = store
        self._guard = guard
        self._following = following
        self.change_set = change_set
        self.place = place

    async def write(self, batches: AsyncIterator[Sequence[Change]], told: Callable[[int], None]) -> None:
        """Write these batches, LANES at a time, each with its log in a transaction of its own.

        `told` is given the number of changes of each batch that is done. What one batch needs must have been written
        by an earlier call. When one fails the others are stopped and what is done stays: the change set is open, and
        the same load finishes it.
        """
        turn = asyncio.Lock()
        try:
            async with asyncio.TaskGroup() as lanes:
                for _ in range(LANES):
                    lanes.create_task(self._lane(batches, turn, told))
        except ExceptionGroup as group:
            # One cause is enough to act on; the other lanes were stopped because of it.
            raise group.exceptions[0] from None

    async def also(self, statement: Statement) -> None:
        """Run a statement in the transaction that closes the change set."""
        await self._guard.run(statement)

    async def _lane(
        self, batches: AsyncIterator[Sequence[Change]], turn: asyncio.Lock, told: Callable[[int], None]
    ) -> None:
        while True:
            async with turn:
                changes = await anext(batches, None)
                if changes is None:
                    return
                number = self._following
                self._following += 1
            await self._batch(number, changes)
            told(len(changes))

    async def _batch(self, number: int, changes: Sequence[Change]) -> None:
        async def work(transaction: Transaction) -> int:
            await apply(transaction, changes, self.place.seq)
            await log(transaction, self.change_set, number, changes)
            return number

        await self._store.write(work, operation=f"{self.change_set}#{number}", deadline=_SECONDS)
