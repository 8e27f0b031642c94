"""The floor, a process of its own: `python -m bench.graphql.floor`; statements by hand over Bolt, the rows as JSON.

No GraphQL and no HTTP: the asynchronous driver, one session for each statement, answers made into bytes by orjson.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from typing import Any

import neo4j
import orjson
import uvloop

from bench.graphql.loader import Told


@dataclass(frozen=True, slots=True)
class FloorJob:
    """A statement, the parameters of one run after another, and for how many seconds so many at a time."""

    uri: str
    user: str
    password: str
    statement: Any
    values: Sequence[Mapping[str, Any]]
    connections: int
    seconds: float


async def _run(job: FloorJob) -> Told:
    told = Told()
    values = cycle(job.values)

    async with neo4j.AsyncGraphDatabase.driver(
        job.uri,
        auth=(job.user, job.password),
        max_connection_pool_size=job.connections,
        notifications_min_severity="OFF",
        telemetry_disabled=True,
    ) as driver:

        async def once() -> int:
            async with driver.session(
                database="neo4j", default_access_mode=neo4j.READ_ACCESS, fetch_size=-1
            ) as session:
                result = await session.run(job.statement, dict(next(values)))
                return len(orjson.dumps([record.values() async for record in result]))

        async def client(end: float) -> None:
            while (begun := time.perf_counter()) < end:
                size = await once()
                told.bytes += size
                told.times.append(time.perf_counter() - begun)
                told.inside += time.perf_counter() < end

        # Opens the connections.
        await asyncio.gather(*(once() for _ in range(job.connections)))
        cpu = time.process_time()
        end = time.perf_counter() + job.seconds
        await asyncio.gather(*(client(end) for _ in range(job.connections)))
        told.seconds, told.cpu = job.seconds, time.process_time() - cpu
    return told


async def _main() -> None:
    job = FloorJob(**orjson.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps(asdict(await _run(job))))


if __name__ == "__main__":
    uvloop.run(_main())
