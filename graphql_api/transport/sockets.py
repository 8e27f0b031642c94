"""Operations over a WebSocket, by the protocol graphql-transport-ws; the library keeps its states."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, cast

import orjson
import structlog
from starlette.types import Receive, Scope, Send
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.async_base_view import AsyncWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.types.unset import UNSET

from graphql_api.access.identity import Identity
from graphql_api.access.keys import Principal
from graphql_api.operations.asked import Asked, asked_of
from graphql_api.operations.running import Operations
from graphql_api.problems import BUSY, ApiError, refusal
from graphql_api.settings import ApiSettings
from graphql_api.transport.streams import Streams
from graphql_api.transport.wire import headers_of, text_of

log = structlog.get_logger("graphql_api")

# Seconds: for the first message, between two pings, and for which a client may be silent.
_INIT_SECONDS: Final = 10.0
_PING_EVERY: Final = 25.0
_SILENT: Final = 2.5 * _PING_EVERY
_LONGEST_ID: Final = 128


@dataclass(slots=True)
class Visit:
    """One connection: what it sent to say who it is, and who that turned out to be."""

    identity: Identity
    authorization: str | None
    request_id: str
    connection_params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    who: Principal | None = None

    async def on_ws_connect(self, context: Visit) -> Any:
        """Let a client in, or raise; a browser cannot set headers here, so the first message may hold the key."""
        del context
        given: Any = next(
            (value for name, value in self.connection_params.items() if name.lower() == "authorization"), None
        )
        try:
            self.who = await self.identity.of(given if isinstance(given, str) else self.authorization)
        except ApiError as error:
            raise ConnectionRejectionError from error
        return UNSET


class Sockets:
    """Answers WebSockets at /graphql."""

    def __init__(self, operations: Operations, identity: Identity, streams: Streams, settings: ApiSettings) -> None:
        self._operations = operations
        self._identity = identity
        self._streams = streams
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection to its end; the gate has looked at its host and origin."""
        await receive()
        if GRAPHQL_TRANSPORT_WS_PROTOCOL not in scope.get("subprotocols", ()):
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
            return
        try:
            with self._streams.one():
                await send({"type": "websocket.accept", "subprotocol": GRAPHQL_TRANSPORT_WS_PROTOCOL})
                header = text_of(headers_of(scope), b"authorization") or None
                visit = Visit(self._identity, header, scope["state"]["request_id"])
                wire = _Wire(receive, send, self._settings.max_body)
                await _Handler(visit, wire, self._operations, self._streams, self._settings).handle()
        except ApiError as error:
            await send({"type": "websocket.accept", "subprotocol": GRAPHQL_TRANSPORT_WS_PROTOCOL})
            # "Try again later" of the registry of close codes.
            await send({"type": "websocket.close", "code": 1013, "reason": error.message})


class _Wire(AsyncWebSocketAdapter):
    """Messages in JSON over one connection."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._limit = limit
        self._open = True

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object]:
        """Yield each message until the connection ends."""
        del ignore_parsing_errors
        while self._open:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                self._open = False
                return
            text = message.get("text")
            if text is None:
                raise NonTextMessageReceived
            if len(text) > self._limit:
                await self.close(1009, "The message is too long (MKG_MAX_BODY)")
                return
            try:
                yield orjson.loads(text)
            except orjson.JSONDecodeError as error:
                raise NonJsonMessageReceived from error

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send one message; raise WebSocketDisconnected when the client has left."""
        if not self._open:
            raise WebSocketDisconnected
        try:
            await self._send({"type": "websocket.send", "text": orjson.dumps(message).decode()})
        except OSError as error:
            raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        """End the connection."""
        if self._open:
            self._open = False
            with suppress(OSError):
                # A frame that closes has room for 123 bytes of reason.
                short = reason.encode()[:123].decode(errors="ignore")
                await self._send({"type": "websocket.close", "code": code, "reason": short})


class _Operation(Operation[Visit, None]):
    """One operation on its way, with what was asked."""

    def __init__(self, handler: _Handler, id: str, asked: Asked) -> None:
        super().__init__(handler, id, "", None, None)
        self.asked = asked


