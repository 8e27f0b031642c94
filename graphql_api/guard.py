"""The gate before everything else: the Host header, the size, type and shape of a body, and the id of a request.

A bad body is refused here with a reason, so that nothing behind has to expect one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.problems import BAD_USER_INPUT, ApiError, refusal

_REQUEST_ID: Final = re.compile(r"^[A-Za-z0-9_.\-]{1,64}$")
_JSON: Final = ("application/json", "application/graphql-response+json")


@dataclass(frozen=True, slots=True)
class Asked:
    """The body of a GraphQL request."""

    query: str
    variables: Mapping[str, Any]
    operation: str | None


class RequestError(ApiError):
    """A request that is not looked at any further, with its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(BAD_USER_INPUT, message)
        self.status = status


def answer(status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON response."""
    return Response(orjson.dumps(content), status, headers, media_type="application/json")


def refused(error: RequestError) -> Response:
    """Return the response for a refused request."""
    return answer(error.status, refusal(error.code, error.message))


def read_body(body: bytes) -> Asked:
    """Return what a body asks; raise RequestError for anything that is not one GraphQL request in JSON.

    The parser refuses wrong UTF-8, lone surrogates, NaN, numbers beyond a double and nesting beyond 1,024.
    """
    try:
        told: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RequestError(400, f"The body is not JSON: {error.msg} at position {error.pos}.") from error
    if isinstance(told, list):
        raise RequestError(400, "Several operations in one request are not answered; send one object.")
    if not isinstance(told, dict):
        raise RequestError(
            400, "The body must be an object with `query` and, if needed, `variables` and `operationName`."
        )
    # A field that is null is as if it were not there.
    given = {name: value for name, value in told.items() if value is not None}
    query, variables, operation = given.get("query"), given.get("variables", {}), given.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise RequestError(400, "`query` must be text that holds a GraphQL document.")
    if not isinstance(variables, dict):
        raise RequestError(400, "`variables` must be an object.")
    if operation is not None and not isinstance(operation, str):
        raise RequestError(400, "`operationName` must be text.")
    return Asked(query, variables, operation)


async def body_of(request: Request, limit: int) -> bytes:
    """Return the body; raise RequestError as soon as it is longer than `limit` bytes, or no JSON by its type."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _JSON:
        raise RequestError(415, "Send the request as `Content-Type: application/json`.")
    length = request.headers.get("content-length", "")
    if length.isdigit() and (len(length) > 18 or int(length) > limit):
        raise RequestError(413, f"The body may have {limit} bytes.")
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise RequestError(413, f"The body may have {limit} bytes.")
            parts.append(part)
    except ClientDisconnect as error:
        raise RequestError(400, "The body ended early.") from error
    return b"".join(parts)


def host_of(header: str) -> str:
    """Return the name in a Host header without the port; an IPv6 address keeps its brackets."""
    if header.startswith("["):
        return header.partition("]")[0].lower() + "]"
    return header.partition(":")[0].lower()


class Gate:
    """ASGI middleware: answers known hosts only, gives each request an id, and adds headers that every answer has."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "websocket":
            # Nothing here speaks over a socket, so the handshake is refused.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.match(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = MutableHeaders(scope=message)
                added["x-request-id"] = request_id
                added["x-content-type-options"] = "nosniff"
                added["referrer-policy"] = "no-referrer"
            await send(message)

        if "*" not in self._hosts and host_of(headers.get("host", "")) not in self._hosts:
            told = refused(RequestError(400, "This host name is not answered; see MKG_ALLOWED_HOSTS."))
            await told(scope, receive, tagged)
            return
        await self._app(scope, receive, tagged)
