"""The doorway to Neo4j: runs statements under one deadline, and knows nothing of what they mean."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

import neo4j
import orjson
from neo4j import exceptions as neo

from kg.errors import StoreError, StoreTimeout, StoreUnavailable
from kg.statements import Statement, fixed

# A connection that breaks is told once, as an error of this package, and not by a line of the driver's as well.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

Row = dict[str, Any]
T = TypeVar("T")

_ALL: Final = 2**31 - 1
# An id that is longer does not fit into the index that keeps it unique.
_LONGEST_ID: Final = 256

_SCHEMES: Final = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_CONNECT_HINT: Final = "Start it with `mkg db start`, or check NEO4J_URI; `mkg doctor` shows what is reachable."
_READ_LATE: Final = "Ask for less (a smaller `top`, fewer hops), or raise MKG_DEADLINE."
_WRITE_LATE: Final = (
    "It may have been done all the same: look (`mkg review log`), or repeat it under the same operation id."
)
# A query that outgrows its memory is reported as transient; repeating it costs the same memory again.
_NEVER_AGAIN: Final = ("OutOfMemoryError", "StackOverFlowError")
# The database panicked (full disk, broken log): it heals by a restart, not by trying again.
_PANIC: Final = ("TransactionLogError", "TransactionStartFailed")
_AWAY: Final = "DatabaseUnavailable"


@dataclass(frozen=True, slots=True)
class Address:
    """Which database, and who asks."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str = "neo4j"


class Transaction:
    """A write transaction: everything run in it is kept, or nothing is."""

    def __init__(self, inner: neo4j.AsyncTransaction) -> None:
        self._inner = inner
        self.statements_run = 0

    async def run(self, statement: Statement) -> list[Row]:
        """Run one statement and return all its rows."""
        self.statements_run += 1
        result = await self._inner.run(statement.text, dict(statement.values))
        return [dict(record) for record in await result.fetch(_ALL)]


