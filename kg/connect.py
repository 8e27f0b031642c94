"""From settings to a graph that answers: the server that was named, or the embedded one, started and prepared."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import anyio.to_thread

from kg.embedded import control
from kg.errors import SettingsError, StoreUnavailable
from kg.graph import Graph
from kg.migrate import migrate
from kg.settings import Settings
from kg.store import Address, Store

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0 when unknown)."""


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""
    del what, done, total


def address_of(settings: Settings, *, start: bool = True, progress: Progress = silent) -> Address:
    """Return the database that the settings mean; start the embedded one when it is not running and `start` is true.

    Blocks while it starts. Raises SettingsError, EmbeddedError or StoreUnavailable.
    """
    if settings.neo4j_uri is not None:
        if settings.neo4j_password is None:
            raise SettingsError(
                "NEO4J_URI is set, NEO4J_PASSWORD is not",
                place="setting NEO4J_PASSWORD",
                hint="Set it, or unset NEO4J_URI to use the embedded server.",
            )
        password = settings.neo4j_password.get_secret_value()
        return Address(settings.neo4j_uri, settings.neo4j_user, password, settings.neo4j_database)
    status = control.status(settings)
    if status.state != "running":
        if not start:
            raise StoreUnavailable("the embedded Neo4j is not running", hint="Start it with `mkg db start`.")
        status = control.start(settings, progress=progress)
    assert status.uri is not None
    return Address(status.uri, "neo4j", control.password(settings).get_secret_value())


@asynccontextmanager
async def connected(
    settings: Settings, *, start: bool = True, progress: Progress = silent, patience: float | None = None
) -> AsyncGenerator[Graph]:
    """Open the graph that the settings mean, brought to this release's schema, for the length of a `with` block.

    `patience` is for how many seconds a request tries a server that cannot be reached; MKG_DEADLINE when not told.
    """
    address = await anyio.to_thread.run_sync(lambda: address_of(settings, start=start, progress=progress))
    async with Store.at(address, settings.deadline, patience) as store:
        await migrate(store)
        yield Graph(store, most_edges=settings.question_cost)
