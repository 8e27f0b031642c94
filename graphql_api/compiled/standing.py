"""Where the graph stands: a number that grows with every write, asked of the database by many requests at once."""

from __future__ import annotations

import asyncio
from typing import Final, LiteralString

from kg.statements import Statement
from kg.store import Store

# Every write counts `lock` up in its own transaction, all but the lanes of a load, whose change set is open meanwhile.
STANDING: Final[LiteralString] = (
    "OPTIONAL MATCH (m:Meta {id: 'meta'})"
    " WITH CASE WHEN NOT EXISTS { (:ChangeSet {status: 'open'}) } THEN m.lock END AS standing"
)
_ASKED: Final = Statement(f"{STANDING} RETURN standing")


class Standing:
    """Tells where the graph stands now.

    A question that came after another was sent waits for the next one, since that one may have been answered before:
    so an answer is never older than its question, and there is one statement on its way however many ask.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running = False
        self._waiting: asyncio.Future[int | None] | None = None
        self._trips: set[asyncio.Task[None]] = set()

    async def now(self) -> int | None:
        """Return the number, or None while something is being loaded; raises a StoreError when nobody answers."""
        asked = self._waiting
        if asked is None:
            asked = self._waiting = asyncio.get_running_loop().create_future()
            # Whether or not anybody still waits for it when it fails.
            asked.add_done_callback(_looked_at)
            if not self._running:
                self._start()
        return await asyncio.shield(asked)

    def _start(self) -> None:
        self._running = True
        trip = asyncio.create_task(self._trip())
        self._trips.add(trip)
        trip.add_done_callback(self._trips.discard)

    async def _trip(self) -> None:
        # Until here whoever asks may join.
        asked, self._waiting = self._waiting, None
        assert asked is not None, "somebody asks"
        try:
            ((number,),) = await self._store.values(_ASKED)
            asked.set_result(number)
        except Exception as error:
            asked.set_exception(error)
        finally:
            self._running = False
            if self._waiting is not None:
                self._start()


def _looked_at(asked: asyncio.Future[int | None]) -> None:
    if not asked.cancelled():
        asked.exception()
