"""The web application: GraphQL, GraphiQL, health and metrics."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from graphql_api import logs
from graphql_api.endpoint import Endpoint
from graphql_api.graphiql import StaticFolder, page
from graphql_api.guard import Gate, answer
from graphql_api.metrics import Metrics
from graphql_api.notes import NoteDesk, NoteWriter
from graphql_api.problems import refusal
from graphql_api.settings import ApiSettings, access_notice, load_api_settings
from kg.errors import KgError
from kg.graph import Graph
from kg.statements import fixed

log = structlog.get_logger("graphql_api")

# A health check that waits longer than this is as good as a failed one.
_READY_SECONDS = 2.0


def create_app(graph: Graph, note_writer: NoteWriter | None = None, settings: ApiSettings | None = None) -> FastAPI:
    """Return the service for a graph.

    `note_writer` writes the notes of `generateNote`; without one that mutation says so. Raises SettingsError when a
    key is not written as it should be.
    """
    settings = settings or load_api_settings()
    logs.configure(settings.log_level)
    notes = NoteDesk(note_writer, settings.note_queue, settings.note_deadline)
    metrics = Metrics(graph.store)
    metrics.notes.set_function(lambda: float(notes.inside))
    endpoint = Endpoint(graph, notes, settings, metrics)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        log.info("service started", access=access_notice(settings))
        yield
        log.info("service stopped")

    async def graphql(request: Request) -> Response:
        if request.method == "POST":
            return await endpoint(request)
        if settings.graphiql and "text/html" in request.headers.get("accept", ""):
            return page(needs_key=bool(settings.keys))
        # No operation by GET: a link on a foreign page must not be able to run one.
        return answer(405, refusal("BAD_USER_INPUT", "Send operations by POST."), {"Allow": "POST"})

    async def healthz(_: Request) -> Response:
        return answer(200, {"status": "ok"})

    async def readyz(_: Request) -> Response:
        try:
            rows = await graph.store.read(fixed("read/ready"), deadline=_READY_SECONDS)
        except KgError as error:
            return answer(503, {"status": "not ready", "reason": error.message}, {"Retry-After": "5"})
        if not rows:
            return answer(
                503, {"status": "not ready", "reason": "the database holds no graph yet"}, {"Retry-After": "5"}
            )
        return answer(200, {"status": "ready", "schema_version": rows[0]["schema_version"], "release": rows[0]["head"]})

    async def numbers(_: Request) -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    routes: list[BaseRoute] = [
        Route("/graphql", graphql, methods=["GET", "POST"]),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", numbers),
    ]
    if settings.graphiql:
        routes.append(Mount("/graphiql", StaticFolder()))
    # Plain routes: FastAPI's own would read and validate every body a second time.
    app = FastAPI(title="mkg", lifespan=lifespan, routes=routes, openapi_url=None)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["POST"],
            allow_headers=["authorization", "content-type", "x-request-id"],
            expose_headers=["x-request-id"],
        )
    # Added last, so that it stands before everything else.
    app.add_middleware(Gate, hosts=settings.allowed_hosts)
    return app
