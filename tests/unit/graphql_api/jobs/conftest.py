"""A writer in a few lines in place of the model, and desks that share a folder as processes do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graphql_api.jobs.desk import NoteDesk, NoteWriter
from graphql_api.jobs.record import Record
from graphql_api.jobs.writer import Hear


@dataclass(frozen=True)
class Limits:
    note_queue: int = 2
    note_deadline: float = 20.0
    job_queue: int = 2
    job_notes: int = 50
    jobs_kept: int = 5
    job_days: float = 30.0


class Scribe:
    """Writes a note of a few words; what it writes depends on disease, seed, recipe and index alone.

    With a `gate`, each note waits for `let(n)`; `fails` raises instead; `words` makes notes longer.
    """

    def __init__(self, *, gated: bool = False, fails: Exception | None = None, words: int = 3) -> None:
        self.asked: list[tuple[str, int]] = []
        self.places: list[int] = []
        self.stopped = 0
        self.began, self.left = asyncio.Event(), asyncio.Event()
        self.busy = 0
        self.fails = fails
        self.words = words
        self._gate = asyncio.Semaphore(0) if gated else None

    def let(self, notes: int = 1) -> None:
        """Let as many notes be finished."""
        assert self._gate
        for _ in range(notes):
            self._gate.release()

    async def __call__(
        self, disease: str, seed: int, recipe: str | None, *, index: int, place: int, share_out: bool, hear: Hear
    ) -> Mapping[str, Any]:
        assert self.busy == 0, "two notes at a time"
        self.busy += 1
        self.asked.append((disease, index))
        self.places.append(place)
        self.began.set()
        try:
            for word in range(self.words):
                hear(0, f"{disease} {word}. ")
            if self._gate:
                await self._gate.acquire()
            if self.fails:
                raise self.fails
            return {"id": f"NOTE:{disease}:{index}", "text": f"{disease} {seed} {recipe} {index}"}
        except asyncio.CancelledError:
            self.stopped += 1
            self.left.set()
            raise
        finally:
            self.busy -= 1


Open = Callable[..., NoteDesk]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Open]:
    """A function that opens a desk on the one folder of the test."""
    opened: list[NoteDesk] = []

    def opening(writer: NoteWriter | None, **limits: Any) -> NoteDesk:
        opened.append(NoteDesk(writer, Limits(**limits), tmp_path / "jobs"))
        opened[-1].open()
        return opened[-1]

    yield opening
    for one in opened:
        await one.close()


@pytest.fixture
def until() -> Callable[..., Any]:
    """A function that waits until a job fits."""

    async def waiting(desk: NoteDesk, job: Record, fits: Callable[[Record], bool] | None = None) -> Record:
        async with asyncio.timeout(10):
            while True:
                record = desk.job(job.id, None)
                if record is not None and (record.status.ended if fits is None else fits(record)):
                    return record
                await asyncio.sleep(0.01)

    return waiting


@pytest.fixture
def scribe() -> type[Scribe]:
    return Scribe
