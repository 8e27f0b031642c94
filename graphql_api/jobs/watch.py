"""What happens to a job, as somebody who watches is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql_api.jobs.folder import JobFolder
from graphql_api.jobs.line import place_in_line
from graphql_api.jobs.live import read_live
from graphql_api.jobs.record import Record, Status

# How often a look is taken: while tokens come, and while the job waits for its turn.
_TOKENS: Final = 0.05
_QUEUE: Final = 0.5
# Notes of a long list are read a few at a time.
_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class Progressed:
    """How the job stands now: told first, and whenever its status, its notes or its place in the queue change."""

    record: Record


@dataclass(frozen=True, slots=True)
class Piece:
    """What the model wrote since the last look; a higher attempt begins the text anew."""

    note_index: int
    attempt: int
    text: str


@dataclass(frozen=True, slots=True)
class NoteDone:
    """A finished note as a row of `notes.jsonl`; told of each note, in order."""

    note_index: int
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event of all."""

    record: Record


Event = Progressed | Piece | NoteDone | Ended


async def watch(folder: JobFolder, record: Record, notes_from: int | None) -> AsyncGenerator[Event]:
    """Tell what happens to a job until it ends: of notes from `notes_from` on, or of those that are not there yet.

    The disk is what is between those who watch and the model, so a slow watcher costs nobody anything: it misses
    pieces of notes that are finished by the time it looks again, and never a note or the end.
    """
    place = record.done if notes_from is None else notes_from
    known: tuple[object, ...] = ()
    live_of, offset = -1, 0
    while True:
        position = place_in_line(record, folder.records()) if record.status is Status.QUEUED else None
        if known != (record.status, record.done, position):
            known = (record.status, record.done, position)
            yield Progressed(record)
        while place < record.done and (rows := folder.notes(record.id, place, min(_AT_ONCE, record.done - place))):
            for row in rows:
                yield NoteDone(place, row)
                place += 1
        if record.status.ended:
            yield Ended(record)
            return
        if record.status is Status.RUNNING:
            if live_of != record.done:
                live_of, offset = record.done, 0
            pieces, offset = read_live(folder.live_file(record.id, live_of), offset)
            for attempt, text in pieces:
                yield Piece(live_of, attempt, text)
        await asyncio.sleep(_TOKENS if record.status is Status.RUNNING else _QUEUE)
        found = folder.record(record.id)
        if found is None:
            # Taken away because it was too old: what is known of it is the end.
            yield Ended(record)
            return
        record = found
