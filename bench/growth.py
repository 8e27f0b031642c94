"""The same figures at a tenth, once and ten times the size of the shared data, from seeded graphs, as a small plot."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import anyio

from bench.children import mkg_load, server
from bench.figures import Figure, Plot, Section
from bench.zipf import disease, size_of, write_graph
from kg.connect import connected
from kg.settings import Settings

TIMES: Final = (0.1, 1.0)
FULL: Final = (0.1, 1.0, 10.0)
_ROUNDS: Final = 50
# Asked of a disease in the middle of the ranks, and of the one that has the most edges.
QUESTIONS: Final[Mapping[str, str]] = {
    "1 hop": 'disease "{id}" | symptoms top 5 by weight',
    "2 hops": 'disease "{id}" | symptoms top 5 by weight | diseases top 10',
    "drugs": 'disease "{id}" | drugs top 10',
}


@dataclass(frozen=True, slots=True)
class Grown:
    """What was measured at one size; times in seconds, rates per second, memory in MB."""

    times: float
    nodes: int
    edges: int
    loading: float
    writing: float
    peak: float
    known: float
    again: float | None  # not taken at the largest size
    asked: Mapping[str, float]


def measure(folder: Path, full: bool = False) -> Section:
    """Make, load, load again and ask a graph of each size, each on a server of its own."""
    grown = [_at(folder / f"times-{times:g}", times) for times in (FULL if full else TIMES)]
    figures = [figure for one in grown for figure in _figures(one)]
    title = "Growth up to 10 times" if full else "Growth (10 times the size is taken with `--full`)"
    return Section(title, tuple(figures), plots(grown))


def _at(folder: Path, times: float) -> Grown:
    size = size_of(times)
    nodes, edges = write_graph(folder / "files", size, seed=11)
    files = (str(nodes), str(edges))
    with server(folder / "data") as settings:
        first = mkg_load(settings, "kgx", *files)
        known = mkg_load(settings, "kgx", *files)
        # Compared row by row it takes about as long as the first time, so half an hour at the largest size.
        again = mkg_load(settings, "kgx", *files, "--again").loading if times < FULL[-1] else None
        middle = size.diseases // 20
        asked = anyio.run(_asked, settings, {"a disease": disease(middle), "the largest": disease(0)})
    told = first.told("edges", "new")
    writing = first.step("edges")
    return Grown(*(times, size.nodes, told, first.loading, writing, first.peak, known.loading, again), asked)


async def _asked(settings: Settings, diseases: Mapping[str, str]) -> Mapping[str, float]:
    """Return the median seconds of each question, for each disease."""
    found: dict[str, float] = {}
    async with connected(settings) as graph:
        for whose, key in diseases.items():
            for name, question in QUESTIONS.items():
                text = question.replace("{id}", key)
                taken: list[float] = []
                for round_number in range(_ROUNDS + 10):
                    begun = time.perf_counter()
                    await graph.subgraph(text)
                    if round_number >= 10:  # The first rounds warm the server's plans.
                        taken.append(time.perf_counter() - begun)
                found[f"{name}, {whose}"] = statistics.median(taken)
    return found


def _figures(one: Grown) -> Sequence[Figure]:
    at = f"x {one.times:g}"
    return (
        Figure(f"{at}: load", one.loading, "s", f"{one.nodes:,} nodes, {one.edges:,} edges"),
        Figure(f"{at}: edges end to end", one.edges / one.loading, "edges/s"),
        Figure(f"{at}: edges while writing", one.edges / one.writing, "edges/s"),
        Figure(f"{at}: most memory of Python", one.peak, "MB"),
        Figure(f"{at}: second load, by hashes", one.known, "s"),
        *(
            [Figure(f"{at}: second load, row by row", one.again, "s", f"{one.loading / one.again:.1f} x faster")]
            if one.again
            else []
        ),
        *(Figure(f"{at}: {name}, p50", seconds * 1000, "ms") for name, seconds in one.asked.items()),
    )


def plots(grown: Sequence[Grown]) -> tuple[Plot, ...]:
    """Return the curves: each point is one size."""
    curves: dict[str, list[tuple[float, float | None]]] = {
        "edges/s while writing": [(one.edges, one.edges / one.writing) for one in grown],
        "edges/s end to end": [(one.edges, one.edges / one.loading) for one in grown],
        "memory of Python, MB": [(one.edges, one.peak) for one in grown],
        "second load, row by row, edges/s": [(one.edges, one.again and one.edges / one.again) for one in grown],
        **{f"{name}, p50, us": [(one.edges, one.asked[name] * 1e6) for one in grown] for name in grown[0].asked},
    }
    return tuple(
        Plot(name, "edges", tuple((at, value) for at, value in curve if value is not None))
        for name, curve in curves.items()
    )
