"""Where the graph stands is asked once for many, and never told from before the question."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from graphql_api.compiled.standing import Standing
from kg.errors import StoreUnavailable
from kg.statements import Statement


class Clock:
    """A store whose number grows with each statement that begins."""

    def __init__(self, *, broken: bool = False) -> None:
        self.begun = 0
        self.broken = broken

    async def values(self, statement: Statement, *, deadline: float | None = None) -> list[list[Any]]:
        assert "RETURN standing" in statement.text
        self.begun += 1
        number = self.begun
        await asyncio.sleep(0.01)
        if self.broken:
            raise StoreUnavailable("gone")
        return [[number]]


async def test_questions_that_come_together_share_one_statement() -> None:
    store = Clock()
    standing = Standing(store)  # pyright: ignore[reportArgumentType]
    assert await asyncio.gather(*(standing.now() for _ in range(20))) == [1] * 20
    assert store.begun == 1


async def test_an_answer_is_never_older_than_its_question() -> None:
    store = Clock()
    standing = Standing(store)  # pyright: ignore[reportArgumentType]
    first = asyncio.create_task(standing.now())
    await asyncio.sleep(0.005)
    # The statement on its way was begun before these asked.
    later = [asyncio.create_task(standing.now()) for _ in range(5)]
    assert await first == 1
    assert [await one for one in later] == [2] * 5
    assert store.begun == 2


async def test_a_failure_is_told_to_all_who_asked_and_the_next_asks_anew() -> None:
    store = Clock(broken=True)
    standing = Standing(store)  # pyright: ignore[reportArgumentType]
    told = await asyncio.gather(*(standing.now() for _ in range(3)), return_exceptions=True)
    assert all(isinstance(one, StoreUnavailable) for one in told)
    store.broken = False
    assert await standing.now() == 2


async def test_one_who_goes_away_does_not_stop_the_others() -> None:
    store = Clock()
    standing = Standing(store)  # pyright: ignore[reportArgumentType]
    asked = [asyncio.create_task(standing.now()) for _ in range(2)]
    await asyncio.sleep(0)
    asked[0].cancel()
    assert await asked[1] == 1
    with pytest.raises(asyncio.CancelledError):
        await asked[0]
