"""What is open between the service and its clients for long: counted, bounded, and ended when the service stops."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from graphql_api.problems import BUSY, ApiError


class Streams:
    """The WebSockets and event streams that are open. `stopping` is set when the service is about to stop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.open = 0
        self.stopping = asyncio.Event()

    @contextmanager
    def one(self) -> Generator[None]:
        """Count one stream for the length of a `with` block; raise ApiError when there are enough."""
        if self.open >= self._most:
            raise ApiError(BUSY, "Too many streams are open (MKG_MAX_STREAMS).", retry_after=5)
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1
