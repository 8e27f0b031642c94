"""Asks the server over Bolt, as its users will, whether it is what it was told to be."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final, LiteralString

from neo4j import Driver, GraphDatabase, Query, Record
from neo4j.exceptions import AuthError, Neo4jError, ServiceUnavailable

from kg.embedded.conf import Rule, differences
from kg.errors import EmbeddedError

# What must be refused, with words of the refusal. Nothing listens on port 9 of loopback, and nothing is asked there.
_FORBIDDEN: Final[tuple[tuple[LiteralString, str], ...]] = (
    ("LOAD CSV FROM 'file:///neo4j.conf' AS row RETURN count(row)", "configuration property"),
    ("LOAD CSV FROM 'http://127.0.0.1:9/' AS row RETURN count(row)", "blocked"),
)
# Seconds, in place of the server's own limit: the first queries of a cold server on a busy machine are slow.
_LIMIT: Final = 60.0


def accepts(uri: str, password: str) -> bool:
    """Whether the user `neo4j` may log in with that password."""
    with GraphDatabase.driver(uri, auth=("neo4j", password), telemetry_disabled=True) as driver:
        try:
            _ask(driver, "system", "SHOW CURRENT USER")
        except AuthError:
            return False
    return True


def check(uri: str, password: str, settings: Sequence[Rule], *, patience: float) -> None:
    """Return when a real query is answered and every asserted setting is as it was set.

    Waits up to `patience` seconds for the database. Raises EmbeddedError naming what differs.
    """
    with GraphDatabase.driver(uri, auth=("neo4j", password), telemetry_disabled=True) as driver:
        _wait_for_answer(driver, patience)
        rows = _ask(driver, "system", "SHOW SETTINGS YIELD name, value")
        wrong = differences(settings, {row["name"]: row["value"] for row in rows})
        wrong += [
            f"{statement!r} is not refused" for statement, words in _FORBIDDEN if not _refuses(driver, statement, words)
        ]
    if wrong:
        raise EmbeddedError(
            f"Neo4j does not run with the settings it was given: {'; '.join(wrong)}",
            place="SHOW SETTINGS",
            hint="It was stopped again. This version of mkg does not fit this Neo4j; please report it.",
        )


def _wait_for_answer(driver: Driver, patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            # A query that needs the store: a connection alone also works while the database is offline.
            _ask(driver, "neo4j", "MATCH (n) RETURN count(n)")
        except (Neo4jError, ServiceUnavailable) as error:
            if time.monotonic() >= end:
                reason = _status(driver) or str(error)
                raise EmbeddedError(f"The database does not open: {reason}", place="database neo4j") from error
            time.sleep(0.2)
        else:
            return


def _status(driver: Driver) -> str | None:
    rows = _ask(driver, "system", "SHOW DATABASE neo4j YIELD statusMessage")
    return next((row["statusMessage"] for row in rows if row["statusMessage"]), None)


def _refuses(driver: Driver, statement: LiteralString, words: str) -> bool:
    try:
        _ask(driver, "neo4j", statement)
    except Neo4jError as error:
        return words in (error.message or "")
    return False


def _ask(driver: Driver, database: str, statement: LiteralString) -> list[Record]:
    with driver.session(database=database) as session:
        return list(session.run(Query(statement, timeout=_LIMIT)))
