"""What every test may ask for: the shared data, and a real embedded Neo4j, emptied."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from kg import embedded
from kg.migrate import MIGRATIONS, migrate
from kg.settings import Settings, load_settings
from kg.statements import Statement, fixed
from kg.store import Address, Store

# In pieces, since a test may have left tens of thousands of nodes and the server limits a transaction's memory.
_EMPTY = (
    Statement("MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 5000 ROWS RETURN count(r) AS gone"),
    Statement(
        "MATCH (n) WHERE NOT n:Migration CALL (n) { DELETE n } IN TRANSACTIONS OF 2000 ROWS RETURN count(n) AS gone"
    ),
)


# How long an example takes says more about what else the machine does; speed is measured in bench/.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    assert folder.is_dir(), f"{folder} is missing; the tests read real data from it"
    return folder


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a running embedded Neo4j, as a user has them: by data directory, without NEO4J_URI.

    One server for the whole session: a test empties its own data.
    """
    # NEO4J_URI is unset here, so that a server set in the developer's environment is never touched.
    settings = Settings.model_validate(
        {
            "NEO4J_URI": None,
            "data_dir": tmp_path_factory.mktemp("neo4j"),
            "cache_dir": load_settings().cache_dir,
            "bolt_port": 0,
            "heap": "512m",
            "page_cache": "64m",
            "deadline": 60.0,  # The machine of a test run is busy; tests of the deadline set their own.
        }
    )
    embedded.start(settings, tied=True, fast_start=True)
    yield settings
    embedded.stop(settings)


@pytest.fixture(scope="session")
def neo4j_address(neo4j_server: Settings) -> Address:
    """Where that server listens, and its password."""
    uri = embedded.status(neo4j_server).uri
    assert uri is not None
    return Address(uri, "neo4j", embedded.password(neo4j_server).get_secret_value())


async def _emptied(store: Store) -> None:
    await migrate(store)
    for statement in _EMPTY:
        await store.command(statement)
    # Makes the node again that says where the graph stands.
    await store.command(fixed("write/migration_done", id=MIGRATIONS[-1], sha256=""))


@pytest.fixture(scope="session")
def emptied() -> Callable[[Store], Awaitable[None]]:
    """Prepare the database and take all data out of it."""
    return _emptied
