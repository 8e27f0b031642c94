"""Results as server-sent events: the distinct connections mode of graphql-sse, one operation for each request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, Final

import orjson
from starlette.types import Receive, Send

from graphql_api.access.identity import Identity
from graphql_api.access.keys import Principal
from graphql_api.operations.asked import Asked
from graphql_api.operations.running import Operations
from graphql_api.problems import RETRY_AFTER, UNAUTHENTICATED, UNAVAILABLE, ApiError, refusal
from graphql_api.transport.streams import Streams

# Seconds after which a comment is sent, so that no proxy on the way takes the silence for an end.
KEEP_ALIVE: Final = 12.0
_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
_COMPLETE: Final = b"event: complete\ndata:\n\n"
_COMMENT: Final = b":\n\n"

Result = Mapping[str, Any]


class EventStreams:
    """Answers operations by streams of events."""

    def __init__(
        self, operations: Operations, identity: Identity, streams: Streams, keep_alive: float = KEEP_ALIVE
    ) -> None:
        self._operations = operations
        self._identity = identity
        self._streams = streams
        self._keep_alive = keep_alive

    async def answer(self, asked: Asked, who: Principal, request_id: str, receive: Receive, send: Send) -> None:
        """Send each result as an event `next`, then `complete`; raise ApiError when too many streams are open."""
        with self._streams.one():
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            async with (
                aclosing(self._operations.stream(asked, who, request_id)) as results,
                aclosing(self._parts(results, who, receive)) as parts,
            ):
                async for part in parts:
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    async def _parts(
        self, results: AsyncGenerator[dict[str, Any]], who: Principal, receive: Receive
    ) -> AsyncGenerator[bytes]:
        """Yield what is to be sent until the results end, the client leaves, its key ends or the service stops."""
        left = asyncio.ensure_future(_left(receive))
        stopping = asyncio.ensure_future(self._streams.stopping.wait())
        following: asyncio.Future[Any] | None = None
        try:
            while True:
                following = following or asyncio.ensure_future(anext(results, None))
                await asyncio.wait(
                    (following, left, stopping), timeout=self._keep_alive, return_when=asyncio.FIRST_COMPLETED
                )
                if left.done():
                    return
                if following.done():
                    result = following.result()
                    following = None
                    if result is None:
                        yield _COMPLETE
                        return
                    yield _event(result)
                elif stopping.done():
                    yield _event(
                        refusal(ApiError(UNAVAILABLE, "The service is being stopped.", retry_after=RETRY_AFTER))
                    )
                    yield _COMPLETE
                    return
                elif not self._identity.holds(who):
                    yield _event(refusal(ApiError(UNAUTHENTICATED, "The key does not work any longer.")))
                    yield _COMPLETE
                    return
                else:
                    yield _COMMENT
        finally:
            for task in (left, stopping, following):
                if task is not None:
                    task.cancel()
            # The step that was cancelled has to end before the results can be closed.
            if following is not None:
                await asyncio.gather(following, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(result: Result) -> bytes:
    # orjson writes no line end into its text, so one line of data holds it.
    return b"event: next\ndata: " + orjson.dumps(result) + b"\n\n"
