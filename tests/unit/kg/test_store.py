"""The store keeps its deadline, knows what is worth trying again, and says in words what went wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, cast

import neo4j
import pytest
from neo4j import exceptions as neo

from kg.errors import StoreError, StoreTimeout, StoreUnavailable
from kg.statements import Statement
from kg.store import Address, Store, Transaction

STATEMENT = Statement("RETURN 1 AS one")


class FakeResult:
    async def fetch(self, _: int) -> list[dict[str, Any]]:
        return [{"one": 1}]


class FakeSession:
    """A session in which each statement does what `act` does."""

    def __init__(self, driver: FakeDriver) -> None:
        self._driver = driver

    async def __aenter__(self) -> FakeSession:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def run(self, *_: object) -> FakeResult:
        self._driver.tries += 1
        await asyncio.sleep(self._driver.seconds)
        error = self._driver.error(self._driver.tries)
        if error:
            raise error
        return FakeResult()


class FakeDriver:
    """Answers each try after `seconds`, with the error that `error(number of the try)` returns, if any."""

    def __init__(self, error: Callable[[int], Exception | None] = lambda _: None, seconds: float = 0.0) -> None:
        self.error = error
        self.seconds = seconds
        self.tries = 0
        self.modes: list[str] = []

    def session(self, *, default_access_mode: str, **_: object) -> FakeSession:
        self.modes.append(default_access_mode)
        return FakeSession(self)


def store_on(driver: FakeDriver, deadline: float = 5.0) -> Store:
    return Store(cast("neo4j.AsyncDriver", driver), "neo4j", deadline)


def server_error(code: str, message: str = "said the server") -> neo.Neo4jError:
    return neo.Neo4jError._basic_hydrate(neo4j_code=code, message=message)  # pyright: ignore


async def test_a_read_runs_in_a_session_that_cannot_write() -> None:
    driver = FakeDriver()

    assert await store_on(driver).read(STATEMENT) == [{"one": 1}]
    assert driver.modes == [neo4j.READ_ACCESS]


@pytest.mark.parametrize(
    "code",
    [
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
        "Neo.TransientError.General.StackOverFlowError",
        "Neo.TransientError.General.OutOfMemoryError",
    ],
)
async def test_a_question_that_outgrew_the_memory_is_not_asked_again(code: str) -> None:
    driver = FakeDriver(lambda _: server_error(code))

    with pytest.raises(StoreError, match="memory limit") as caught:
        await store_on(driver).read(STATEMENT)
    assert driver.tries == 1
    assert "smaller" in str(caught.value.hint)


async def test_what_passes_is_tried_again() -> None:
    deadlock = server_error("Neo.TransientError.Transaction.DeadlockDetected")
    driver = FakeDriver(lambda number: deadlock if number < 3 else None)

    assert await store_on(driver).read(STATEMENT) == [{"one": 1}]
    assert driver.tries == 3


async def test_a_mistake_in_a_statement_is_not_tried_again() -> None:
    driver = FakeDriver(lambda _: server_error("Neo.ClientError.Statement.SyntaxError", "oops\n  at 1"))

    with pytest.raises(StoreError, match="refused a statement: oops") as caught:
        await store_on(driver).read(STATEMENT)
    assert driver.tries == 1
    assert caught.value.place == "Neo.ClientError.Statement.SyntaxError"


@pytest.mark.parametrize("seconds", [0.0, 0.12])
async def test_the_deadline_is_for_all_tries_together(seconds: float) -> None:
    driver = FakeDriver(lambda _: neo.ServiceUnavailable("nobody there"), seconds)
    start = time.monotonic()

    with pytest.raises(StoreUnavailable, match="nobody there") as caught:
        await store_on(driver, deadline=0.5).read(STATEMENT)
    assert driver.tries > 1
    assert time.monotonic() - start < 1.5
    assert "mkg db start" in str(caught.value.hint)


async def test_a_server_that_does_not_answer_is_left_when_the_deadline_passes() -> None:
    driver = FakeDriver(seconds=30)
    start = time.monotonic()

    with pytest.raises(StoreTimeout, match=r"within 0\.2 s"):
        await store_on(driver, deadline=0.2).read(STATEMENT)
    assert time.monotonic() - start < 1.5


async def test_a_server_that_is_gone_is_not_waited_for_as_long_as_long_work_may_take() -> None:
    driver = FakeDriver(lambda _: neo.ServiceUnavailable("gone"))
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        await store_on(driver, deadline=0.3).read(Statement("RETURN 1"), deadline=60.0)
    assert time.monotonic() - begun < 5


async def test_a_statement_that_the_server_cut_off_is_a_timeout() -> None:
    code = "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration"
    driver = FakeDriver(lambda _: server_error(code))

    with pytest.raises(StoreTimeout):
        await store_on(driver).read(STATEMENT)
    assert driver.tries == 1


async def test_a_wrong_password_is_told_at_once() -> None:
    driver = FakeDriver(lambda _: neo.AuthError("no"))

    with pytest.raises(StoreUnavailable, match="password"):
        await store_on(driver).read(STATEMENT)
    assert driver.tries == 1


async def test_a_database_that_stopped_itself_is_told_with_what_heals_it() -> None:
    driver = FakeDriver(lambda _: server_error("Neo.DatabaseError.Transaction.TransactionLogError"))

    with pytest.raises(StoreUnavailable, match="stopped itself") as caught:
        await store_on(driver).read(STATEMENT)
    assert driver.tries == 1
    assert "disk" in str(caught.value.hint)


@pytest.mark.parametrize("operation", ["", "x" * 257])
async def test_an_operation_id_that_no_index_can_hold_is_refused_before_anything_is_sent(operation: str) -> None:
    async def work(_: Transaction) -> None:
        raise AssertionError

    driver = FakeDriver()
    with pytest.raises(StoreError, match="operation id"):
        await store_on(driver).write(work, operation=operation)
    assert driver.modes == []


@pytest.mark.parametrize("uri", ["http://localhost:7474", "localhost:7687", "bolt://", "bolt://h:99999", "bolt://h:x"])
def test_an_address_that_is_none_of_neo4j_is_refused_with_the_setting(uri: str) -> None:
    with pytest.raises(StoreUnavailable, match="not an address") as caught:
        Store.at(Address(uri, "neo4j", "secret"))
    assert caught.value.place == "setting NEO4J_URI"


def test_an_address_does_not_show_its_password() -> None:
    assert "secret" not in repr(Address("bolt://h", "neo4j", "secret"))
