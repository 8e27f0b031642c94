"""Runs the service in this process, or in several that share one listening socket."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from generator.settings import load_generator_settings
from graphql_api import logs
from graphql_api.app import create_app
from graphql_api.settings import ApiSettings
from kg.errors import StoreError
from kg.graph import Graph
from kg.settings import Settings
from kg.store import Address, Store
from mkg.embedding import encoder_of
from mkg.garbage import settle
from mkg.telling import Teller
from mkg.workers import run
from mkg.writing import NoteWriter

# Seconds for what is running to end when the service is stopped.
_GRACE: Final = 20
# Seconds for a worker's own end after that.
_ENDING: Final = 10
# Seconds for which a connection without requests stays open: longer than clients and proxies keep theirs (5 to 60),
# since the request of one that uses it just as it is closed is lost.
_KEPT_OPEN: Final = 75
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Site:
    """What every process of the service has to know: the settings, and the database that they mean."""

    chosen: Settings
    api: ApiSettings
    address: Address


def serve(site: Site, listening: socket.socket, workers: int) -> None:
    """Serve until SIGTERM or SIGINT, then let what is running end.

    With several workers this process only watches them. Each has its own driver; jobs lie on the disk, where all see
    them and one at a time writes. Raises StoreError when a worker cannot start.
    """
    if workers == 1:
        _one(site, listening)
        return
    logs.configure(site.api.log_level)
    run(partial(_one, site), listening, workers, _GRACE + _ENDING)


def _one(site: Site, listening: socket.socket) -> None:
    config = uvicorn.Config(
        partial(_application, site),
        factory=True,
        ws="websockets-sansio",
        # A message that would be refused is not even taken in, and none is unpacked to a thousand times its size.
        ws_max_size=site.api.max_body,
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=_KEPT_OPEN,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _application(site: Site) -> FastAPI:
    """Return the application of one process; called by its server, inside the event loop."""
    store = Store.at(site.address, site.chosen.deadline, site.api.unavailable_after)
    graph = Graph(store, most_edges=site.chosen.question_cost, encoder=partial(encoder_of, site.chosen))
    teller = Teller(graph, load_generator_settings().recipes)
    jobs = site.chosen.data_dir / "jobs"
    app = create_app(graph, NoteWriter(graph, site.chosen), site.api, jobs=jobs, teller=teller)
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[Any]:
        _end_streams_at_a_signal(app)
        async with store, inner(app) as state:
            settle()
            getting_ready = asyncio.create_task(_prepared(graph))
            yield state
            getting_ready.cancel()

    app.router.lifespan_context = lifespan
    return app


async def _prepared(graph: Graph) -> None:
    """Do beforehand what the first request would wait for; a database that is away is told by the requests."""
    with suppress(StoreError):
        await graph.meaning.prepare()


def _end_streams_at_a_signal(app: FastAPI) -> None:
    """Tell open streams at once that the service stops; the server would wait for them to end by themselves."""
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        before = signal.getsignal(number)

        def handle(number: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(app.state.streams.stopping.set)
            if callable(before):
                before(number, frame)

        signal.signal(number, handle)
