"""The store on a real server: what is promised is kept, also when answers are lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import neo4j
import pytest
from neo4j import exceptions as neo

from kg.errors import StepRefused, StoreError, StoreTimeout, StoreUnavailable
from kg.statements import Statement, fixed
from kg.store import Address, Store, Transaction

pytestmark = pytest.mark.neo4j

COUNT = Statement("MATCH (n:Canary) RETURN count(n) AS number")


async def one_more(transaction: Transaction) -> dict[str, Any]:
    """Write one node, and say how many there are."""
    await transaction.run(Statement("CREATE (:Canary)"))
    return (await transaction.run(COUNT))[0]


async def canaries(store: Store) -> int:
    return (await store.read(COUNT))[0]["number"]


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (:Canary)",
        "MERGE (n:Canary {id: 1}) RETURN n",
        "MATCH (n) DETACH DELETE n",
        "CREATE INDEX canary IF NOT EXISTS FOR (n:Canary) ON (n.id)",
    ],
)
async def test_a_read_cannot_write(store: Store, text: Any) -> None:
    await store.write(one_more, operation="first")

    with pytest.raises(StoreError, match="refused"):
        await store.read(Statement(text))
    assert await canaries(store) == 1


async def test_a_write_is_kept_and_answers_with_what_it_returned(store: Store) -> None:
    assert await store.write(one_more, operation="one") == {"number": 1}
    assert await store.write(one_more, operation="two") == {"number": 2}


async def test_a_repeated_operation_answers_as_before_and_changes_nothing(store: Store) -> None:
    first = await store.write(one_more, operation="one")
    await store.write(one_more, operation="two")

    assert await store.write(one_more, operation="one") == first
    assert await canaries(store) == 2


async def test_an_operation_that_came_to_nothing_may_be_tried_again(store: Store) -> None:
    async def refused(transaction: Transaction) -> None:
        await one_more(transaction)
        raise StepRefused("no")

    with pytest.raises(StepRefused):
        await store.write(refused, operation="one")
    assert await canaries(store) == 0
    assert await store.write(one_more, operation="one") == {"number": 1}


async def test_an_operation_without_an_answer_is_done_once_as_well(store: Store) -> None:
    async def silent(transaction: Transaction) -> None:
        await one_more(transaction)

    await store.write(silent, operation="one")
    await store.write(silent, operation="one")

    assert await canaries(store) == 1


async def test_one_operation_sent_many_times_at_once_is_done_once(store: Store) -> None:
    answers = await asyncio.gather(*(store.write(one_more, operation="one") for _ in range(12)))

    assert answers == [{"number": 1}] * 12
    assert await canaries(store) == 1


async def test_every_statement_that_is_sent_is_counted(store: Store) -> None:
    before = store.statements_run
    await store.read(COUNT)
    assert store.statements_run - before == 1

    await store.write(one_more, operation="one")
    # The operation is begun and ended beside the two statements of the work.
    assert store.statements_run - before == 5


class LosesAnswers:
    """A driver whose first commit is done, or not, while its answer is lost as `lost` tells."""

    def __init__(self, driver: neo4j.AsyncDriver, lost: Callable[[], Awaitable[None]], reached: bool) -> None:
        self._driver = driver
        self._lost = lost
        self._reached = reached
        self.commits = 0

    @asynccontextmanager
    async def session(self, **config: Any) -> AsyncGenerator[Any]:
        async with self._driver.session(**config) as inner:
            yield _Session(inner, self)

    async def close(self) -> None:
        await self._driver.close()

    async def commit(self, inner: neo4j.AsyncTransaction) -> None:
        self.commits += 1
        if self._reached or self.commits > 1:
            await inner.commit()
        else:
            await inner.rollback()
        if self.commits == 1:
            await self._lost()


class _Session:
    def __init__(self, inner: neo4j.AsyncSession, driver: LosesAnswers) -> None:
        self._inner = inner
        self._driver = driver

    async def begin_transaction(self, **config: Any) -> Any:
        return _Lossy(await self._inner.begin_transaction(**config), self._driver)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Lossy:
    def __init__(self, inner: neo4j.AsyncTransaction, driver: LosesAnswers) -> None:
        self._inner = inner
        self._driver = driver

    async def __aenter__(self) -> _Lossy:
        await self._inner.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._inner.__aexit__(*error)

    async def commit(self) -> None:
        await self._driver.commit(self._inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@asynccontextmanager
async def lossy(
    address: Address, lost: Callable[[], Awaitable[None]], *, reached: bool, deadline: float = 20.0
) -> AsyncGenerator[Store]:
    driver = neo4j.AsyncGraphDatabase.driver(address.uri, auth=(address.user, address.password))
    wrapped = LosesAnswers(driver, lost, reached)
    async with Store(cast("neo4j.AsyncDriver", wrapped), address.database, deadline) as opened:
        yield opened


@pytest.mark.parametrize("reached", [True, False], ids=["it was done", "it was not done"])
@pytest.mark.parametrize("error", [neo.IncompleteCommit("lost"), neo.ServiceUnavailable("gone"), OSError("reset")])
async def test_a_commit_whose_answer_was_lost_is_done_exactly_once(
    store: Store, neo4j_address: Address, error: Exception, reached: bool
) -> None:
    async def lost() -> None:
        raise error

    async with lossy(neo4j_address, lost, reached=reached) as losing:
        assert await losing.write(one_more, operation="one") == {"number": 1}

    assert await canaries(store) == 1


async def test_who_was_told_that_it_took_too_long_repeats_under_the_same_id(
    store: Store, neo4j_address: Address
) -> None:
    async def lost() -> None:
        await asyncio.sleep(60)

    async with lossy(neo4j_address, lost, reached=True, deadline=2.0) as losing:
        with pytest.raises(StoreTimeout, match="did not answer"):
            await losing.write(one_more, operation="one")

    assert await store.write(one_more, operation="one") == {"number": 1}
    assert await canaries(store) == 1


async def test_a_write_that_is_late_says_that_it_may_have_been_done(store: Store) -> None:
    async def slow(transaction: Transaction) -> None:
        await one_more(transaction)
        await asyncio.sleep(30)

    start = time.monotonic()
    with pytest.raises(StoreTimeout) as caught:
        await store.write(slow, operation="one", deadline=0.5)

    assert time.monotonic() - start < 5
    assert "same operation id" in str(caught.value.hint)
    assert await canaries(store) == 0


async def test_a_read_that_would_take_long_ends_with_its_deadline(store: Store) -> None:
    endless = Statement("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b) AS total")
    start = time.monotonic()

    with pytest.raises(StoreTimeout):
        await store.read(endless, deadline=1.0)
    assert time.monotonic() - start < 4
    assert await canaries(store) == 0


async def test_who_is_not_known_is_told_so_at_once(neo4j_address: Address) -> None:
    start = time.monotonic()
    # Another user, so that the real one is not locked out.
    async with Store.at(replace(neo4j_address, user="nobody", password="wrong"), deadline=20.0) as stranger:
        with pytest.raises(StoreUnavailable, match="user name or the password") as caught:
            await stranger.read(fixed("read/ready"))
    assert "NEO4J_PASSWORD" in str(caught.value.place)
    assert time.monotonic() - start < 10


async def test_a_server_that_is_down_is_told_with_what_starts_it() -> None:
    async with Store.at(Address("bolt://127.0.0.1:1", "neo4j", "secret"), deadline=1.0) as nowhere:
        with pytest.raises(StoreUnavailable, match="cannot be reached") as caught:
            await nowhere.read(fixed("read/ready"))
    assert "mkg db start" in str(caught.value.hint)
