"""Which rows are written side by side follows from their places alone, and the model is never kept waiting."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.runs.groups import groups, in_order


@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 25))
def test_groups_are_the_same_wherever_a_run_was_cut_off(total: int, width: int, per_file: int) -> None:
    whole = list(groups(total, width, per_file))
    assert [place for each in whole for place in each] == list(range(total))
    assert all(len(each) <= width and each[0] // per_file == each[-1] // per_file for each in whole)
    for number, each in enumerate(whole):
        assert list(groups(total, width, per_file, each.start)) == whole[number:]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_the_next_group_is_begun_before_the_last_one_is_done_and_no_further_one() -> None:
    begun: list[int] = []
    done: list[int] = []

    async def make(places: range) -> int:
        begun.append(places.start)
        # The first takes longest, and is told first all the same.
        await asyncio.sleep(0.02 if places.start == 0 else 0)
        return places.start

    async for start in in_order(groups(5, 1, 5), make, lambda: False):
        assert len(begun) <= len(done) + 2
        done.append(start)
    assert done == begun == [0, 1, 2, 3, 4]


@pytest.mark.anyio
async def test_who_stops_gets_what_was_begun_and_nothing_more() -> None:
    done: list[int] = []

    async def make(places: range) -> int:
        return places.start

    async for start in in_order(groups(9, 1, 9), make, lambda: bool(done)):
        done.append(start)
    assert done == [0, 1]


@pytest.mark.anyio
async def test_a_failure_ends_the_work_that_was_begun_behind_it() -> None:
    ended: list[int] = []

    async def make(places: range) -> int:
        if places.start == 0:
            await asyncio.sleep(0)
            raise ValueError("the plug was pulled")
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(places.start)
        return places.start

    with pytest.raises(ValueError, match="plug"):
        async for _ in in_order(groups(9, 1, 9), make, lambda: False):
            pass
    assert ended == [1]
