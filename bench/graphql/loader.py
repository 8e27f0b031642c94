"""The client of a measurement, a process of its own: `python -m bench.graphql.loader`, a job in, what came of it out.

It sends ready bytes over as many connections as it is told, each one request at a time, and looks at no answer but for
its status and errors. It costs some 0.03 ms of processor time for a request; what it took is told with the rest.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Final, cast

import httptools
import orjson
import uvloop

# Stands in a body for a number of twelve digits that no other request has.
UNIQUE: Final = b"@@@@@@@@@@@@"
# A request that is not answered so many seconds after the end counts as an error.
_PATIENCE: Final = 30.0
_FAILED: Final = b'"errors":[{'


@dataclass(frozen=True, slots=True)
class Job:
    """What to send: the bodies of a file, a line each, in turn (`once`: each at most once), for so many seconds."""

    port: int
    path: str
    headers: Mapping[str, str]
    bodies: str
    connections: int
    seconds: float
    first: int = 0
    once: bool = False


@dataclass(slots=True)
class Told:
    """What came of a job.

    `times` are the seconds of each answer, `inside` how many came within `seconds`, `cpu` the client's processor
    time in seconds, `failed` the beginning of the first answer with an error.
    """

    seconds: float = 0.0
    inside: int = 0
    errors: int = 0
    bytes: int = 0
    cpu: float = 0.0
    failed: str = ""
    times: list[float] = field(default_factory=list[float])


def requests(job: Job) -> Iterator[bytes]:
    """Yield the bytes of one request after another."""
    head = f"POST {job.path} HTTP/1.1\r\nHost: 127.0.0.1:{job.port}\r\nContent-Type: application/json\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in job.headers.items())
    ready = [
        f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        for body in Path(job.bodies).read_bytes().splitlines()
    ]
    numbers = count(job.first)
    for request in ready if job.once else cycle(ready):
        yield request.replace(UNIQUE, b"%012d" % next(numbers)) if UNIQUE in request else request


class _Connection(asyncio.Protocol):
    """Sends a request, waits for its answer, sends the next."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._transport: asyncio.Transport | None = None
        self._begun = 0.0
        self._body: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is one in all but name.
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.closed(broken=self._begun > 0)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._run.answered(time.perf_counter() - self._begun, self._parser.get_status_code(), b"".join(self._body))
        self._body.clear()
        self._parser = httptools.HttpResponseParser(self)
        self._next()

    def _next(self) -> None:
        assert self._transport is not None
        request = self._run.request()
        if request is None:
            self._begun = 0.0
            self._transport.close()
            return
        self._begun = time.perf_counter()
        self._transport.write(request)


class _Run:
    """One job while it runs."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._requests = requests(job)
        self._open = job.connections
        self.told = Told()
        self._begun = time.perf_counter()
        self._end = self._begun + job.seconds
        self.done = asyncio.Event()

    async def run(self) -> Told:
        """Send until the time is over, wait for what is on its way, return what came of it."""
        cpu = time.process_time()
        # What lives now lives to the end; collecting it again and again would cost the requests measured.
        gc.freeze()
        loop = asyncio.get_running_loop()
        for _ in range(self._job.connections):
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self._job.port)
        try:
            await asyncio.wait_for(self.done.wait(), self._job.seconds + _PATIENCE)
        except TimeoutError:
            self.told.errors += self._open
            self.told.failed = self.told.failed or "no answer in time"
        self.told.seconds = min(self._job.seconds, time.perf_counter() - self._begun)
        self.told.cpu = time.process_time() - cpu
        return self.told

    def request(self) -> bytes | None:
        """Return what to send next; None when it is over."""
        return next(self._requests, None) if time.perf_counter() < self._end else None

    def answered(self, seconds: float, status: int, body: bytes) -> None:
        """Count an answer."""
        self.told.times.append(seconds)
        self.told.inside += time.perf_counter() < self._end
        self.told.bytes += len(body)
        if status != 200 or _FAILED in body:
            self.told.errors += 1
            self.told.failed = self.told.failed or f"{status} {body[:600].decode(errors='replace')}"

    def closed(self, *, broken: bool) -> None:
        """Count a connection that ended, at its time or before it."""
        if broken:
            self.told.errors += 1
            self.told.failed = self.told.failed or "the connection was closed"
        self._open -= 1
        if self._open == 0:
            self.done.set()


async def _main() -> None:
    job = Job(**orjson.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps(asdict(await _Run(job).run())))


if __name__ == "__main__":
    uvloop.run(_main())
