"""The graph as files over HTTP, streamed while it is read: /exports."""

from __future__ import annotations

from contextlib import aclosing
from typing import Final

import structlog
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from graphql_api.access.identity import CHALLENGE, Identity
from graphql_api.operations.asked import RequestError
from graphql_api.operations.presence import ClientLeft, Present
from graphql_api.problems import BUSY, UNAUTHENTICATED, ApiError
from graphql_api.transport.wire import answer, headers_of, send_refusal, text_of
from kg.errors import DataError, StoreConflict, StoreError
from kg.export.stream import STREAMS, Outgoing, outgoing
from kg.store import Store

log = structlog.get_logger("graphql_api")

_KNOWN: Final = frozenset({"kind", "without"})
_MOST_CHOICES: Final = 100


def export_routes(store: Store, identity: Identity, most: int) -> list[BaseRoute]:
    """Return /exports, which lists the files, and /exports/NAME, which streams one; none when `most` is 0."""
    if not most:
        return []

    async def listed(_: Request) -> Response:
        return answer(200, {"exports": [*STREAMS, *(f"{name}.gz" for name in STREAMS)]})

    files = ExportFiles(store, identity, most)
    return [Route("/exports", listed), Route("/exports/{name}", files)]


class ExportFiles:
    """Streams files to whoever may read, `most` at the same time."""

    def __init__(self, store: Store, identity: Identity, most: int) -> None:
        self._store = store
        self._identity = identity
        self._most = most
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            await self._answer(scope, receive, send)
        except RequestError as error:
            await send_refusal(send, error.status, error)
        except ApiError as error:
            more = [CHALLENGE] if error.code == UNAUTHENTICATED else []
            await send_refusal(send, 401 if more else 503, error, more)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            raise RequestError(405, "Exports are read by GET.")
        who = await self._identity.of(text_of(headers_of(scope), b"authorization") or None)
        if self._running >= self._most:
            raise ApiError(BUSY, "Other exports are running (MKG_MAX_EXPORTS).", retry_after=30)
        self._running += 1
        try:
            chosen = QueryParams(scope["query_string"])
            name: str = scope["path_params"]["name"]
            going = await self._opened(name, chosen)
            log.info("export", by=who.name, export=name, release=going.release)
            await receive()
            async with Present(receive):
                await _send(send, name, going)
        except ClientLeft:
            log.info("export given up by its client", by=who.name)
        finally:
            self._running -= 1

    async def _opened(self, name: str, chosen: QueryParams) -> Outgoing:
        if not _KNOWN.issuperset(chosen) or len(chosen.multi_items()) > _MOST_CHOICES:
            raise RequestError(400, "An export takes `kind` and `without`, each several times if needed.")
        try:
            return await outgoing(self._store, name, chosen.getlist("kind"), chosen.getlist("without"))
        except DataError as error:
            status = 400 if name.removesuffix(".gz") in STREAMS else 404
            raise RequestError(status, error.message, hint=error.hint) from error
        except StoreError as error:
            raise ApiError("SERVICE_UNAVAILABLE", error.message, hint=error.hint, retry_after=5) from error


async def _send(send: Send, name: str, going: Outgoing) -> None:
    headers = [
        (b"content-type", going.media_type.encode()),
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
        (b"cache-control", b"no-store"),
        (b"x-graph-release", going.release.encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    try:
        async with aclosing(going.pieces) as pieces:
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
    except (StoreConflict, StoreError) as error:
        # The end is never sent, so the server breaks the connection off and nobody takes a part for the whole.
        log.warning("export broken off", reason=error.message)
        return
    await send({"type": "http.response.body", "body": b""})
