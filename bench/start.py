"""How long the embedded Neo4j takes to be ready: on an empty data directory, and again."""

from __future__ import annotations

import time

from bench.figures import Figure, Section
from kg.connect import address_of
from kg.embedded import control
from kg.settings import Settings


def measure(settings: Settings) -> Section:
    """Start on an empty data directory, stop, start again; the server is left running. The jars are in the cache."""
    first = _start(settings)
    stopped = time.perf_counter()
    control.stop(settings)
    stop = time.perf_counter() - stopped
    second = _start(settings)
    return Section(
        "Start",
        (
            Figure(
                "first start, empty data directory",
                first,
                "s",
                "jars in the cache; ready = settings read back + a query",
            ),
            Figure("second start", second, "s", f"{second / first:.2f} of the first"),
            Figure("clean stop", stop, "s"),
        ),
    )


def _start(settings: Settings) -> float:
    begun = time.perf_counter()
    address_of(settings)
    return time.perf_counter() - begun