class _Handler(BaseGraphQLTransportWSHandler[Visit, None]):
    """One connection: looks at messages before the library takes them, and runs operations by the common way."""

    def __init__(
        self, visit: Visit, wire: _Wire, operations: Operations, streams: Streams, settings: ApiSettings
    ) -> None:
        super().__init__(
            # Of a view the library needs the method that lets a client in, and no more.
            view=cast("Any", visit),
            websocket=wire,
            context=visit,
            root_value=None,
            schema=cast("Any", None),
            connection_init_wait_timeout=timedelta(seconds=_INIT_SECONDS),
        )
        self._visit = visit
        self._wire = wire
        self._runs = operations
        self._streams = streams
        self._settings = settings
        self._heard = self._busy = time.monotonic()

    async def handle(self) -> None:
        """Serve the connection to its end."""
        guard = asyncio.create_task(self._guarded())
        try:
            await super().handle()
        finally:
            guard.cancel()
            await asyncio.gather(guard, return_exceptions=True)

    async def handle_message(self, message: Any) -> None:
        """Take one message; a client that breaks the protocol is shown out."""
        self._heard = time.monotonic()
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            await self.handle_invalid_message("A message is an object with a type")
            return
        if message["type"] in ("subscribe", "complete") and not _is_id(message.get("id")):
            await self.handle_invalid_message(f"An operation has an id of 1 to {_LONGEST_ID} signs")
            return
        if message.get("payload", {}) is None:
            message.pop("payload")
        await super().handle_message(cast("Any", message))

    async def handle_subscribe(self, message: Any) -> None:
        """Begin an operation, or say why not."""
        if not self.connection_acknowledged or self._visit.who is None:
            await self._wire.close(4401, "Unauthorized")
            return
        if not self._visit.identity.holds(self._visit.who):
            await self._wire.close(4403, "The key does not work any longer")
            return
        name = message["id"]
        if name in self.operations:
            await self._wire.close(4409, f"Subscriber for {name} already exists")
            return
        try:
            most = self._settings.max_subscriptions
            if len(self.operations) >= most:
                raise ApiError(
                    BUSY, f"{most} operations run on this connection already (MKG_MAX_SUBSCRIPTIONS).", retry_after=1
                )
            operation = _Operation(self, name, asked_of(message.get("payload")))
        except ApiError as error:
            await self.send_message(cast("Any", {"id": name, "type": "error", "payload": refusal(error)["errors"]}))
            return
        self.operations[name] = operation
        operation.task = asyncio.create_task(self._run(operation, self._visit.who))
        operation.task.add_done_callback(self._task_done)

    async def _run(self, operation: _Operation, who: Principal) -> None:
        try:
            first = True
            results = self._runs.stream(operation.asked, who, self._visit.request_id)
            async with aclosing(results):
                async for content in results:
                    if first and "data" not in content:
                        await self._tell(operation, "error", content["errors"])
                        return
                    await self._tell(operation, "next", content)
                    first = False
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except WebSocketDisconnected:
            self.operations.pop(operation.id, None)
        finally:
            self._busy = time.monotonic()

    async def _tell(self, operation: _Operation, kind: str, payload: Any) -> None:
        await operation.send_operation_message(cast("Any", {"id": operation.id, "type": kind, "payload": payload}))

    async def _guarded(self) -> None:
        """Ping the client, and end the connection when it is silent, idle, past its key's time, or we stop."""
        pinged = time.monotonic()
        with suppress(WebSocketDisconnected):
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(_PING_EVERY, self._settings.stream_idle) / 5):
                        await self._streams.stopping.wait()
                        await self._wire.close(1012, "The service is being stopped")
                        return
                now = time.monotonic()
                who = self._visit.who
                if who is not None and not self._visit.identity.holds(who):
                    await self._wire.close(4403, "The key does not work any longer")
                    return
                if now - self._heard > _SILENT:
                    await self._wire.close(1001, "No answer to pings")
                    return
                if not self.operations and now - self._busy > self._settings.stream_idle:
                    await self._wire.close(1000, "Nothing was asked for too long (MKG_STREAM_IDLE)")
                    return
                if self.connection_acknowledged and now - pinged >= _PING_EVERY:
                    pinged = now
                    await self.send_message({"type": "ping"})


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID
