"""Jobs without a database and without a model: taken in, written, cancelled, kept, gone on with."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path
from typing import Any

import orjson
import pytest

from graphql_api.jobs import runner
from graphql_api.jobs.desk import NoteDesk
from graphql_api.jobs.folder import JobFolder
from graphql_api.jobs.record import Record, Status, Wanted
from graphql_api.problems import ApiError
from kg.errors import KgError, SettingsError

pytestmark = pytest.mark.anyio
THREE = Wanted(("J20",), 3, 7, "short")


def texts(desk: NoteDesk, job: Any) -> list[str]:
    record = desk.job(job.id, None)
    assert record
    return [row["text"] for row in desk.notes(record, 0, 100)]


async def test_a_job_writes_its_notes_in_order_and_tells_how_far_it_is(desk: Any, scribe: Any, until: Any) -> None:
    writer = scribe()
    open_desk = desk(writer)
    job = open_desk.start(Wanted(("J20", "DOID:1"), 2, 7, None), "vera", None)
    assert (job.status, job.wanted.total, job.by) == (Status.QUEUED, 4, "vera")
    done = await until(open_desk, job)
    assert (done.status, done.done) == (Status.DONE, 4)
    assert writer.asked == [("J20", 0), ("J20", 1), ("DOID:1", 0), ("DOID:1", 1)]
    assert writer.places == [0, 1, 2, 3]
    assert texts(open_desk, job) == ["J20 7 None 0", "J20 7 None 1", "DOID:1 7 None 0", "DOID:1 7 None 1"]
    assert done.tokens == 12
    assert done.seconds > 0
    assert done.at <= done.started_at <= done.ended_at


async def test_only_its_owner_may_read_what_is_on_the_disk(desk: Any, scribe: Any, until: Any, tmp_path: Path) -> None:
    open_desk = desk(scribe())
    await until(open_desk, open_desk.start(THREE, "vera", None))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "jobs").rglob("*")}
    assert modes == {0o600, 0o700}
    assert stat.S_IMODE((tmp_path / "jobs").stat().st_mode) == 0o700


async def test_a_job_is_seen_by_who_started_it_and_by_those_who_see_all(desk: Any, scribe: Any) -> None:
    open_desk = desk(scribe())
    job = open_desk.start(THREE, "vera", None)
    assert {found.id for found in (open_desk.job(job.id, "vera"), open_desk.job(job.id, None)) if found} == {job.id}
    assert open_desk.job(job.id, "egon") is None
    assert [found.id for found in open_desk.jobs(None, 10, "vera")] == [job.id]
    assert open_desk.jobs(None, 10, "egon") == []
    for nothing in ("JOB:0", "JOB:../x", f"JOB:{'0' * 24}", "DOID:1", f"{job.id}\n", f"{job.id}/"):
        assert open_desk.job(nothing, None) is None
    with pytest.raises(ApiError, match="no job"):
        await open_desk.cancel(job.id, "egon")
    with pytest.raises(ApiError, match="no job"):
        open_desk.watch(job.id, "egon", None)


async def test_the_same_request_sent_again_is_the_same_job(desk: Any, scribe: Any, until: Any) -> None:
    open_desk = desk(scribe())
    job = open_desk.start(THREE, "vera", "form-1")
    assert open_desk.start(THREE, "vera", "form-1").id == job.id
    await until(open_desk, job)
    assert open_desk.start(THREE, "vera", "form-1").status is Status.DONE
    assert open_desk.start(THREE, "egon", "form-1").id != job.id
    with pytest.raises(ApiError, match="another job") as caught:
        open_desk.start(Wanted(("J45",), 1, 7, None), "vera", "form-1")
    assert caught.value.code == "CONFLICT"


async def test_a_full_queue_says_when_to_come_again(desk: Any, scribe: Any, until: Any) -> None:
    open_desk = desk(scribe(gated=True), job_queue=1)
    jobs = [open_desk.start(THREE, "vera", None) for _ in range(2)]
    await until(open_desk, jobs[0], lambda record: record.status is Status.RUNNING)
    assert [open_desk.place(open_desk.job(job.id, None)) for job in jobs] == [None, 1]
    with pytest.raises(ApiError, match="Other jobs") as caught:
        open_desk.start(THREE, "vera", None)
    assert (caught.value.code, caught.value.retry_after) == ("BUSY", 15)
    await open_desk.cancel(jobs[1].id, "vera")
    assert open_desk.start(THREE, "vera", None).status is Status.QUEUED


async def test_a_job_of_too_many_notes_is_refused(desk: Any, scribe: Any) -> None:
    with pytest.raises(ApiError, match="51 notes; 50 are allowed"):
        desk(scribe()).start(Wanted(("J20",), 51, 0, None), "vera", None)


async def test_a_cancelled_job_stops_its_model_and_keeps_its_notes(desk: Any, scribe: Any, until: Any) -> None:
    writer = scribe(gated=True)
    open_desk = desk(writer)
    job, waiting = open_desk.start(THREE, "vera", None), open_desk.start(THREE, "vera", None)
    writer.let(1)
    await until(open_desk, job, lambda record: record.done == 1)
    assert (await open_desk.cancel(waiting.id, "vera")).status is Status.CANCELLED
    cancelled = await open_desk.cancel(job.id, "vera")
    assert (cancelled.status, cancelled.done, writer.stopped) == (Status.CANCELLED, 1, 1)
    assert texts(open_desk, job) == ["J20 7 short 0"]
    assert await open_desk.cancel(job.id, "vera") == cancelled
    await asyncio.sleep(0.1)
    assert len(writer.asked) == 2


async def test_a_note_that_somebody_waits_for_goes_between_two_notes_of_a_job(
    desk: Any, scribe: Any, until: Any
) -> None:
    writer = scribe(gated=True)
    open_desk = desk(writer)
    job = open_desk.start(THREE, "vera", None)
    await until(open_desk, job, lambda record: record.status is Status.RUNNING)
    note = asyncio.create_task(open_desk.write("J45", 1, None, "egon"))
    await asyncio.sleep(0.1)
    writer.let(4)
    assert (await note)["text"] == "J45 1 None 0"
    assert (await until(open_desk, job)).status is Status.DONE
    assert writer.asked == [("J20", 0), ("J45", 0), ("J20", 1), ("J20", 2)]
    assert [found.id for found in open_desk.jobs(None, 10, None)] == [job.id]
    assert open_desk.inside == 0


async def test_a_caller_who_leaves_has_their_note_given_up(desk: Any, scribe: Any) -> None:
    writer = scribe(gated=True)
    open_desk = desk(writer)
    note = asyncio.create_task(open_desk.write("J45", 1, None, "egon"))
    await writer.began.wait()
    note.cancel()
    with pytest.raises(asyncio.CancelledError):
        await note
    async with asyncio.timeout(5):
        await writer.left.wait()
    assert open_desk.inside == 0


async def test_a_note_that_takes_too_long_is_given_up(desk: Any, scribe: Any) -> None:
    writer = scribe(gated=True)
    open_desk = desk(writer, note_deadline=0.2, note_queue=0)
    for _ in range(2):
        with pytest.raises(ApiError, match=r"within 0.2 seconds") as caught:
            await open_desk.write("J45", 1, None, "egon")
        assert caught.value.code == "TIMEOUT"


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (KgError("there is no model", place="here", hint="Install one."), "SERVICE_UNAVAILABLE", "there is no model"),
        (RuntimeError("secret"), "INTERNAL_SERVER_ERROR", "Something went wrong"),
        (OSError("secret"), "INTERNAL_SERVER_ERROR", "Something went wrong"),
    ],
)
async def test_a_job_that_fails_says_why_and_no_more(
    desk: Any, scribe: Any, until: Any, error: Exception, code: str, told: str
) -> None:
    open_desk = desk(scribe(fails=error))
    failed = await until(open_desk, open_desk.start(THREE, "vera", None))
    assert failed.status is Status.FAILED
    assert failed.error["code"] == code
    assert failed.error["message"].startswith(told)
    assert "secret" not in str(failed.error)
    with pytest.raises(ApiError, match=told) as caught:
        await open_desk.write("J45", 1, None, "egon")
    assert caught.value.code == code


async def test_a_note_of_a_job_has_a_deadline(desk: Any, scribe: Any, until: Any) -> None:
    open_desk = desk(scribe(gated=True), note_deadline=0.2)
    failed = await until(open_desk, open_desk.start(THREE, "vera", None))
    assert (failed.status, failed.error["code"]) == (Status.FAILED, "TIMEOUT")


async def test_a_service_without_a_model_says_so_and_still_tells_of_earlier_jobs(
    desk: Any, scribe: Any, until: Any
) -> None:
    earlier = desk(scribe())
    job = earlier.start(THREE, "vera", None)
    await until(earlier, job)
    later = desk(None)
    assert texts(later, job) == texts(earlier, job)
    with pytest.raises(ApiError, match="without a model"):
        later.start(THREE, "vera", None)
    with pytest.raises(ApiError, match="without a model"):
        await later.write("J20", 1, None, "vera")


async def test_what_is_finished_goes_by_number(desk: Any, scribe: Any, until: Any) -> None:
    open_desk = desk(scribe(), jobs_kept=2)
    for number in range(4):
        await until(open_desk, open_desk.start(Wanted(("J20",), 1, number, None), "vera", None))
    last = open_desk.start(Wanted(("J20",), 1, 9, None), "vera", None)
    await until(open_desk, last)
    assert [job.wanted.seed for job in open_desk.jobs(Status.DONE, 10, None)] == [9, 3, 2]


async def test_a_job_goes_on_where_a_service_that_was_stopped_left_it(desk: Any, scribe: Any, until: Any) -> None:
    first, second = scribe(gated=True), scribe()
    before = desk(first)
    job, waiting = before.start(THREE, "vera", None), before.start(THREE, "vera", None)
    first.let(1)
    await until(before, job, lambda record: record.done == 1)
    await before.close()
    assert first.stopped == 1
    assert [found.status for found in before.jobs(None, 9, None)] == [Status.QUEUED] * 2
    after = desk(second)
    assert (await until(after, job)).status is Status.DONE
    assert (await until(after, waiting)).status is Status.DONE
    assert second.asked[:2] == [("J20", 1), ("J20", 2)]
    assert texts(after, job) == texts(after, waiting)


async def test_a_job_goes_on_behind_a_service_that_was_killed(
    desk: Any, scribe: Any, until: Any, tmp_path: Path
) -> None:
    open_desk = desk(scribe())
    job = open_desk.start(THREE, "vera", None)
    whole = texts_of(await until(open_desk, job), open_desk)
    await open_desk.close()
    # What a kill leaves in the middle of the third note: an old record, a line that was cut off, pieces.
    place = tmp_path / "jobs" / job.id.removeprefix("JOB:")
    record = orjson.loads((place / "job.json").read_bytes())
    record |= {"status": "running", "done": 1, "ended_at": None, "note_since": 1.0}
    (place / "job.json").write_bytes(orjson.dumps(record))
    lines = (place / "notes.jsonl").read_bytes().splitlines(keepends=True)
    (place / "notes.jsonl").write_bytes(b"".join(lines[:2]) + lines[2][:9])
    (place / "live-2").write_bytes(b'[0,"half a no')
    writer = scribe()
    after = desk(writer)
    assert texts_of(await until(after, job), after) == whole
    assert writer.asked == [("J20", 2)]
    assert sorted(path.name for path in place.iterdir()) == ["job.json", "notes.jsonl"]


def texts_of(record: Any, desk: NoteDesk) -> list[str]:
    return [row["text"] for row in desk.notes(record, 0, 100)]


async def test_a_job_that_takes_the_service_down_each_time_is_given_up(
    desk: Any, scribe: Any, until: Any, tmp_path: Path
) -> None:
    writer = scribe(gated=True)
    job = None
    for _ in range(3):
        open_desk = desk(writer)
        job = job or open_desk.start(THREE, "vera", None)
        await until(open_desk, job, lambda record: record.note_since is not None)
        await open_desk.close()
    failed = await until(desk(writer), job)
    assert failed.status is Status.FAILED
    assert "ended 3 times" in failed.error["message"]
    assert len(writer.asked) == 3


async def test_a_disk_that_is_full_for_a_while_costs_time_and_nothing_else(
    desk: Any, scribe: Any, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [OSError(28, "No space left on device")] * 2
    save = JobFolder.save

    def saved(folder: JobFolder, record: Record) -> None:
        if record.status is not Status.QUEUED and full:
            raise full.pop()
        save(folder, record)

    monkeypatch.setattr(JobFolder, "save", saved)
    monkeypatch.setattr(runner, "_RECOVER", 0.01)
    open_desk = desk(scribe())
    assert (await until(open_desk, open_desk.start(THREE, "vera", None))).status is Status.DONE
    monkeypatch.setattr(JobFolder, "save", lambda folder, record: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(ApiError, match="No space left") as caught:
        open_desk.start(THREE, "vera", None)
    assert caught.value.code == "SERVICE_UNAVAILABLE"


async def test_of_two_processes_one_writes_and_both_answer(desk: Any, scribe: Any, until: Any) -> None:
    writers = scribe(gated=True), scribe()
    one, two = desk(writers[0]), desk(writers[1])
    first = one.start(Wanted(("J20",), 1, 0, None), "vera", None)
    await until(two, first, lambda record: record.status is Status.RUNNING)
    second = two.start(Wanted(("J45",), 1, 0, None), "vera", None)
    note = asyncio.create_task(two.write("E11", 0, None, "vera"))
    await asyncio.sleep(0.1)
    writers[0].let(2)
    assert (await note)["text"] == "E11 0 None 0"
    assert texts_of(await until(two, first), two) == ["J20 0 None 0"]
    assert (await two.cancel(second.id, "vera")).status is Status.CANCELLED
    assert writers[1].asked == []
    # The other one takes over when the first one is gone.
    third = two.start(Wanted(("G43",), 1, 0, None), "vera", None)
    await one.close()
    assert texts_of(await until(two, third), two) == ["G43 0 None 0"]


async def test_a_folder_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    class Limits:
        note_queue = job_queue = job_notes = jobs_kept = 1
        note_deadline = job_days = 1.0

    with pytest.raises(SettingsError, match="cannot be made"):
        NoteDesk(None, Limits(), tmp_path / "file" / "jobs")


async def test_a_desk_without_a_folder_keeps_its_jobs_as_long_as_it_lasts(scribe: Any, until: Any) -> None:
    class Limits:
        note_queue = job_queue = job_notes = jobs_kept = 1
        note_deadline = job_days = 5.0

    own = NoteDesk(scribe(), Limits())
    assert (await own.write("J20", 1, None, "vera"))["text"] == "J20 1 None 0"
    folder = own._folder.root  # pyright: ignore[reportPrivateUsage]
    await own.close()
    assert folder.exists()
    del own
    assert not os.path.exists(folder)  # noqa: PTH110, ASYNC240