class Store:
    """Runs statements; knows nothing of what they mean.

    Every request has one deadline in seconds, retries included. Reads run in READ sessions, so the server itself
    refuses a write in them. `statements_run` counts what was sent, `connections_used` what is being answered, for tests
    and metrics.
    """

    def __init__(
        self,
        driver: neo4j.AsyncDriver,
        database: str,
        deadline: float,
        bookmarks: neo4j.AsyncBookmarkManager | None = None,
        patience: float | None = None,
    ) -> None:
        self._driver = driver
        self._database = database
        self._deadline = deadline
        self._bookmarks = bookmarks
        self._patience = deadline if patience is None else patience
        self.statements_run = 0
        self.connections_used = 0

    @classmethod
    def at(cls, address: Address, deadline: float = 10.0, patience: float | None = None) -> Self:
        """Return a store for that database; nothing is sent yet.

        `patience` is for how many seconds a server that cannot be reached is tried, `deadline` when not told.
        Raises StoreUnavailable when the address makes no sense.
        """
        try:
            routed = _is_routed(address.uri)
            driver = neo4j.AsyncGraphDatabase.driver(
                address.uri,
                auth=(address.user, address.password),
                max_connection_pool_size=32,
                # Counts for the handshake too: a server that starts takes connections and says nothing for a while.
                connection_acquisition_timeout=min(deadline, 5.0, patience or deadline),
                connection_timeout=min(deadline, 5.0, patience or deadline),
                user_agent="mkg",
                telemetry_disabled=True,
                notifications_min_severity="OFF",
            )
        except (ValueError, neo.ConfigurationError) as error:
            raise StoreUnavailable(
                f"{address.uri!r} is not an address of Neo4j: {error}",
                place="setting NEO4J_URI",
                hint="Write it as bolt://host:7687, neo4j://host or neo4j+s://host.",
            ) from error
        # Behind a router the next read may meet another member; its bookmark makes it wait for what was written.
        bookmarks = neo4j.AsyncGraphDatabase.bookmark_manager() if routed else None
        return cls(driver, address.database, deadline, bookmarks, patience)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Give all connections back."""
        await self._driver.close()

    async def read(self, statement: Statement, *, deadline: float | None = None) -> list[Row]:
        """Run a reading statement and return all its rows.

        Raises StoreUnavailable, StoreTimeout or StoreError.
        """

        async def once(left: float) -> list[Row]:
            self.statements_run += 1
            async with self._session(neo4j.READ_ACCESS) as session:
                return await _rows(session, statement, left)

        return await self._until(once, deadline or self._deadline, _READ_LATE)

    async def values(self, statement: Statement, *, deadline: float | None = None) -> list[list[Any]]:
        """Run a reading statement and return all its rows as bare lists, in the order of its columns.

        Raises StoreUnavailable, StoreTimeout or StoreError.
        """

        async def once(left: float) -> list[list[Any]]:
            self.statements_run += 1
            async with self._session(neo4j.READ_ACCESS) as session:
                result = await session.run(neo4j.Query(statement.text, timeout=left), dict(statement.values))
                return await result.values()

        return await self._until(once, deadline or self._deadline, _READ_LATE)

    async def write(
        self,
        work: Callable[[Transaction], Awaitable[T]],
        *,
        operation: str,
        deadline: float | None = None,
    ) -> T:
        """Run `work` in one write transaction and return what it returned (anything that JSON can hold).

        `operation` names this write for good: its result is kept in the same transaction, so that a repeat, or a
        commit whose answer was lost, returns the first result and changes nothing.
        """
        if not 0 < len(operation.encode()) <= _LONGEST_ID:
            raise StoreError(f"an operation id has 1 to {_LONGEST_ID} bytes", hint="Use a fresh UUID.")

        async def once(left: float) -> T:
            async with (
                self._session(neo4j.WRITE_ACCESS) as session,
                await session.begin_transaction(timeout=left) as inner,
            ):
                transaction = Transaction(inner)
                try:
                    kept = await _kept(transaction, operation)
                    if kept is None:
                        kept = orjson.dumps(await work(transaction)).decode()
                        await transaction.run(fixed("write/operation_end", id=operation, result=kept))
                        await inner.commit()
                finally:
                    self.statements_run += transaction.statements_run
                # Read back from what is kept, so that the first answer and a repeated one are alike.
                return orjson.loads(kept)

        return await self._until(once, deadline or self._deadline, _WRITE_LATE)

    @asynccontextmanager
    async def held(self, seconds: float) -> AsyncGenerator[Transaction]:
        """Keep one transaction open for the length of a `with` block, and with it the locks that it takes.

        It is committed at the end, rolled back on an error, and ended by the server after `seconds` or when this
        process dies. Raises a StoreError when it cannot be begun or committed.
        """
        try:
            async with (
                self._session(neo4j.WRITE_ACCESS) as session,
                await session.begin_transaction(timeout=seconds) as inner,
            ):
                transaction = Transaction(inner)
                yield transaction
                await inner.commit()
                self.statements_run += transaction.statements_run
        except (neo.Neo4jError, neo.DriverError, OSError) as error:
            raise _told(error, seconds, _WRITE_LATE) from error

    async def command(self, statement: Statement, *, deadline: float | None = 60.0) -> list[Row]:
        """Run one statement that writes, stands alone and may be repeated: a constraint, an index, a named operation.

        `deadline` is in seconds; None takes the store's own.
        """

        async def once(left: float) -> list[Row]:
            self.statements_run += 1
            async with self._session(neo4j.WRITE_ACCESS) as session:
                return await _rows(session, statement, left)

        return await self._until(once, deadline or self._deadline, _WRITE_LATE)

    def _session(self, mode: str) -> neo4j.AsyncSession:
        return self._driver.session(
            database=self._database, default_access_mode=mode, bookmark_manager=self._bookmarks, fetch_size=-1
        )

    async def _until(self, once: Callable[[float], Awaitable[T]], seconds: float, late: str) -> T:
        end = time.monotonic() + seconds
        pause = 0.05
        before: Exception | None = None
        gone: float | None = None
        while True:
            until = end if gone is None else min(end, gone + self._patience)
            left = until - time.monotonic()
            try:
                async with asyncio.timeout(left):
                    self.connections_used += 1
                    try:
                        return await once(max(left, 0.001))
                    finally:
                        self.connections_used -= 1
            except TimeoutError as error:
                # When every try has failed, the reason says more than the clock.
                raise (_told(before, seconds, late) if before else _timeout(seconds, late)) from error
            except (neo.Neo4jError, neo.DriverError, OSError) as error:
                wait = pause * (0.5 + random.random())  # noqa: S311  # spreads retries, guards nothing
                now = time.monotonic()
                gone = (gone or now) if _unreachable(error) else None
                # A long piece of work is given its time, a server that is gone is not waited for as long.
                late_for_it = gone is not None and now + wait >= gone + self._patience
                if not _passing(error) or now + wait >= end or late_for_it:
                    raise _told(error, seconds, late) from error
                before = error
                await asyncio.sleep(wait)
                pause = min(pause * 2, 1.0)


def _is_routed(uri: str) -> bool:
    """Say whether a router stands at this address; raise ValueError when it is no address of Neo4j."""
    parts = urlsplit(uri)
    # `port` is looked at because that is when a port which is no number, or is too large, is noticed.
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.port == 0:
        raise ValueError("its scheme, host or port is wrong")
    return parts.scheme.startswith("neo4j")


async def _rows(session: neo4j.AsyncSession, statement: Statement, seconds: float) -> list[Row]:
    result = await session.run(neo4j.Query(statement.text, timeout=seconds), dict(statement.values))
    return [dict(record) for record in await result.fetch(_ALL)]


async def _kept(transaction: Transaction, operation: str) -> str | None:
    """Lock the operation; return its result (JSON) when it was done before."""
    return (await transaction.run(fixed("write/operation_begin", id=operation)))[0]["result"]


def _passing(error: Exception) -> bool:
    """Say whether trying again can help; a write is safe to repeat because its operation is looked up first."""
    if isinstance(error, neo.AuthError | neo.ConfigurationError):
        return False
    code = str(getattr(error, "code", "") or "")
    if any(name in code for name in (*_NEVER_AGAIN, *_PANIC)) or "TransactionTimedOut" in code:
        return False
    if isinstance(error, neo.Neo4jError | neo.DriverError):
        return error.is_retryable() or isinstance(error, neo.IncompleteCommit)
    return True


def _unreachable(error: Exception) -> bool:
    # A server that starts or stops takes connections, and says so of its database.
    return _AWAY in str(getattr(error, "code", "") or "") or isinstance(
        error, OSError | neo.ServiceUnavailable | neo.SessionExpired | neo.ConnectionAcquisitionTimeoutError
    )


def _timeout(seconds: float, late: str) -> StoreTimeout:
    return StoreTimeout(f"the database did not answer within {seconds:g} s", hint=late)


def _told(error: Exception, seconds: float, late: str) -> StoreError:
    code = str(getattr(error, "code", "") or "")
    text = next(iter(str(getattr(error, "message", "") or error).splitlines()), type(error).__name__)[:300]
    if isinstance(error, neo.AuthError):
        return StoreUnavailable(
            "Neo4j refused the user name or the password",
            place="settings NEO4J_USER and NEO4J_PASSWORD",
            hint="For the embedded server leave NEO4J_URI unset; its password is kept in the data directory.",
        )
    if "TransactionTimedOut" in code:
        return _timeout(seconds, late)
    if any(name in code for name in _NEVER_AGAIN):
        return StoreError(
            "the answer outgrew the database's memory limit",
            place=code,
            hint="Ask for less: a smaller `top`, fewer hops.",
        )
    if any(name in code for name in _PANIC):
        return StoreUnavailable(
            f"the database stopped itself: {text}",
            hint="Free disk space, then run `mkg db stop` and `mkg db start`.",
        )
    if _unreachable(error):
        return StoreUnavailable(f"Neo4j cannot be reached: {text}", hint=_CONNECT_HINT)
    return StoreError(f"Neo4j refused a statement: {text}", place=code or None)
