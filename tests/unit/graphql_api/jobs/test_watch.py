"""Who watches a job is told how it stands first, then tokens and every note, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from graphql_api.jobs.record import Status, Wanted
from graphql_api.jobs.watch import Ended, Event, NoteDone, Piece, Progressed

pytestmark = pytest.mark.anyio
TWO = Wanted(("J20",), 2, 7, None)


async def all_of(events: AsyncGenerator[Event]) -> list[Event]:
    async with asyncio.timeout(10), aclosing(events):
        return [event async for event in events]


def notes(events: list[Event]) -> list[int]:
    return [event.note_index for event in events if isinstance(event, NoteDone)]


def states(events: list[Event]) -> list[tuple[Status, int]]:
    return [(event.record.status, event.record.done) for event in events if isinstance(event, Progressed)]


async def test_a_whole_job_is_told_in_its_order(desk: Any, scribe: Any) -> None:
    writer = scribe(gated=True)
    open_desk = desk(writer)
    job = open_desk.start(TWO, "vera", None)
    watching = asyncio.create_task(all_of(open_desk.watch(job.id, "vera", None)))
    for _ in range(2):
        await asyncio.sleep(0.7)
        writer.let()
    events = await watching
    assert states(events) == [
        (Status.QUEUED, 0),
        (Status.RUNNING, 0),
        (Status.RUNNING, 1),
        (Status.DONE, 2),
    ]
    kinds = [type(event) for event in events]
    assert kinds == [Progressed, Progressed, Piece, Progressed, NoteDone, Piece, Progressed, NoteDone, Ended]
    assert [event for event in events if isinstance(event, Piece)] == [
        Piece(place, 0, "J20 0. J20 1. J20 2. ") for place in (0, 1)
    ]
    assert notes(events) == [0, 1]


async def test_who_comes_late_is_told_how_it_stands_and_the_text_so_far(desk: Any, scribe: Any, until: Any) -> None:
    writer = scribe(gated=True)
    open_desk = desk(writer)
    job = open_desk.start(TWO, "vera", None)
    writer.let()
    await until(open_desk, job, lambda record: record.done == 1 and record.note_since is not None)
    late = asyncio.create_task(all_of(open_desk.watch(job.id, "vera", None)))
    again = asyncio.create_task(all_of(open_desk.watch(job.id, "vera", 0)))
    await asyncio.sleep(0.2)
    writer.let()
    events = await late
    assert states(events)[0] == (Status.RUNNING, 1)
    assert events[1] == Piece(1, 0, "J20 0. J20 1. J20 2. ")
    assert notes(events) == [1]
    assert notes(await again) == [0, 1]


async def test_of_a_job_that_has_ended_the_end_is_told_and_the_notes_if_wanted(
    desk: Any, scribe: Any, until: Any
) -> None:
    open_desk = desk(scribe())
    job = await until(open_desk, open_desk.start(TWO, "vera", None))
    assert await all_of(open_desk.watch(job.id, "vera", None)) == [Progressed(job), Ended(job)]
    assert notes(await all_of(open_desk.watch(job.id, "vera", 1))) == [1]
    assert notes(await all_of(open_desk.watch(job.id, "vera", 99))) == []


async def test_who_waits_is_told_when_the_queue_moves(desk: Any, scribe: Any) -> None:
    writer = scribe(gated=True)
    open_desk = desk(writer)
    first, second, third = (open_desk.start(TWO, "vera", None) for _ in range(3))
    watching = asyncio.create_task(all_of(open_desk.watch(third.id, "vera", None)))
    await asyncio.sleep(0.2)
    await open_desk.cancel(second.id, "vera")
    await asyncio.sleep(0.6)
    await open_desk.cancel(third.id, "vera")
    events = await watching
    assert states(events) == [(Status.QUEUED, 0), (Status.QUEUED, 0), (Status.CANCELLED, 0)]
    assert isinstance(events[-1], Ended)
    assert first.status is Status.QUEUED


async def test_a_slow_watcher_misses_pieces_and_never_a_note_or_the_end(desk: Any, scribe: Any, until: Any) -> None:
    open_desk = desk(scribe(words=200))
    job = open_desk.start(Wanted(("J20",), 30, 7, None), "vera", None)
    seen: list[Event] = []
    async with aclosing(open_desk.watch(job.id, "vera", 0)) as events:
        async for event in events:
            seen.append(event)
            if len(seen) == 1:
                # The model is not held up: the job ends while nobody looks.
                await until(open_desk, job)
    assert notes(seen) == list(range(30))
    assert isinstance(seen[-1], Ended)
    assert not [event for event in seen if isinstance(event, Piece)]


async def test_a_job_that_is_forgotten_meanwhile_ends_for_who_watches(desk: Any, scribe: Any, until: Any) -> None:
    writer = scribe(gated=True)
    open_desk = desk(writer)
    job = open_desk.start(TWO, "vera", None)
    await until(open_desk, job, lambda record: record.status is Status.RUNNING)
    watching = asyncio.create_task(all_of(open_desk.watch(job.id, "vera", None)))
    await asyncio.sleep(0.2)
    open_desk._folder.remove(job.id)  # pyright: ignore[reportPrivateUsage]
    assert isinstance((await watching)[-1], Ended)
