"""A job as a value: there and back, its place in the queue, its speed, and when it is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.jobs.keeping import expired
from graphql_api.jobs.record import Record, Status, Wanted, job_id

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def record(seq: int = 1, **also: Any) -> Record:
    wanted = Wanted(("J20", "DOID:1"), 2, 7, None)
    return Record(job_id("vera", str(seq)), seq, wanted, "vera", NOW.isoformat(), **also)


def ended(seq: int, days: float = 0, **also: Any) -> Record:
    at = (NOW - timedelta(days=days)).isoformat()
    return record(seq, **{"status": Status.DONE, "ended_at": at, **also})


@given(st.builds(record, status=st.sampled_from(Status), done=st.integers(0, 4), single=st.booleans()))
def test_a_record_is_kept_as_json(kept: Record) -> None:
    assert Record.of_json(kept.as_json()) == kept


def test_a_note_has_its_disease_and_its_index() -> None:
    wanted = record().wanted
    assert [wanted.note(place) for place in range(wanted.total)] == [
        ("J20", 0),
        ("J20", 1),
        ("DOID:1", 0),
        ("DOID:1", 1),
    ]


def test_a_plan_gives_each_code_a_number_of_its_own() -> None:
    wanted = Wanted(("J20", "I10", "E11"), 0, 7, None, (2, 1, 3))
    assert (wanted.is_plan, wanted.total) == (True, 6)
    assert [wanted.note(place) for place in range(6)] == [
        ("J20", 0), ("J20", 1), ("I10", 0), ("E11", 0), ("E11", 1), ("E11", 2),
    ]  # fmt: skip
    kept = replace(record(), wanted=wanted)
    assert Record.of_json(kept.as_json()) == kept


def test_a_job_that_was_kept_before_there_were_plans_is_read() -> None:
    told = record().as_json()
    del told["wanted"]["counts"]
    assert Record.of_json(told) == record()


def test_notes_that_somebody_waits_for_stand_first_and_the_oldest_before_the_others() -> None:
    line = sorted((record(3), record(1), record(9, single=True), record(4, single=True)), key=lambda job: job.line)
    assert [job.seq for job in line] == [4, 9, 1, 3]


def test_the_time_that_is_left_follows_from_the_notes_so_far() -> None:
    running = record(status=Status.RUNNING, done=1, seconds=10.0, tokens=250, note_since=100.0)
    assert running.seconds_left(104.0) == 26.0
    assert running.seconds_left(999.0) == 0.0
    assert running.tokens_per_second() == 25.0
    assert record().seconds_left(1.0) is None
    assert record().tokens_per_second() is None
    assert replace(running, status=Status.DONE).seconds_left(104.0) is None


def test_the_same_person_and_operation_mean_the_same_job() -> None:
    assert job_id("vera", "form-1") == job_id("vera", "form-1")
    assert len({job_id("vera", "1"), job_id("vera", "2"), job_id("egon", "1")}) == 3
    assert job_id("vera", "\ud800").startswith("JOB:")


@pytest.mark.parametrize(
    ("records", "kept", "days", "gone"),
    [
        ([ended(1), ended(2), ended(3)], 2, 30, [1]),
        ([ended(1, 40), ended(2, 5)], 9, 30, [1]),
        ([record(1), record(2, status=Status.RUNNING), ended(3)], 0, 30, [3]),
        ([ended(1, 40, single=True), ended(2)], 9, 30, []),
        (
            [ended(1, single=True, until=NOW.timestamp() - 1), record(2, single=True, until=NOW.timestamp() + 1)],
            9,
            9,
            [1],
        ),
    ],
)
def test_what_is_finished_goes_by_number_and_age_and_what_is_not_never(
    records: list[Record], kept: int, days: float, gone: list[int]
) -> None:
    assert [job.seq for job in expired(records, kept=kept, days=days, now=NOW)] == gone
