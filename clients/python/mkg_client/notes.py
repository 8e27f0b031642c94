"""Notes that the service writes behind the scenes, watched while they are written."""

from __future__ import annotations

from collections.abc import AsyncIterator

from .connection import Refusal
from .generated.client import MkgClient
from .generated.input_types import StartNotesInput
from .generated.watch_notes import (
    WatchNotesJobProgressJobEnded,
    WatchNotesJobProgressJobNoteDone,
    WatchNotesJobProgressJobProgressed,
    WatchNotesJobProgressJobToken,
)

Progressed = WatchNotesJobProgressJobProgressed
Token = WatchNotesJobProgressJobToken
NoteDone = WatchNotesJobProgressJobNoteDone
Ended = WatchNotesJobProgressJobEnded


async def start_notes(client: MkgClient, wanted: StartNotesInput) -> str:
    """Start a job and return its id; raise Refusal, whose code is BUSY when too many jobs wait."""
    payload = (await client.start_notes(input=wanted)).start_notes
    if payload is None or payload.job is None:
        for problem in payload.errors if payload else ():
            raise Refusal(problem.code.value, problem.message, problem.hint, problem.retry_after)
        raise Refusal("UNKNOWN", "no job was started")
    return payload.job.id


async def watch_notes(client: MkgClient, job: str) -> AsyncIterator[Progressed | Token | NoteDone | Ended]:
    """Yield what happens to a job, its finished notes first, until it ends."""
    async for event in client.watch_notes(id=job, notes_from=0):
        yield event.job_progress
