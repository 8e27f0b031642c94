"""The one queue in front of the model: single notes that somebody waits for, and jobs of many."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
import weakref
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import uuid4

from graphql_api.jobs.failure import NoteFailed
from graphql_api.jobs.folder import JobFolder
from graphql_api.jobs.keeping import expired
from graphql_api.jobs.line import check_room, place_in_line
from graphql_api.jobs.record import Record, Status, Wanted, job_id
from graphql_api.jobs.runner import Runner, now_text
from graphql_api.jobs.watch import Event, watch
from graphql_api.jobs.writer import NoteWriter
from graphql_api.problems import BAD_USER_INPUT, CONFLICT, NOT_FOUND, TIMEOUT, UNAVAILABLE, ApiError
from kg.errors import SettingsError

__all__ = ["NoteDesk", "NoteLimits", "NoteWriter"]

_LOOK: Final = 0.05
# Seconds that a cancelled job has to stop before it is told as it is.
_PATIENCE: Final = 3.0
_GIVEN_UP: Final = {"code": UNAVAILABLE, "message": "The note was given up.", "hint": "Ask again."}


class NoteLimits(Protocol):
    """How much may wait, for how long, and what is kept."""

    @property
    def note_queue(self) -> int: ...
    @property
    def note_deadline(self) -> float: ...
    @property
    def job_queue(self) -> int: ...
    @property
    def job_notes(self) -> int: ...
    @property
    def jobs_kept(self) -> int: ...
    @property
    def job_days(self) -> float: ...


class NoteDesk:
    """Takes jobs in and tells of them; all that it knows is on the disk, so every process of the service may be asked.

    Without a folder, jobs last as long as this desk. Every call raises ApiError for what the sender can do something
    about; making a desk raises SettingsError when the folder cannot be made.
    """

    def __init__(self, writer: NoteWriter | None, limits: NoteLimits, folder: Path | None = None) -> None:
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="mkg-jobs-"))
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        try:
            self._folder = JobFolder(folder)
        except OSError as error:
            raise SettingsError(
                f"the folder of the jobs cannot be made: {error.strerror}",
                place=f"folder {folder}",
                hint="Check the rights and the space there, or choose another with MKG_DATA_DIR.",
            ) from error
        self._limits = limits
        self._runner = None if writer is None else Runner(self._folder, writer, limits.note_deadline)

    @property
    def inside(self) -> int:
        """How many notes and jobs are being written or wait."""
        return sum(self._waits(record) for record in self._folder.records())

    def open(self) -> None:
        """Go on with what an earlier service did not finish."""
        with self._folder.locked():
            waiting = [record for record in self._tidied() if not record.status.ended]
        if self._runner and waiting:
            self._runner.wake()

    async def close(self) -> None:
        """Stop writing within a token; the next service goes on."""
        if self._runner:
            await self._runner.close()

    async def write(self, disease: str, seed: int, recipe: str | None, by: str) -> Mapping[str, Any]:
        """Return one note. It is given up when the time is over, or when the caller is cancelled.

        Raises NoteFailed when the model or the graph has no note to give.
        """
        until = time.time() + self._limits.note_deadline
        job = self._taken_in(Wanted((disease,), 1, seed, recipe), by, uuid4().hex, single=True, until=until)
        try:
            async with asyncio.timeout(self._limits.note_deadline):
                ended = await self._end_of(job)
            if ended.status is Status.DONE:
                return self._folder.notes(job.id, 0, 1)[0]
            raise NoteFailed(ended.error or _GIVEN_UP)
        except TimeoutError as error:
            raise ApiError(
                TIMEOUT,
                f"The note was not written within {self._limits.note_deadline:g} seconds.",
                hint="Ask again when less is waiting, or raise MKG_NOTE_DEADLINE.",
            ) from error
        finally:
            self._left(job)

    def start(self, wanted: Wanted, by: str, operation: str | None) -> Record:
        """Take a job in and return how it stands; the same person and operation get the same job again."""
        if wanted.total > self._limits.job_notes:
            raise ApiError(
                BAD_USER_INPUT,
                f"The job has {wanted.total} notes; {self._limits.job_notes} are allowed (MKG_JOB_NOTES).",
                hint="Start several jobs, or use `mkg generate notes`.",
            )
        return self._taken_in(wanted, by, operation or uuid4().hex)

    def job(self, job_id: str, of: str | None) -> Record | None:
        """Return a job of that person, or of anybody when nobody is named; None when there is no such job."""
        record = self._folder.record(job_id)
        return None if record is None or record.single or of not in (None, record.by) else record

    def jobs(self, status: Status | None, first: int, of: str | None) -> list[Record]:
        """Return the newest jobs, newest first; those of one person if named, of one status if told so."""
        found = [
            record
            for record in reversed(self._folder.records())
            if not record.single and of in (None, record.by) and status in (None, record.status)
        ]
        return found[:first]

    def place(self, record: Record) -> int | None:
        """Return the job's place in the queue, 1 for the next; None when it does not wait."""
        return place_in_line(record, self._folder.records())

    def notes(self, record: Record, start: int, count: int) -> Sequence[Mapping[str, Any]]:
        """Return up to `count` finished notes of a job from the one at `start` on."""
        return self._folder.notes(record.id, start, min(count, record.done - start)) if start < record.done else []

    async def cancel(self, job_id: str, of: str | None) -> Record:
        """End a job and return how it stands; its finished notes are kept. One that has ended stays as it is."""
        record = self._known(job_id, of)
        with self._folder.locked():
            record = self._folder.record(job_id) or record
            if record.status is Status.QUEUED:
                record = replace(record, status=Status.CANCELLED, ended_at=now_text())
                self._folder.save(record)
        if not record.status.ended:
            self._folder.ask_to_cancel(job_id)
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    record = await self._end_of(record)
        return record

    def watch(self, job_id: str, of: str | None, notes_from: int | None) -> AsyncGenerator[Event]:
        """Return what happens to a job until it ends; see `graphql_api.jobs.watch`."""
        return watch(self._folder, self._known(job_id, of), notes_from)

    def _known(self, job_id: str, of: str | None) -> Record:
        record = self.job(job_id, of)
        if record is None:
            raise ApiError(NOT_FOUND, f"There is no job {job_id[:80]!r} of yours.", hint="`jobs` lists them.")
        return record

    async def _end_of(self, record: Record) -> Record:
        """Wait until a job ends; one that is gone was cancelled."""
        while not record.status.ended:
            await asyncio.sleep(_LOOK)
            record = self._folder.record(record.id) or replace(record, status=Status.CANCELLED)
        return record

    def _taken_in(
        self, wanted: Wanted, by: str, operation: str, *, single: bool = False, until: float | None = None
    ) -> Record:
        if self._runner is None:
            raise ApiError(
                UNAVAILABLE,
                "This service was started without a model.",
                hint="Start it with `mkg serve`, which brings one.",
            )
        key = job_id(by, operation)
        try:
            with self._folder.locked():
                records = self._tidied()
                record = next((known for known in records if known.id == key), None)
                if record is None:
                    inside = [known for known in records if known.single == single and self._waits(known)]
                    limit = self._limits.note_queue if single else self._limits.job_queue
                    check_room(inside, limit, time.time())
                    seq = max((known.seq for known in records), default=0) + 1
                    record = Record(key, seq, wanted, by, now_text(), single=single, until=until)
                    self._folder.save(record)
        except OSError as error:
            raise ApiError(
                UNAVAILABLE,
                f"Jobs cannot be kept: {error.strerror}.",
                hint="Check the space on the disk and the rights of the data directory.",
            ) from error
        if record.wanted != wanted:
            raise ApiError(
                CONFLICT,
                f"This `operation` was used for another job, {record.id}.",
                hint="Give each request an id of its own, and the same one only to send it again.",
            )
        self._runner.wake()
        return record

    def _waits(self, record: Record) -> bool:
        return not record.status.ended and not self._folder.cancel_asked(record.id)

    def _left(self, job: Record) -> None:
        """Forget a note that nobody waits for any more, or have it ended."""
        with self._folder.locked():
            record = self._folder.record(job.id)
            if record is not None and record.status is Status.RUNNING:
                self._folder.ask_to_cancel(job.id)
            else:
                self._folder.remove(job.id)

    def _tidied(self) -> list[Record]:
        """Forget what is not kept any longer, and return the rest."""
        records = self._folder.records()
        limits = self._limits
        gone = expired(records, kept=limits.jobs_kept, days=limits.job_days, now=datetime.now(UTC))
        for record in gone:
            self._folder.remove(record.id)
        return [record for record in records if record not in gone]
