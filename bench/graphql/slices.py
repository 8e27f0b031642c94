"""One slice of a measurement: the rate, the times, and what each process spent on it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
import psutil

from bench.figures import percentile
from bench.graphql.floor import FloorJob
from bench.graphql.loader import Job, Told

_SETTLE = 5.0  # Seconds that a server may go on working after its last answer.


@dataclass(frozen=True, slots=True)
class Slice:
    """What a slice showed: answers a second, milliseconds of an answer, and processor milliseconds of one.

    `others` is the share of the cores that neither server, database nor client took. A slice without an answer has
    infinite times.
    """

    rate: float
    p50: float
    p99: float
    number: int
    errors: int
    server: float
    database: float
    client: float
    others: float
    bytes: float
    failed: str = ""

    @property
    def cost(self) -> float:
        """Processor milliseconds of server and database for an answer."""
        return self.server + self.database


def sent(job: Job, server: int, database: int) -> Slice:
    """Send a job to the server of that process id and return what it showed."""
    return _measured("bench.graphql.loader", asdict(job), server, database)


def by_hand(job: FloorJob, database: int) -> Slice:
    """Run statements by hand and return what they showed; the process that runs them counts as the server."""
    return _measured("bench.graphql.floor", asdict(job), None, database)


def median(slices: Sequence[Slice]) -> Slice:
    """Return the medians of slices, their answers and errors added up."""

    def of(name: str) -> float:
        return statistics.median(getattr(slice, name) for slice in slices)

    return Slice(
        rate=of("rate"),
        p50=of("p50"),
        p99=of("p99"),
        number=sum(slice.number for slice in slices),
        errors=sum(slice.errors for slice in slices),
        server=of("server"),
        database=of("database"),
        client=of("client"),
        others=of("others"),
        bytes=of("bytes"),
        failed=next((slice.failed for slice in slices if slice.failed), ""),
    )


def processes(pid: int) -> list[psutil.Process]:
    """Return a process and all that it started, workers among them."""
    first = psutil.Process(pid)
    return [first, *first.children(recursive=True)]


def memory(pid: int) -> float:
    """Return the resident megabytes of the largest of the processes: of one worker."""
    return max(process.memory_info().rss for process in processes(pid)) / 1e6


def _measured(module: str, job: dict[str, Any], server: int | None, database: int) -> Slice:
    serving = processes(server) if server is not None else []
    storing = processes(database)
    begun, all_before = time.perf_counter(), _busy()
    before = _spent(serving), _spent(storing)
    ran = subprocess.run([sys.executable, "-m", module], input=orjson.dumps(job), capture_output=True, check=False)
    if ran.returncode != 0:
        raise RuntimeError(f"{module} ended with {ran.returncode}: {ran.stderr.decode()[-1500:]}")
    told = Told(**orjson.loads(ran.stdout))
    _settle([*serving, *storing])
    server_spent, database_spent = (
        now - then for now, then in zip((_spent(serving), _spent(storing)), before, strict=True)
    )
    seconds, all_spent = time.perf_counter() - begun, _busy() - all_before
    number = len(told.times)
    # A server too slow for the slice is told by what it did answer, over the time that this took.
    rate = told.inside / told.seconds if told.inside else number / seconds
    each = 1000 / max(number, 1)
    return Slice(
        rate=rate,
        p50=statistics.median(told.times) * 1000 if number else float("inf"),
        p99=percentile(told.times, 0.99) * 1000 if number else float("inf"),
        number=number,
        errors=told.errors,
        server=(server_spent if serving else told.cpu) * each,
        database=database_spent * each,
        client=told.cpu * each if serving else 0.0,
        others=max(0.0, all_spent - server_spent - database_spent - told.cpu) / ((os.cpu_count() or 1) * seconds),
        bytes=told.bytes / max(number, 1),
        failed=told.failed,
    )


def _settle(running: Sequence[psutil.Process]) -> None:
    """Wait until the processes are idle, so that what they do late is charged to the slice that caused it."""
    end, last, quiet = time.monotonic() + _SETTLE, _spent(running), 0
    while time.monotonic() < end and quiet < 2:
        time.sleep(0.1)
        now = _spent(running)
        quiet, last = (quiet + 1 if now - last <= 0.01 else 0), now


def _spent(running: Sequence[psutil.Process]) -> float:
    times = [process.cpu_times() for process in running if process.is_running()]
    return sum(time.user + time.system for time in times)


def _busy() -> float:
    now = psutil.cpu_times()
    return sum(now) - now.idle - getattr(now, "iowait", 0.0)
