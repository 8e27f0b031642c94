"""Clients that leave: what is read for them ends in the database too."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest

from graphql_api.app import create_app
from graphql_api.settings import load_api_settings
from kg.graph import Graph
from kg.statements import Statement
from kg.store import Store

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
