"""A small schema behind the real endpoint, on a real socket, without a database."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import strawberry
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect

from graphql_api import logs
from graphql_api.access.identity import Identity
from graphql_api.access.keys import Role
from graphql_api.access.locks import locked
from graphql_api.access.oidc import Tokens
from graphql_api.jobs.desk import NoteDesk
from graphql_api.metrics import Metrics
from graphql_api.operations.replies import Reads
from graphql_api.operations.running import Operations
from graphql_api.schema import Parsed, Schema
from graphql_api.settings import ApiSettings, load_api_settings
from graphql_api.transport.endpoint import Endpoint
from graphql_api.transport.events import EventStreams
from graphql_api.transport.guard import Gate, Straight
from graphql_api.transport.sockets import Sockets
from graphql_api.transport.streams import Streams
from kg.graph import Graph
from kg.store import Address, Store


@dataclass
class Ran:
    """What the fields of the small schema did."""

    begun: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    async def wait(self, name: str, seconds: float) -> str:
        self.begun.append(name)
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.cancelled.append(name)
            raise
        self.ended.append(name)
        return name


def small_schema(ran: Ran) -> strawberry.Schema:
    """A schema with a field of each type and role."""

    async def ping(text: str = "pong") -> str:
        return text

    async def slow(seconds: float = 0.3) -> str:
        return await ran.wait("slow", seconds)

    async def broken() -> str:
        raise ZeroDivisionError("the password is secret")

    async def write(seconds: float = 0.0) -> str:
        return await ran.wait("write", seconds)

    async def count(to: int = 3, pause: float = 0.0) -> AsyncGenerator[int, None]:
        try:
            for number in range(to):
                await asyncio.sleep(pause)
                yield number
            ran.ended.append("count")
        except (asyncio.CancelledError, GeneratorExit):
            ran.cancelled.append("count")
            raise

    async def breaking() -> AsyncGenerator[int, None]:
        yield 1
        raise ZeroDivisionError("the password is secret")

    def top(name: str, fields: dict[str, Any]) -> Any:
        return strawberry.type(type(name, (), {"__annotations__": {}, **fields}))

    query = top(
        "Query",
        {
            "ping": locked(Role.VIEWER, ping, description=""),
            "slow": locked(Role.VIEWER, slow, description=""),
            "broken": locked(Role.VIEWER, broken, description=""),
            "secret": locked(Role.EDITOR, ping, description=""),
        },
    )
    mutation = top("Mutation", {"write": locked(Role.CURATOR, write, description="")})
    subscription = top(
        "Subscription",
        {"count": strawberry.subscription(resolver=count), "breaking": strawberry.subscription(resolver=breaking)},
    )
    return Schema(query=query, mutation=mutation, subscription=subscription, extensions=[Parsed])


@dataclass
class Site:
    """The service on a port, and what is inside it."""

    port: int
    operations: Operations
    streams: Streams
    ran: Ran
    http: httpx.AsyncClient
    server: uvicorn.Server

    async def post(self, query: str, **more: Any) -> httpx.Response:
        headers = more.pop("headers", {})
        return await self.http.post("/graphql", json={"query": query, **more}, headers=headers)

    def socket(self, **more: Any) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}/graphql", subprotocols=["graphql-transport-ws"], **more)  # type: ignore[list-item]

    @asynccontextmanager
    async def visiting(self, payload: Any = None, **more: Any) -> AsyncGenerator[ClientConnection]:
        """A WebSocket that was let in."""
        async with self.socket(**more) as wire:
            await wire.send(json.dumps({"type": "connection_init", **({"payload": payload} if payload else {})}))
            assert json.loads(await wire.recv()) == {"type": "connection_ack"}
            yield wire


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def serving(
    settings: ApiSettings | None = None,
    *,
    reads: Reads | None = None,
    tokens: Tokens | None = None,
    keep_alive: float = 12.0,
    graceful: int = 5,
) -> AsyncIterator[Site]:
    """Serve the small schema on a free port of this machine."""
    settings = settings or load_api_settings(log_level="error")
    logs.configure(settings.log_level)
    ran = Ran()
    async with Store.at(Address("bolt://127.0.0.1:1", "neo4j", "x"), deadline=1.0) as store:
        graph = Graph(store)
        streams = Streams(settings.max_streams)
        identity = Identity(settings.keys, tokens)
        notes = NoteDesk(None, settings)
        operations = Operations(graph, notes, settings, Metrics(store), small_schema(ran), reads)
        events = EventStreams(operations, identity, streams, keep_alive)
        http = Endpoint(operations, identity, events, settings)
        app = Gate(
            Straight(_nothing, "/graphql", http, Sockets(operations, identity, streams, settings)),
            settings.allowed_hosts,
            settings.cors_origins,
        )
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            config = uvicorn.Config(
                app,
                log_config=None,
                lifespan="off",
                timeout_graceful_shutdown=graceful,
                ws="websockets-sansio",
            )
            server = uvicorn.Server(config)
            task = asyncio.create_task(server.serve(sockets=[listening]))
            port = listening.getsockname()[1]
            while not server.started:  # noqa: ASYNC110  # the server has no event for it
                await asyncio.sleep(0.01)
            try:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                    yield Site(port, operations, streams, ran, client, server)
            finally:
                streams.stopping.set()
                server.should_exit = True
                await task


Serving = Callable[..., AbstractAsyncContextManager[Site]]


@pytest.fixture
def site() -> Serving:
    """A function that serves the small schema."""
    return serving
