"""The database stops, dies and comes back while people read and write; clients hang up; the service is stopped."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from bench.fuzz import serving
from graphql_api.app import create_app
from graphql_api.settings import load_api_settings
from kg import embedded
from kg.graph import Graph
from kg.migrate import migrate
from kg.settings import Settings
from kg.statements import Statement
from kg.store import Address, Store

from .conftest import CLINIC, KEYS, filled, keyed, running
from .test_outages import ENDLESS, begun, gone

pytestmark = pytest.mark.neo4j

CURATOR = {"authorization": f"Bearer {KEYS['carl'][0]}"}
READ = '{ disease(id: "DOID:2841") { name symptoms { totalCount } } }'
PROPOSE = """mutation($name: String!, $operation: ID!) { proposeName(input: {nodeId: "DOID:2841", language: EN,
  name: $name, reference: "a book", operation: $operation}) { proposal { id } errors { code } } }"""

PROPOSALS = Statement("MATCH (p:Proposal) RETURN p.id AS id, p.what AS what")


@dataclass
class Load:
    """What clients under load were told; `wrong` is what no client should be told."""

    answered: list[float] = field(default_factory=list[float])
    refused: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    proposed: dict[str, str] = field(default_factory=dict[str, str])
    late: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def heard(self, began: float, answer: httpx.Response) -> dict[str, Any] | None:
        """Take an answer down; return its data, or None when the client has to come again."""
        content = answer.json()
        now = time.monotonic()
        if answer.status_code == 200 and "errors" not in content:
            self.answered.append(now)
            return content["data"]
        (error, *_) = content.get("errors", [{"extensions": {}}])
        told = error["extensions"]
        retry = answer.headers.get("retry-after")
        if told.get("code") == "TIMEOUT" and told.get("hint"):
            # A server that has just started may take a statement and be slow to answer it.
            self.late += 1
        elif (
            answer.status_code != 503 or told.get("code") != "SERVICE_UNAVAILABLE" or not told.get("hint") or not retry
        ):
            self.wrong.append(f"{answer.status_code} {retry} {answer.text[:300]}")
        self.refused.append((began, now))
        return None


@asynccontextmanager
async def load(http: httpx.AsyncClient, readers: int = 5, writers: int = 3) -> AsyncIterator[Load]:
    """Clients that read, and clients that propose and come again under the same operation until they are answered."""
    heard, over = Load(), asyncio.Event()

    async def once(body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any] | None:
        began = time.monotonic()
        return heard.heard(began, await http.post("/graphql", json=body, headers=headers))

    async def read() -> None:
        while not over.is_set():
            await once({"query": READ}, CURATOR)
            await asyncio.sleep(0.05)

    async def write() -> None:
        while not over.is_set():
            operation = uuid4().hex
            variables = {"name": f"name {operation[:12]}", "operation": operation}
            data = await once({"query": PROPOSE, "variables": variables}, CURATOR)
            while data is None:
                await asyncio.sleep(0.3)
                data = await once({"query": PROPOSE, "variables": variables}, CURATOR)
            payload = data["proposeName"]
            if payload is None or payload["errors"]:
                heard.wrong.append(json.dumps(data))
            else:
                heard.proposed[variables["name"]] = payload["proposal"]["id"]
            await asyncio.sleep(0.1)

    async with asyncio.TaskGroup() as clients:
        for step in (*[read] * readers, *[write] * writers):
            clients.create_task(step())
        yield heard
        over.set()


_START = """import sys
from kg import embedded
from kg.settings import load_settings
folder, cache, port = sys.argv[1:]
settings = load_settings(data_dir=folder, cache_dir=cache, bolt_port=port, neo4j_uri=None, heap="256m")
embedded.start(settings, fast_start=True)
"""


async def started(settings: Settings, port: str) -> None:
    """Start the server again, by a process of its own, so that the service of this one is not held up."""
    words = (str(settings.data_dir), str(settings.cache_dir), port)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _START, *words)
    assert await process.wait() == 0


async def status(http: httpx.AsyncClient, wanted: int, seconds: float) -> float:
    """Seconds until /readyz answers so."""
    began = time.monotonic()
    while (await http.get("/readyz")).status_code != wanted:
        assert time.monotonic() - began < seconds, f"/readyz is not {wanted}"
        await asyncio.sleep(0.1)
    return time.monotonic() - began


def _unheard(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Pass over a connection that fails after the driver has given it up, when nobody listens any more."""
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)


