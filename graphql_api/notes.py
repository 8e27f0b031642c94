"""The queue in front of the note writer: one note at a time, a few may wait, the rest are told to come again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from graphql_api.problems import BUSY, TIMEOUT, UNAVAILABLE, ApiError


class NoteWriter(Protocol):
    """Writes one note about a disease and returns it as a row of `notes.jsonl`. Raises KgError when it cannot."""

    async def __call__(self, disease: str, seed: int, recipe: str | None) -> Mapping[str, Any]: ...


class NoteDesk:
    """Lets one note be written at a time.

    `queue` requests may wait behind it; a note has `deadline` seconds, waiting included.
    """

    def __init__(self, writer: NoteWriter | None, queue: int, deadline: float) -> None:
        self._writer = writer
        self._queue = queue
        self._deadline = deadline
        self._turn = asyncio.Lock()
        self.inside = 0
        self._last = 5.0

    async def write(self, disease: str, seed: int, recipe: str | None) -> Mapping[str, Any]:
        """Return the note; raise ApiError when there is no writer, the queue is full or the time is up."""
        if self._writer is None:
            raise ApiError(
                UNAVAILABLE,
                "This service was started without a model.",
                hint="Start it with `mkg serve`, which brings one.",
            )
        if self.inside > self._queue:
            wait = max(1, round(self._last * self.inside))
            raise ApiError(
                BUSY, "Other notes are being written.", hint=f"Ask again in about {wait} seconds.", retry_after=wait
            )
        self.inside += 1
        try:
            async with asyncio.timeout(self._deadline), self._turn:
                started = asyncio.get_running_loop().time()
                row = await self._writer(disease, seed, recipe)
                self._last = asyncio.get_running_loop().time() - started
                return row
        except TimeoutError as error:
            raise ApiError(
                TIMEOUT,
                f"The note was not written within {self._deadline:g} seconds.",
                hint="Ask again when less is waiting, or raise MKG_NOTE_DEADLINE.",
            ) from error
        finally:
            self.inside -= 1
