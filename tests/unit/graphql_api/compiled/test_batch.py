"""Requests of one text share their trips to the database, and no failure reaches a request that is not its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from graphql_api.compiled.batch import Batcher
from graphql_api.compiled.plan import Listed, Nodes
from graphql_api.compiled.planned import Request, Spoken
from kg.errors import StoreTimeout
from kg.schema import NODE_KINDS
from kg.statements import Statement


class Rows:
    """A store that answers with what it was asked, once it is let go."""

    def __init__(self, fails: Callable[[Any], bool] = lambda _: False) -> None:
        self.trips: list[list[Any]] = []
        self.ended = 0
        self.gate = asyncio.Event()
        self.fails = fails

    async def values(self, statement: Statement, *, deadline: float | None = None) -> list[list[Any]]:
        rows = [row["x"] for row in statement.values["q"]]
        self.trips.append(rows)
        try:
            await self.gate.wait()
        finally:
            self.ended += 1
        if any(map(self.fails, rows)):
            raise StoreTimeout("too slow")
        # In no order: each row says by its number whose it is.
        return [[number, value, statement.values.get("l0")] for number, value in enumerate(rows)][::-1]


def request(spoken: Spoken, value: Any, **limits: int) -> Request:
    return Request(spoken, {"x": value}, limits, ())


async def asking(batcher: Batcher, spoken: Spoken, number: int) -> list[asyncio.Task[Any]]:
    """Ask for 0, 1 and so on, one after another."""
    asked: list[asyncio.Task[Any]] = []
    for value in range(number):
        asked.append(asyncio.create_task(batcher.row(request(spoken, value))))
        for _ in range(3):
            await asyncio.sleep(0)
    return asked


async def test_who_comes_at_the_same_moment_goes_on_one_trip() -> None:
    store, spoken = Rows(), Spoken("RETURN 1")
    batcher = Batcher(store)  # pyright: ignore[reportArgumentType]
    asked = [asyncio.create_task(batcher.row(request(spoken, number))) for number in range(6)]
    store.gate.set()
    assert [(await one)[1] for one in asked] == [0, 1, 2, 3, 4, 5]
    assert store.trips == [[0, 1, 2, 3, 4, 5]]


async def test_who_comes_while_another_is_away_goes_on_the_next_trip_together() -> None:
    store, spoken = Rows(), Spoken("RETURN 1")
    batcher = Batcher(store, abreast=2)  # pyright: ignore[reportArgumentType]
    asked = await asking(batcher, spoken, 6)
    assert store.trips == [[0], [1]]
    store.gate.set()
    assert [(await one)[1] for one in asked] == [0, 1, 2, 3, 4, 5]
    assert store.trips == [[0], [1], [2, 3, 4, 5]]


async def test_requests_with_other_limits_or_other_texts_go_alone() -> None:
    store, spoken = Rows(), Spoken("RETURN 1")
    batcher = Batcher(store)  # pyright: ignore[reportArgumentType]
    others = [request(spoken, 1, l0=5), request(spoken, 2, l0=6), request(Spoken("RETURN 2"), 3)]
    asked = [asyncio.create_task(batcher.row(one)) for one in others]
    store.gate.set()
    assert [(await one)[1:] for one in asked] == [[1, 5], [2, 6], [3, None]]
    assert store.trips == [[1], [2], [3]]


async def test_a_failing_request_does_not_take_the_others_with_it() -> None:
    store, spoken = Rows(fails=lambda value: value == 4), Spoken("RETURN 1")
    batcher = Batcher(store, abreast=2)  # pyright: ignore[reportArgumentType]
    asked = await asking(batcher, spoken, 5)
    store.gate.set()
    told = await asyncio.gather(*asked, return_exceptions=True)
    assert [one if isinstance(one, BaseException) else one[1] for one in told[:4]] == [0, 1, 2, 3]
    assert isinstance(told[4], StoreTimeout)
    assert store.trips == [[0], [1], [2, 3, 4], [2], [3], [4]]


async def test_the_first_failing_alone_lets_the_others_go() -> None:
    store, spoken = Rows(fails=lambda value: value == 0), Spoken("RETURN 1")
    batcher = Batcher(store, abreast=2)  # pyright: ignore[reportArgumentType]
    asked = await asking(batcher, spoken, 4)
    store.gate.set()
    told = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(told[0], StoreTimeout)
    assert store.trips == [[0], [1], [2, 3]]


async def test_who_goes_away_does_not_keep_the_others_waiting() -> None:
    store, spoken = Rows(), Spoken("RETURN 1")
    batcher = Batcher(store, abreast=2)  # pyright: ignore[reportArgumentType]
    asked = await asking(batcher, spoken, 4)
    asked[0].cancel()
    asked[2].cancel()
    await asyncio.sleep(0.01)
    store.gate.set()
    assert [(await one)[1] for one in (asked[1], asked[3])] == [1, 3]
    assert store.trips == [[0], [1], [3]]


async def test_a_trip_for_which_nobody_waits_any_more_is_called_off() -> None:
    store, spoken = Rows(), Spoken("RETURN 1")
    batcher = Batcher(store, abreast=2)  # pyright: ignore[reportArgumentType]
    asked = await asking(batcher, spoken, 4)
    asked[0].cancel()
    asked[1].cancel()
    await asyncio.sleep(0.01)
    assert store.trips == [[0], [1], [2, 3]]
    asked[2].cancel()
    await asyncio.sleep(0.01)
    assert store.ended == 2
    asked[3].cancel()
    await asyncio.sleep(0.01)
    assert store.ended == 3


async def test_what_may_read_much_goes_alone_and_at_once() -> None:
    inner = Listed(1, Nodes(NODE_KINDS[0]), ())
    spoken = Spoken("RETURN 1", (Listed(0, Nodes(NODE_KINDS[0]), (inner,)),))
    store = Rows()
    batcher = Batcher(store)  # pyright: ignore[reportArgumentType]
    asked = [asyncio.create_task(batcher.row(request(spoken, number, l0=50, l1=10))) for number in range(4)]
    await asyncio.sleep(0)
    assert store.trips == [[0], [1], [2], [3]]
    store.gate.set()
    await asyncio.gather(*asked)


@pytest.mark.parametrize(("number", "trips"), [(3, [3]), (8, [4, 4]), (15, [4, 4, 4]), (30, [4, 4, 4])])
async def test_a_crowd_leaves_in_small_parties_side_by_side(number: int, trips: list[int]) -> None:
    store, spoken = Rows(), Spoken("RETURN 1")
    batcher = Batcher(store, most=4, abreast=3)  # pyright: ignore[reportArgumentType]
    asked = [asyncio.create_task(batcher.row(request(spoken, each))) for each in range(number)]
    for _ in range(4):
        await asyncio.sleep(0)
    assert [len(trip) for trip in store.trips] == trips
    store.gate.set()
    assert [(await one)[1] for one in asked] == list(range(number))
    assert max(map(len, store.trips)) <= 4
    assert len(store.trips) == -(-number // 4)


async def test_what_nobody_expected_is_told_to_each_and_leaves_nobody_waiting() -> None:
    class Broken:
        async def values(self, statement: Statement, *, deadline: float | None = None) -> list[list[Any]]:
            raise ZeroDivisionError

    batcher = Batcher(Broken())  # pyright: ignore[reportArgumentType]
    asked = [asyncio.create_task(batcher.row(request(Spoken("RETURN 1"), number))) for number in range(3)]
    async with asyncio.timeout(5):
        told = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(error) for error in told] == [ZeroDivisionError] * 3
