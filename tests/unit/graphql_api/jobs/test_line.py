"""Who waits for the model knows their place, and who cannot join when to come again."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.jobs.line import check_room, place_in_line
from graphql_api.jobs.record import Record, Status, Wanted, job_id
from graphql_api.problems import ApiError


def record(seq: int, **also: Any) -> Record:
    return Record(job_id("vera", str(seq)), seq, Wanted(("J20",), 4, 7, None), "vera", "2026", **also)


def test_a_place_counts_those_that_wait_before_it() -> None:
    running, second, third, note = record(1, status=Status.RUNNING), record(2), record(3), record(9, single=True)
    others = [running, second, third, note]
    assert [place_in_line(one, others) for one in others] == [None, 2, 3, 1]
    assert place_in_line(record(5), []) == 1


@pytest.mark.parametrize(
    ("inside", "limit", "wait"),
    [
        ([record(1, single=True), record(2, single=True)], 1, 40),
        ([record(1, done=1, seconds=2.0), record(2)], 1, 6),
        ([record(1, done=3, seconds=0.3)], 0, 1),
        ([record(1, done=1, seconds=9_000.0)], 0, 3600),
    ],
)
def test_a_full_line_says_for_how_long(inside: list[Record], limit: int, wait: int) -> None:
    with pytest.raises(ApiError) as caught:
        check_room(inside, limit, 0.0)
    assert (caught.value.code, caught.value.retry_after) == ("BUSY", wait)
    check_room(inside, limit + 1, 0.0)
