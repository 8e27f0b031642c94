"""How long the embedded Neo4j takes to be ready: on an empty data directory, and again."""

from __future__ import annotations

import time
from pathlib import Path

from bench.figures import Figure, Section
from kg.connect import address_of
from kg.embedded import control
from kg.settings import Settings


def measure(settings: Settings, folder: Path) -> Section:
    """Start with nothing cached; then on an empty data directory, stop, start again. The last one is left running."""
    bare = settings.model_copy(update={"data_dir": folder / "bare", "cache_dir": folder / "cache"})
    nothing = _start(bare)
    control.stop(bare)
    first = _start(settings)
    stopped = time.perf_counter()
    control.stop(settings)
    stop = time.perf_counter() - stopped
    second = _start(settings)
    return Section(
        "Start",
        (
            Figure("cold: nothing cached", nothing, "s", "216 jars, 140 MB, fetched and verified first"),
            Figure("empty data directory, jars cached", first, "s", "ready = settings read back and a query answered"),
            Figure("warm: data and jars there", second, "s", f"{second / nothing:.2f} of the cold start"),
            Figure("clean stop", stop, "s"),
        ),
    )


def _start(settings: Settings) -> float:
    begun = time.perf_counter()
    address_of(settings)
    return time.perf_counter() - begun