# The driver leaves the socket of such a connection to the collector.
@pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["stopped in order", "killed"])
async def test_a_database_that_goes_under_reads_and_writes_loses_nothing_and_nothing_is_restarted(
    own_server: Settings, number: signal.Signals
) -> None:
    asyncio.get_running_loop().set_exception_handler(_unheard)
    server = embedded.status(own_server)
    assert server.uri is not None
    assert server.pid is not None
    address = Address(server.uri, "neo4j", embedded.password(own_server).get_secret_value())
    async with Store.at(address, deadline=10.0, patience=2.0) as store:
        await migrate(store)
        app = create_app(await filled(store, CLINIC), settings=keyed(log_level="error"))
        async with running(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            async with load(http) as heard:
                await asyncio.sleep(1.5)
                os.kill(server.pid, number)
                down = time.monotonic()
                red = await status(http, 503, 15)
                if number is signal.SIGKILL:
                    assert red < 3
                assert (await http.get("/readyz")).headers["retry-after"] == "5"
                assert (await http.get("/healthz")).status_code == 200
                await started(own_server, server.uri.rpartition(":")[2])
                await status(http, 200, 60)
                back = time.monotonic()
                await asyncio.sleep(3)
            assert not heard.wrong
            assert len(heard.refused) > 2 * heard.late
            # Two seconds on a quiet machine, and not the ten that other requests have.
            assert statistics.median(ended - began for began, ended in heard.refused if began > down) < 5
            # Soon after the database is back everybody is answered.
            assert [at for at in heard.answered if at > back + 1]
            assert not [began for began, _ in heard.refused if began > back + 2]
            # What was acknowledged is there, and once: also what was sent again because no answer came.
            known = [(row["id"], json.loads(row["what"])["name"]) for row in await store.read(PROPOSALS)]
            assert {(proposal, name) for name, proposal in heard.proposed.items()} <= set(known)
            assert len({name for _, name in known}) == len(known)
            assert len(heard.proposed) > 3
            assert store.connections_used == 0


SLOW = '{ subgraph(question: "x") { __typename } }'
Leave = Callable[[httpx.AsyncClient, Callable[[], Awaitable[None]]], Awaitable[None]]


def leaving(method: str, **given: Any) -> Leave:
    """A client that sends this and hangs up as soon as its statement runs."""

    async def leave(http: httpx.AsyncClient, runs: Callable[[], Awaitable[None]]) -> None:
        asked = asyncio.create_task(http.request(method, "/graphql", **given))
        await runs()
        asked.cancel()
        with suppress(asyncio.CancelledError):
            await asked

    return leave


def by_socket(*goodbye: dict[str, str]) -> Leave:
    """A client that asks over a WebSocket, says goodbye, and closes it."""

    async def leave(http: httpx.AsyncClient, runs: Callable[[], Awaitable[None]]) -> None:
        address = f"ws://127.0.0.1:{http.base_url.port}/graphql"
        async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")]) as wire:
            await wire.send(json.dumps({"type": "connection_init"}))
            await wire.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": SLOW}}))
            await runs()
            for message in goodbye:
                await wire.send(json.dumps(message))

    return leave


WAYS: dict[str, Leave] = {
    "GET": leaving("GET", params={"query": SLOW}, headers={"apollo-require-preflight": "1"}),
    "a batch": leaving("POST", json=[{"query": SLOW}, {"query": SLOW}]),
    "a stream of events": leaving("POST", json={"query": SLOW}, headers={"accept": "text/event-stream"}),
    "a compiled read": leaving("POST", json={"query": READ}),
    "a socket": by_socket(),
    "one operation of a socket": by_socket({"id": "1", "type": "complete"}),
}


async def test_whoever_hangs_up_ends_what_is_read_for_them_in_the_database(
    own_graph: Graph, opened: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(*_: Any, **__: Any) -> None:
        await opened.read(ENDLESS)

    monkeypatch.setattr(own_graph, "subgraph", endless)
    monkeypatch.setattr(opened, "values", endless)
    app = create_app(own_graph, settings=load_api_settings(log_level="error", max_batch=2))
    async with running(app) as port:
        for name, leave in WAYS.items():
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
                await leave(http, lambda: begun(opened))
            assert await gone(opened) < 3, name
        assert opened.connections_used == 0
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            assert "mkg_graphql_running 0.0" in (await http.get("/metrics")).text


# Six that no plan is kept of, so that they are on their way for a while.
READS = [
    "{ diseases(first: 60) { nodes { symptoms(first: 9) { nodes { "
    f"{more} diseases(first: 2) {{ totalCount nodes {{ id drugs(first: 1) {{ totalCount }} }} }} }} }} }} }} }}"
    for more in ("id", "name", "names { name }", "synonyms", "id xrefs", "id synonyms")
]


async def test_a_service_that_is_stopped_answers_what_runs_and_tells_open_sockets(
    own_graph: Graph, neo4j_server: Settings, tmp_path: Path
) -> None:
    with serving(neo4j_server, tmp_path) as site:
        headers = {"authorization": f"Bearer {site.keys['curator']}"}
        wire = await connect(
            f"{site.address.replace('http', 'ws')}/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            additional_headers=headers,
        )
        await wire.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await wire.recv())["type"] == "connection_ack"
        async with httpx.AsyncClient(base_url=site.address, headers=headers, timeout=60) as http:
            wish = {"name": "stopped asthma", "operation": uuid4().hex}
            bodies = [*({"query": text} for text in READS), {"query": PROPOSE, "variables": wish}]
            asked = [asyncio.create_task(http.post("/graphql", json=body)) for body in bodies]
            await asyncio.sleep(0.2)
            assert not all(task.done() for task in asked)
            os.kill(site.pid, signal.SIGTERM)
            stopped = time.monotonic()
            *reads, wrote = await asyncio.gather(*asked)
        for answer in reads:
            content = answer.json()
            assert "errors" not in content or content["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
            assert ("errors" in content) == (answer.status_code == 503)
        proposal = wrote.json()["data"]["proposeName"]["proposal"]["id"]
        assert (await own_graph.desk.proposal(proposal)).status.value == "proposed"
        await asyncio.wait_for(wire.wait_closed(), 30)
        assert wire.close_code == 1012
        while psutil.pid_exists(site.pid) and psutil.Process(site.pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() - stopped < 30, "the service does not end"
            await asyncio.sleep(0.1)
    assert "Traceback" not in site.log.read_text("utf-8")
