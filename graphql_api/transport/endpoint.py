"""The address /graphql over HTTP: who asks, what is asked, and the answer in JSON or as a stream of events.

A bare ASGI application: a route of the framework would cost a small read a fifth of its time.
"""

from __future__ import annotations

import asyncio
from typing import Final

import orjson
from starlette.types import Receive, Scope, Send

from graphql_api import problems
from graphql_api.access.identity import CHALLENGE, Identity
from graphql_api.access.keys import Principal
from graphql_api.operations.asked import Asked, RequestError, read_address, read_body
from graphql_api.operations.presence import ClientLeft, Present
from graphql_api.operations.replies import Reply
from graphql_api.operations.running import Operations
from graphql_api.problems import ApiError
from graphql_api.settings import ApiSettings
from graphql_api.transport.events import EventStreams
from graphql_api.transport.graphiql import page
from graphql_api.transport.wire import Headers, body_of, headers_of, is_json, send_body, send_refusal, text_of

# The media type of the GraphQL-over-HTTP draft; with it a document that cannot be run answers 400 and not 200.
_RESPONSE_JSON: Final = b"application/graphql-response+json"
_EVENTS: Final = b"text/event-stream"
# A page on another origin cannot send one of these without asking first (Apollo's names).
_PREFLIGHT: Final = (b"apollo-require-preflight", b"x-apollo-operation-name")


class Endpoint:
    """Answers /graphql: queries by GET, everything by POST, GraphiQL for browsers."""

    def __init__(
        self, operations: Operations, identity: Identity, streams: EventStreams, settings: ApiSettings
    ) -> None:
        self._operations = operations
        self._identity = identity
        self._streams = streams
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never raises but for a cancellation."""
        headers = headers_of(scope)
        request_id: str = scope["state"]["request_id"]
        try:
            if scope["method"] == "POST":
                await self._post(headers, receive, send, request_id)
            elif scope["method"] == "GET":
                await self._get(scope, headers, receive, send, request_id)
            else:
                error = RequestError(405, "Send operations by POST, queries also by GET.")
                await send_refusal(send, 405, error, [(b"allow", b"GET, POST")])
        except ClientLeft:
            return
        except RequestError as error:
            await send_refusal(send, error.status, error)
        except ApiError as error:
            more = [CHALLENGE] if error.code == problems.UNAUTHENTICATED else []
            await send_refusal(send, 401 if more else 503, error, more)
        except asyncio.CancelledError:
            if not scope["state"]["answered"]:
                # The service stops and its time to finish is over: whoever waits is told to come again.
                told = ApiError(problems.UNAVAILABLE, "The service is being stopped.", retry_after=problems.RETRY_AFTER)
                await send_refusal(send, 503, told, [(b"connection", b"close")])
            raise
        except Exception as error:
            if scope["state"]["answered"]:
                # Too late for another status: the connection is broken off, so that nobody takes it for the end.
                raise
            # The last wall: whatever is wrong inside, a client gets an id and no more.
            await send_body(send, 500, orjson.dumps({"errors": [problems.masked(error, request_id)]}))

    async def _post(self, headers: Headers, receive: Receive, send: Send, request_id: str) -> None:
        who = await self._who(headers)
        asked = read_body(await body_of(receive, headers, self._settings.max_body), self._settings.max_batch)
        if isinstance(asked, tuple):
            await self._batch(asked, who, headers, receive, send, request_id)
        elif _EVENTS in headers.get(b"accept", b""):
            await self._streams.answer(asked, who, request_id, receive, send)
        else:
            answer = await self._operations.answer(asked, who, request_id, watch=receive)
            await _send(send, answer, headers)

    async def _get(self, scope: Scope, headers: Headers, receive: Receive, send: Send, request_id: str) -> None:
        if self._settings.graphiql and b"text/html" in headers.get(b"accept", b""):
            await page(needs_key=self._identity.needed)(scope, receive, send)
            return
        if not is_json(headers) and not any(headers.get(name) for name in _PREFLIGHT):
            raise RequestError(
                400,
                "A query by GET needs a header that a foreign page cannot send.",
                hint="Send `Apollo-Require-Preflight: true`, or the operation by POST.",
            )
        who = await self._who(headers)
        if len(scope["query_string"]) > self._settings.max_body:
            raise RequestError(414, "The address is too long; send the operation by POST.")
        asked = read_address(scope["query_string"])
        # GET has no body; what is received next tells that the client has left.
        await receive()
        answer = await self._operations.answer(asked, who, request_id, by_get=True, watch=receive)
        await _send(send, answer, headers)

    async def _batch(
        self, batch: tuple[Asked, ...], who: Principal, headers: Headers, receive: Receive, send: Send, request_id: str
    ) -> None:
        """Answer a list of operations by a list; they run side by side, each under its own limits."""

        async def all_of_them() -> list[Reply]:
            return await asyncio.gather(*(self._operations.answer(asked, who, request_id) for asked in batch))

        if all(self._operations.stops_with_client(asked) for asked in batch):
            async with Present(receive):
                answers = await all_of_them()
        else:
            answers = await all_of_them()
        retry = max((answer.retry_after or 0 for answer in answers), default=0)
        more = [(b"retry-after", b"%d" % retry)] if retry else []
        await send_body(send, 200, b"[" + b",".join(answer.body for answer in answers) + b"]", _kind(headers), more)

    async def _who(self, headers: Headers) -> Principal:
        return await self._identity.of(text_of(headers, b"authorization"))


def _kind(headers: Headers) -> bytes:
    return _RESPONSE_JSON if _RESPONSE_JSON in headers.get(b"accept", b"") else b"application/json"


async def _send(send: Send, answer: Reply, headers: Headers) -> None:
    kind = _kind(headers)
    status = 400 if kind is _RESPONSE_JSON and not answer.ran and answer.status == 200 else answer.status
    more = [(b"retry-after", b"%d" % answer.retry_after)] if answer.retry_after else []
    if status == 405:
        more.append((b"allow", b"POST"))
    await send_body(send, status, answer.body, kind, more)
