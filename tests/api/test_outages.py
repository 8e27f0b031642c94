"""Clients that leave and a database that stops and comes back, under load and without a restart of the service."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from graphql_api.app import create_app
from graphql_api.settings import load_api_settings
from kg import embedded
from kg.graph import Graph
from kg.migrate import migrate
from kg.settings import Settings, load_settings
from kg.statements import Statement
from kg.store import Address, Store

from .conftest import running

pytestmark = pytest.mark.neo4j

# Runs for minutes when nobody ends it.
ENDLESS = Statement("UNWIND range(1, 5000000000) AS x WITH x WHERE x % 4999999999 = 0 RETURN count(x) AS number")
RUNNING = Statement(
    "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND range(1, 5' RETURN 1 AS one"
)


async def gone(store: Store) -> float:
    """Seconds until no endless statement runs any more."""
    began = time.monotonic()
    while await store.read(RUNNING):
        assert time.monotonic() - began < 10, "the statement still runs"
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def begun(store: Store) -> None:
    for _ in range(200):
        if await store.read(RUNNING):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the statement never began")


async def test_a_read_that_is_cancelled_ends_in_the_database_too(opened: Store) -> None:
    for read in (opened.read, opened.values):
        task = asyncio.create_task(read(ENDLESS))
        await begun(opened)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await gone(opened)
    # And its connection is fit for the next.
    assert await opened.read(Statement("RETURN 1 AS one")) == [{"one": 1}]
    assert opened.connections_used == 0


@pytest.mark.parametrize("query", ['{ subgraph(question: "x") { __typename } }'])
async def test_a_client_that_hangs_up_ends_its_query_in_the_database(
    graph: Graph, opened: Store, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    async def endless(question: str) -> None:
        await opened.read(ENDLESS)

    monkeypatch.setattr(graph, "subgraph", endless)
    app = create_app(graph, settings=load_api_settings(log_level="error"))
    async with running(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        with pytest.raises(httpx.ReadTimeout):
            await http.post("/graphql", json={"query": query}, timeout=1.0)
        await gone(opened)
        assert "mkg_graphql_clients_left_total 1.0" in (await http.get("/metrics")).text


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A server that these tests may stop."""
    settings = Settings.model_validate(
        {
            "NEO4J_URI": None,
            "data_dir": tmp_path_factory.mktemp("stopped"),
            "cache_dir": load_settings().cache_dir,
            "bolt_port": 0,
            "heap": "256m",
            "page_cache": "32m",
        }
    )
    embedded.start(settings, tied=True, fast_start=True)
    yield settings
    embedded.stop(settings)


async def started(settings: Settings, port: int) -> None:
    """Start the server again, by a process of its own, so that the service of this one is not held up."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("mkg")),
        "--data-dir",
        str(settings.data_dir),
        "db",
        "start",
        "--port",
        str(port),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name != "NEO4J_URI"},
    )
    assert await process.wait() == 0


@asynccontextmanager
async def asking(
    http: httpx.AsyncClient, clients: int = 8
) -> AsyncIterator[list[tuple[float, float, int, str | None]]]:
    """Clients that ask one after the other: when, for how long, which status, and what they were told to wait."""
    answers: list[tuple[float, float, int, str | None]] = []
    stop = asyncio.Event()

    async def ask() -> None:
        while not stop.is_set():
            began = time.monotonic()
            answer = await http.post("/graphql", json={"query": '{ disease(icd10: "J20") { id } }'})
            took = time.monotonic() - began
            answers.append((began, took, answer.status_code, answer.headers.get("retry-after")))
            await asyncio.sleep(0.05)

    tasks = [asyncio.create_task(ask()) for _ in range(clients)]
    try:
        yield answers
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def status(http: httpx.AsyncClient, wanted: int, seconds: float) -> float:
    """Seconds until /readyz answers so."""
    began = time.monotonic()
    while (await http.get("/readyz")).status_code != wanted:
        assert time.monotonic() - began < seconds, f"/readyz is not {wanted}"
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def test_a_database_that_stops_and_comes_back_needs_no_restart(own_server: Settings) -> None:
    uri = embedded.status(own_server).uri
    assert uri is not None
    port_of = int(uri.rpartition(":")[2])
    address = Address(uri, "neo4j", embedded.password(own_server).get_secret_value())
    async with Store.at(address, deadline=10.0, patience=2.0) as store:
        await migrate(store)
        app = create_app(Graph(store), settings=load_api_settings(log_level="error"))
        async with running(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            assert (await http.get("/readyz")).status_code == 200
            async with asking(http) as answers:
                await asyncio.sleep(0.5)
                server = embedded.status(own_server).pid
                assert server is not None
                os.kill(server, signal.SIGKILL)
                stopped = time.monotonic()
                await status(http, 503, 5)
                await asyncio.sleep(4)
                assert (await http.get("/healthz")).status_code == 200
                await started(own_server, port_of)
                await status(http, 200, 60)
                ready = time.monotonic()
                await asyncio.sleep(4)
            assert {status for _, _, status, _ in answers} == {200, 503}
            down = [answer for answer in answers if answer[2] == 503]
            # Told soon, and told when to come again.
            assert {retry for _, _, _, retry in down} == {"2"}
            # Two seconds on a quiet machine; in any case not the ten that other requests have.
            assert max(took for began, took, _, _ in down if began > stopped) < 9
            # When it is back, everything is.
            assert all(status == 200 for began, _, status, _ in answers if began > ready + 2)
            assert store.connections_used == 0
