"""The memory of one worker while it answers all kinds of reads for minutes."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import asdict
from typing import Final

import orjson

from bench.figures import Figure, Plot
from bench.graphql.bodies import asked, body
from bench.graphql.loader import Job, Told
from bench.graphql.rounds import MANY, Bench
from bench.graphql.servers import Served
from bench.graphql.shapes import SHAPES
from bench.graphql.slices import memory

_POINTS: Final = 10


def measure(bench: Bench, server: Served, minutes: float) -> tuple[Figure, Plot]:
    """Load one worker with every read in turn, seldom the same twice, and return its memory over the time.

    Growth is told from the end of the first tenth on, when the caches of plans and documents are full; that of
    answers may take longer.
    """
    reads = [shape for shape in SHAPES if not shape.writes]
    drawn = [asked(shape, bench.world, seed=1, number=2_000) for shape in reads]
    lines = [
        body(shape.ours, one.ours) for row in zip(*drawn, strict=True) for shape, one in zip(reads, row, strict=True)
    ]
    path = bench.folder / "steady.ndjson"
    path.write_bytes(b"\n".join(lines))
    seconds = minutes * 60
    job = Job(server.port, server.path, server.headers, str(path), MANY, seconds)
    client = subprocess.Popen(
        [sys.executable, "-m", "bench.graphql.loader"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert client.stdin is not None
    client.stdin.write(orjson.dumps(asdict(job)))
    client.stdin.close()
    client.stdin = None
    begun, points = time.monotonic(), list[tuple[float, float]]()
    for point in range(1, _POINTS + 1):
        time.sleep(max(0.0, begun + seconds * point / _POINTS - time.monotonic()))
        points.append((round(seconds * point / _POINTS, 1), memory(server.pid)))
    answered = Told(**orjson.loads(client.communicate()[0]))
    path.unlink()
    grown = points[-1][1] - points[0][1]
    note = f"{answered.inside:,} answers in {minutes:g} minutes; {points[-1][1]:.0f} MB at the end"
    if answered.errors:
        note += f"; {answered.errors} errors, the first {answered.failed[:80].replace('|', '/')}"
    figure = Figure("memory of one worker, growth under load", grown, "MB", note)
    return figure, Plot("memory of one worker, MB", "s", tuple(points))
