"""GraphQL requests a second over a real socket, beside the same answer by hand over Bolt, in one run."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, Final, LiteralString

import httpx

from bench.figures import Figure, Section, spread
from kg.graph import Graph
from kg.settings import Settings
from kg.statements import Statement

SECONDS: Final = 5.0
CLIENTS: Final = 16

# The operation, and Cypher that a person would write for the same fields.
PAIRS: Final[dict[str, tuple[str, LiteralString]]] = {
    "one disease": (
        '{ disease(icd10: "J20") { id name prior } }',
        """MATCH (d:Disease)-[:CODED_AS]->(:IcdCode {id: 'ICD10:J20'})
        RETURN d.id AS id, d.name AS name, d.prior AS prior""",
    ),
    "ten diseases with symptoms": (
        "{ diseases(first: 10) { edges { node { id name"
        " symptoms(first: 5) { edges { weight node { id name } } } } } } }",
        """MATCH (d:Disease) WITH d ORDER BY d.name, d.id LIMIT 10
        RETURN d.id AS id, d.name AS name, COLLECT {
          MATCH (d)-[r:HAS_SYMPTOM]->(s) RETURN {weight: r.weight, id: s.id, name: s.name}
          ORDER BY r.weight DESC, s.id LIMIT 5 } AS symptoms""",
    ),
}


async def measure(graph: Graph, settings: Settings) -> Section:
    """Serve the graph in a process of its own and load it from this one."""
    figures: list[Figure] = []
    with _served(settings) as address:
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            await _ready(client)
            for name, (query, cypher) in PAIRS.items():
                content = {"query": query}
                statement = Statement(cypher)

                async def ask(content: dict[str, Any] = content) -> object:
                    response = await client.post("/graphql", json=content)
                    response.raise_for_status()
                    assert "errors" not in response.json(), response.text
                    return response

                async def hand(statement: Statement = statement) -> object:
                    return await graph.store.read(statement)

                alone = await _load(ask, 1)
                many = await _load(ask, CLIENTS)
                floor = await _load(hand, CLIENTS)
                share = len(many) / len(floor)
                figures += spread(f"{name}, 1 client", alone)
                figures.append(Figure(f"{name}, {CLIENTS} clients", len(many) / SECONDS, "requests/s"))
                note = f"GraphQL reaches {share:.2f} of it; the load itself runs on the same cores"
                figures.append(Figure(f"{name}, by hand over Bolt", len(floor) / SECONDS, "requests/s", note))
    return Section("GraphQL", tuple(figures))


async def _load(work: Callable[[], Awaitable[object]], clients: int) -> list[float]:
    """Return the seconds of every request that `clients` made in turn, for SECONDS after a warm-up of one second."""
    times: list[float] = []
    begun = time.perf_counter()

    async def client() -> None:
        while (now := time.perf_counter()) < begun + 1 + SECONDS:
            await work()
            if now >= begun + 1:
                times.append(time.perf_counter() - now)

    await asyncio.gather(*(client() for _ in range(clients)))
    return times


async def _ready(client: httpx.AsyncClient) -> None:
    for _ in range(300):
        try:
            if (await client.get("/readyz")).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.2)
    raise RuntimeError("the service did not come up in 60 s")


@contextmanager
def _served(settings: Settings) -> Generator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"MKG_DATA_DIR": str(settings.data_dir), "MKG_LOG_LEVEL": "warning"}
    command = [sys.executable, "-c", "from mkg.cli import main; main()", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
