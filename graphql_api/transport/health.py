"""The addresses for those who run the service: is it alive, is it ready, what does it count."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from graphql_api.metrics import Metrics
from graphql_api.transport.streams import Streams
from graphql_api.transport.wire import answer
from kg.errors import KgError
from kg.graph import Graph
from kg.statements import fixed

# A health check that waits longer than this is as good as a failed one.
_READY_SECONDS = 2.0


def health_routes(graph: Graph, metrics: Metrics, streams: Streams) -> list[BaseRoute]:
    """Return /healthz, /readyz and /metrics."""

    async def healthz(_: Request) -> Response:
        return answer(200, {"status": "ok"})

    async def readyz(_: Request) -> Response:
        if streams.stopping.is_set():
            return _not_ready("the service is being stopped")
        try:
            rows = await graph.store.read(fixed("read/ready"), deadline=_READY_SECONDS)
        except KgError as error:
            return _not_ready(error.message)
        if not rows:
            return _not_ready("the database holds no graph yet")
        return answer(200, {"status": "ready", "schema_version": rows[0]["schema_version"], "release": rows[0]["head"]})

    async def numbers(_: Request) -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", numbers)]


def _not_ready(reason: str) -> Response:
    return answer(503, {"status": "not ready", "reason": reason}, {"Retry-After": "5"})
