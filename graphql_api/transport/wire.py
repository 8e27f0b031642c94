"""Bytes in and out of the service: the headers and the body of a request, the answer to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphql_api.operations.asked import RequestError
from graphql_api.problems import ApiError, refusal

_JSON: Final = (b"application/json", b"application/graphql-response+json")
# Seconds that the whole body of a request may take to arrive.
BODY_SECONDS: Final = 10.0

Headers = Mapping[bytes, bytes]
Pairs = Iterable[tuple[bytes, bytes]]


def headers_of(scope: Scope) -> Headers:
    """Return the headers by their small name; of one that stands twice, the last."""
    return dict(scope["headers"])


def text_of(headers: Headers, name: bytes) -> str:
    """Return a header as text, empty when it is not there."""
    return headers.get(name, b"").decode("latin-1")


def is_json(headers: Headers) -> bool:
    """Say whether a body is JSON by its type."""
    kind = headers.get(b"content-type", b"")
    return kind == _JSON[0] or kind.partition(b";")[0].strip().lower() in _JSON


async def body_of(receive: Receive, headers: Headers, limit: int) -> bytes:
    """Return the body; raise RequestError as soon as it is longer than `limit` bytes, slow, broken or no JSON."""
    if not is_json(headers):
        raise RequestError(415, "Send the request as `Content-Type: application/json`.")
    length = headers.get(b"content-length", b"")
    if length.isdigit() and (len(length) > 18 or int(length) > limit):
        raise _too_long(limit)
    message = await _next(receive, BODY_SECONDS)
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        body = await _rest(receive, body, limit)
    if len(body) > limit:
        raise _too_long(limit)
    return body


async def _rest(receive: Receive, body: bytes, limit: int) -> bytes:
    parts = [body]
    size = len(body)
    end = asyncio.get_running_loop().time() + BODY_SECONDS
    while True:
        message = await _next(receive, end - asyncio.get_running_loop().time())
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise _too_long(limit)
        if not message.get("more_body"):
            return b"".join(parts)


async def _next(receive: Receive, seconds: float) -> Any:
    try:
        async with asyncio.timeout(seconds):
            message = await receive()
    except TimeoutError as error:
        raise RequestError(408, f"The body did not arrive within {BODY_SECONDS:g} seconds.") from error
    if message["type"] == "http.disconnect":
        raise RequestError(400, "The body ended early.")
    return message


def _too_long(limit: int) -> RequestError:
    return RequestError(413, f"The body may have {limit} bytes (MKG_MAX_BODY).")


async def send_body(
    send: Send, status: int, body: bytes, media_type: bytes = _JSON[0], more: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Send one whole answer."""
    headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(body)), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_refusal(send: Send, status: int, error: ApiError, more: Pairs = ()) -> None:
    """Send the answer to a request that is refused as a whole."""
    headers = list(more)
    if error.retry_after is not None:
        headers.append((b"retry-after", b"%d" % error.retry_after))
    await send_body(send, status, orjson.dumps(refusal(error)), more=headers)


def answer(status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON response."""
    return Response(orjson.dumps(content), status, headers, media_type="application/json")
