"""The web application: GraphQL over HTTP and WebSocket, GraphiQL, exports, health and metrics."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Mount

from graphql_api import logs
from graphql_api.access.identity import Identity
from graphql_api.access.oidc import Tokens
from graphql_api.compiled.reads import Reads
from graphql_api.compiled.writes import Writes
from graphql_api.jobs.desk import NoteDesk, NoteWriter
from graphql_api.metrics import Metrics
from graphql_api.operations.running import Operations
from graphql_api.schema import schema
from graphql_api.settings import ApiSettings, access_notice, load_api_settings
from graphql_api.telling import Teller
from graphql_api.transport.endpoint import Endpoint
from graphql_api.transport.events import EventStreams
from graphql_api.transport.exports import export_routes
from graphql_api.transport.graphiql import StaticFolder
from graphql_api.transport.guard import Gate, Straight
from graphql_api.transport.health import health_routes
from graphql_api.transport.sockets import Sockets
from graphql_api.transport.streams import Streams
from kg.graph import Graph

log = structlog.get_logger("graphql_api")


def create_app(
    graph: Graph,
    note_writer: NoteWriter | None = None,
    settings: ApiSettings | None = None,
    *,
    jobs: Path | None = None,
    teller: Teller | None = None,
) -> FastAPI:
    """Return the service for a graph.

    `note_writer` writes notes; without one the mutations for them say so. `jobs` is the folder that jobs are kept in.
    `teller` tells facts and prompts; without one the queries for them say so.
    Raises SettingsError when a setting makes no sense.
    """
    settings = settings or load_api_settings()
    logs.configure(settings.log_level)
    notes = NoteDesk(note_writer, settings, jobs)
    metrics = Metrics(graph.store)
    streams = Streams(settings.max_streams)
    issuer = settings.issuer
    identity = Identity(settings.keys, Tokens(issuer) if issuer else None)
    served = schema()
    reads = Reads(graph.store, served, settings.answer_cache)
    operations = Operations(graph, notes, settings, metrics, served, reads, Writes(served), teller)
    metrics.gauge("mkg_notes_inside", "Notes and jobs being written or waiting.", lambda: notes.inside)
    metrics.gauge("mkg_graphql_running", "Operations on their way.", lambda: operations.running)
    metrics.gauge("mkg_graphql_streams", "WebSockets and event streams that are open.", lambda: streams.open)
    documents = operations.documents
    metrics.gauge("mkg_graphql_document_hits", "Documents that were known already.", lambda: documents.hits)
    metrics.gauge("mkg_graphql_answer_hits", "Answers that were kept and still held.", lambda: reads.kept.hits)
    metrics.gauge("mkg_graphql_answer_bytes", "Bytes of answers that are kept.", lambda: reads.kept.size)
    metrics.gauge("mkg_graphql_document_misses", "Documents that were parsed.", lambda: documents.misses)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        notes.open()
        log.info("service started", access=access_notice(settings))
        yield
        streams.stopping.set()
        await notes.close()
        log.info("service stopped")

    routes: list[BaseRoute] = [
        *health_routes(graph, metrics, streams),
        *export_routes(graph.store, identity, settings.max_exports),
    ]
    if settings.graphiql:
        routes.append(Mount("/graphiql", StaticFolder()))
    # Plain routes: FastAPI's own would read and validate every body a second time. No telemetry: it would tell of the
    # addresses of requests, which hold queries when they come by GET, and is looked up anew for each of them.
    app = FastAPI(
        title="mkg",
        lifespan=lifespan,
        routes=routes,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    # For the server, which ends what is open for long when it is told to stop.
    app.state.streams = streams
    app.state.notes = notes
    app.add_middleware(
        Straight,
        path="/graphql",
        http=Endpoint(operations, identity, EventStreams(operations, identity, streams), settings),
        websocket=Sockets(operations, identity, streams, settings),
    )
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=[
                "authorization",
                "content-type",
                "x-request-id",
                "apollo-require-preflight",
                "x-apollo-operation-name",
            ],
            expose_headers=["x-request-id", "retry-after"],
        )
    # Added last, so that it stands before everything else.
    app.add_middleware(Gate, hosts=settings.allowed_hosts, origins=settings.cors_origins)
    return app
