"""Writes the notes of jobs, one at a time in one process of the service, whatever happens to those who asked."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from graphql_api.jobs.failure import told
from graphql_api.jobs.folder import JobFolder
from graphql_api.jobs.live import Live
from graphql_api.jobs.record import Record, Status
from graphql_api.jobs.writer import NoteWriter
from graphql_api.problems import TIMEOUT, UNAVAILABLE, ApiError

log = structlog.get_logger("graphql_api")

# How often a look is taken whether the note is still wanted: about once a token.
_LOOK: Final = 0.05
# How often the process that writes looks for jobs that another one took in, and another one whether it still does.
_OTHERS: Final = 0.25
_CLAIM: Final = 1.0
# A job that was begun this often without one note coming of it has taken the service down with it each time.
_MOST_BEGUN: Final = 3
# Seconds of rest after a failure of the disk.
_RECOVER: Final = 5.0


def now_text() -> str:
    """Return the present moment as jobs tell it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Runner:
    """Takes jobs from the folder in their order. Of all processes with this folder, one writes, until it ends.

    A note that somebody waits for goes between two notes of a job. A job that was interrupted goes on where it was,
    since a note depends on nothing that was written before it.
    """

    def __init__(self, folder: JobFolder, writer: NoteWriter, note_deadline: float) -> None:
        self._folder = folder
        self._writer = writer
        self._note_deadline = note_deadline
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Have the folder looked at now."""
        self._woken.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop within a token; what was being written is gone on with at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while (claim := self._folder.claimed()) is None:
            if not any(not record.status.ended for record in self._folder.records()):
                return
            await asyncio.sleep(_CLAIM)
        try:
            while True:
                try:
                    await self._work()
                except Exception as error:
                    # A full disk, most of all. The job is tried again, and given up after a few times.
                    log.error("jobs cannot be kept", exc_info=error)
                    await asyncio.sleep(_RECOVER)
        finally:
            os.close(claim)

    async def _work(self) -> None:
        self._woken.clear()
        # Under the lock, since a job that is just being added may have its folder and not yet its record.
        with self._folder.locked():
            seen = self._folder.stamp()
        while (record := self._next()) is not None:
            await self._write(record)
        while not self._woken.is_set() and self._folder.stamp() == seen:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _OTHERS)

    def _next(self, *, single: bool = False) -> Record | None:
        """Return the job whose turn it is; of notes that somebody waits for alone if told so."""
        waiting = [record for record in self._folder.records() if not record.status.ended]
        return min(
            (record for record in waiting if record.single or not single), key=lambda one: one.line, default=None
        )

    async def _write(self, record: Record) -> None:
        """Write a job to its end, or put it back into the queue when the service ends."""
        with self._folder.locked():
            # It may have been cancelled since it was chosen.
            if (known := self._folder.record(record.id)) is None or known.status.ended:
                return
            record = self._begun(known)
            self._folder.save(record)
        try:
            while not record.status.ended:
                if not record.single and (first := self._next(single=True)) is not None:
                    await self._write(first)
                record = await self._note(record)
        except asyncio.CancelledError:
            self._folder.save(replace(record, status=Status.QUEUED, note_since=None))
            raise
        log.info("job ended", job=record.id, by=record.by, status=record.status.value, notes=record.done)

    def _begun(self, record: Record) -> Record:
        done = self._folder.whole_notes(record.id)
        return replace(
            record,
            status=Status.RUNNING,
            done=done,
            taken_up=record.taken_up + 1 if done == record.done else 1,
            started_at=record.started_at or now_text(),
        )

    async def _note(self, record: Record) -> Record:
        """Write the next note of a job and return how the job stands then; it is saved."""
        began = time.time()
        record = replace(record, note_since=began)
        error: Exception | None = None
        if record.done >= record.wanted.total:
            return self._saved(record, Status.DONE)
        if record.taken_up > _MOST_BEGUN:
            reason = f"The service ended {record.taken_up - 1} times while this note was written."
            error = ApiError(UNAVAILABLE, reason, hint="See the log of the service, then start the job anew.")
        else:
            self._folder.save(record)
            with Live(self._folder.live_file(record.id, record.done)) as live:
                try:
                    row = await self._row(record, live)
                except Exception as caught:
                    row, error = None, caught
            if row is not None:
                self._folder.append(record.id, row)
                record = replace(
                    record,
                    done=record.done + 1,
                    tokens=record.tokens + live.pieces,
                    seconds=record.seconds + time.time() - began,
                    taken_up=1,
                )
                return self._saved(record, Status.DONE if record.done == record.wanted.total else Status.RUNNING)
            if error is None:
                return self._saved(record, Status.CANCELLED)
        return self._saved(replace(record, error=told(error, record.id)), Status.FAILED)

    async def _row(self, record: Record, live: Live) -> Mapping[str, Any] | None:
        """Return the next note; None when nobody wants it any more."""
        disease, index = record.wanted.note(record.done)
        wanted = record.wanted
        note = self._writer(
            disease,
            wanted.seed,
            wanted.recipe,
            index=index,
            place=record.done,
            share_out=wanted.is_plan,
            hear=live.hear,
        )
        task = asyncio.ensure_future(note)
        try:
            async with asyncio.timeout(self._note_deadline):
                while not task.done():
                    if self._folder.cancel_asked(record.id):
                        return None
                    await asyncio.wait({task}, timeout=_LOOK)
                return task.result()
        except TimeoutError as error:
            if task.done():
                raise
            raise ApiError(
                TIMEOUT,
                f"A note was not written within {self._note_deadline:g} seconds.",
                hint="Raise MKG_NOTE_DEADLINE, or take a smaller model.",
            ) from error
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _saved(self, record: Record, status: Status) -> Record:
        """Write down where a job stands after a note; one that was taken away meanwhile stays away."""
        ended_at = now_text() if status.ended else None
        record = replace(record, status=status, note_since=None, ended_at=ended_at)
        with self._folder.locked():
            if record.single and status is Status.CANCELLED:
                self._folder.remove(record.id)
            elif self._folder.record(record.id) is not None:
                self._folder.save(record)
        return record
