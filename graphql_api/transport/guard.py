"""The gate before everything else: known hosts and origins only, an id for each request, headers for each answer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from strawberry.http.websocket_origin import is_same_origin, normalize_origin

from graphql_api.operations.asked import RequestError
from graphql_api.transport.wire import headers_of, send_refusal, text_of

_REQUEST_ID: Final = re.compile(rb"^[A-Za-z0-9_.\-]{1,64}$")
_ALWAYS: Final = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]


def host_of(header: str) -> str:
    """Return the name in a Host header without the port; an IPv6 address keeps its brackets."""
    if header.startswith("["):
        return header.partition("]")[0].lower() + "]"
    return header.partition(":")[0].lower()


class Gate:
    """ASGI middleware: what passes has a known Host, an id of its own, and over a WebSocket an origin that may."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], origins: Sequence[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._origins = frozenset(normalize_origin(origin) for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = headers_of(scope)
        given = headers.get(b"x-request-id", b"")
        request_id = given if _REQUEST_ID.match(given) else secrets.token_hex(8).encode()
        # A fresh one: the server hands the same `state` to every request.
        state = scope["state"] = {**scope.get("state", {}), "request_id": request_id.decode(), "answered": False}
        known = "*" in self._hosts or host_of(text_of(headers, b"host")) in self._hosts
        if scope["type"] == "websocket":
            if known and self._may_open(text_of(headers, b"origin"), text_of(headers, b"host")):
                await self._app(scope, receive, send)
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1008, "reason": "This origin or host may not"})
            return
        added = [(b"x-request-id", request_id), *_ALWAYS]

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                state["answered"] = True
                message["headers"] = [*message["headers"], *added]
            await send(message)

        if known:
            await self._app(scope, receive, tagged)
        else:
            error = RequestError(400, "This host name is not answered; see MKG_ALLOWED_HOSTS.")
            await send_refusal(tagged, 400, error)

    def _may_open(self, origin: str, host: str) -> bool:
        """Say whether a page may open a WebSocket: browsers ask nobody before, unlike for other requests."""
        return not origin or is_same_origin(origin, host) or normalize_origin(origin) in self._origins


class Straight:
    """ASGI middleware: leads one path to its application, past the router and what stands before it."""

    def __init__(self, app: ASGIApp, path: str, http: ASGIApp, websocket: ASGIApp) -> None:
        self._app = app
        self._path = path
        self._to = {"http": http, "websocket": websocket}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        kind = scope["type"]
        if kind in self._to and scope["path"].removeprefix(scope.get("root_path", "")) == self._path:
            await self._to[kind](scope, receive, send)
        elif kind == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)
