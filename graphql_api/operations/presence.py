"""Notices when the client of a request has left, and then cancels what is done for it."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final, Self

from starlette.types import Receive

# Most operations are answered sooner, and cost no task that watches for a client that leaves.
_PATIENCE: Final = 0.05


class ClientLeft(Exception):
    """The client closed its connection; nobody waits for an answer."""


class Present:
    """Cancels the block when the client leaves, and raises ClientLeft; the body must have been read before."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = False
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._cancelling = task.cancelling()
        self._timer = asyncio.get_running_loop().call_later(_PATIENCE, self._begin)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._watch is not None and not self._watch.done():
            self._watch.cancel()
        # As asyncio.timeout does: only when nobody else wanted the task to end, it is the client that left.
        if self._left and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise ClientLeft from error

    def _begin(self) -> None:
        self._watch = asyncio.get_running_loop().create_task(self._until_left())

    async def _until_left(self) -> None:
        message = await self._receive()
        while message["type"] != "http.disconnect":
            message = await self._receive()
        self._left = True
        self._task.cancel()
