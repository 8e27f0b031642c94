"""`python -m bench [SECTION…] [--full] [--keep]`: runs the sections named, or all but the long ones, prints each."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import anyio

from bench import (
    adapter,
    bulk,
    corrupted,
    fuzz,
    goals,
    growth,
    killed_rows,
    kills,
    linking,
    load,
    memory,
    model,
    questions,
    start,
    typeahead,
)
from bench.figures import Section, kept, lines_of
from bench.graphql import beside
from bench.graphql.shapes import SHAPES
from kg.connect import connected
from kg.embedded import control
from kg.graph import Graph
from kg.settings import Settings, load_settings

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
SHARED: Final = Path(__file__).resolve().parents[2] / "shared" / "data"

Run = Callable[[Path, argparse.Namespace], Section]


@contextmanager
def _server(folder: Path) -> Generator[Settings]:
    """Give the settings of an empty server that starts by itself, and stop it at the end."""
    settings = load_settings(data_dir=folder / "data", bolt_port=0, neo4j_uri=None)
    try:
        yield settings
    finally:
        control.stop(settings)


def _asking(measure: Callable[[Graph, Settings, Path], Coroutine[Any, Any, Section]]) -> Run:
    """Return a section that asks a server which holds the core graph and some more."""

    def run(folder: Path, _: argparse.Namespace) -> Section:
        async def measured(settings: Settings) -> Section:
            async with connected(settings) as graph:
                await load.prepare(graph, SHARED)
                return await measure(graph, settings, folder)

        with _server(folder) as settings:
            return anyio.run(measured, settings)

    return run


def _start(folder: Path, _: argparse.Namespace) -> Section:
    with _server(folder) as settings:
        return start.measure(settings, folder)


def _graphql(folder: Path, given: argparse.Namespace) -> Section:
    return beside.measure(given.graph or folder, full=given.full, minutes=given.minutes, names=given.shapes)


# Each on servers and in a folder of its own; nothing of the user's is touched.
SECTIONS: Final[Mapping[str, Run]] = {
    "start": _start,
    "load": lambda folder, _: load.measure(folder, SHARED),
    "bulk": lambda folder, _: bulk.measure(folder),
    "growth": lambda folder, given: growth.measure(folder, given.full),
    "linking": lambda *_: linking.measure(),
    "memory": lambda folder, _: memory.measure(folder),
    "questions": _asking(lambda graph, settings, folder: questions.measure(graph)),
    "search": lambda folder, _: typeahead.measure(folder, SHARED),
    "model": _asking(model.measure),
}
# These take long, so they are run only when they are named.
LONG: Final[Mapping[str, Run]] = {
    "kills": lambda folder, given: kills.measure(folder, SHARED, given.times),
    "killed-rows": lambda folder, given: killed_rows.measure(folder, given.times),
    "corrupted": lambda folder, given: corrupted.measure(folder, SHARED, given.number),
    "fuzz": lambda folder, given: fuzz.measure(folder, given.operations),
    "graphql": _graphql,
    "goals": lambda folder, given: goals.measure(folder, given.notes),
    "adapter": lambda _, given: adapter.measure(given.notes, given.adapter),
}


def _shapes(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    known = [shape.name for shape in SHAPES if not shape.writes]
    if not set(names) <= {*known, *(shape.name for shape in SHAPES)} or not set(names) & set(known):
        raise argparse.ArgumentTypeError(f"name one of {', '.join(known)} at least")
    return names


def _given() -> argparse.Namespace:
    every = ", ".join((*SECTIONS, *LONG))
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=every)
    parser.add_argument("--keep", action="store_true", help=f"put what comes out into {RESULTS.name}")
    parser.add_argument("--full", action="store_true", help="growth: up to the largest size; graphql: all of it")
    parser.add_argument("--times", type=int, default=50, help="kills, killed-rows: how many (default 50)")
    parser.add_argument("--number", type=int, default=1000, help="corrupted: how many inputs (default 1000)")
    parser.add_argument("--operations", type=int, default=10_000, help="fuzz: how many operations (default 10000)")
    parser.add_argument("--minutes", type=float, default=1.0, help="graphql: load for the memory (default 1)")
    parser.add_argument("--shapes", type=_shapes, default=(), help="graphql: names of shapes, by commas (default all)")
    parser.add_argument("--graph", type=Path, help="graphql: a folder that keeps the loaded graph for the next run")
    parser.add_argument(
        "--notes", type=int, default=200, help="goals: in all; adapter: of each side and recipe (default 200)"
    )
    parser.add_argument("--adapter", type=Path, help="adapter: a folder; the shipped one if left out")
    given = parser.parse_args()
    unknown = sorted({*given.sections} - {*SECTIONS, *LONG})
    if unknown:
        parser.error(f"there is no section {unknown[0]!r}; sections: {every}")
    return given


def main() -> int:
    """Run the sections one after another; one that fails does not take the others with it. Return the exit code."""
    given = _given()
    failed = 0
    for name, run in (SECTIONS | LONG).items():
        if name not in (given.sections or SECTIONS):
            continue
        with tempfile.TemporaryDirectory(prefix="mkg-bench-") as folder:
            try:
                section = run(Path(folder) / name, given)
            except Exception:
                traceback.print_exc()
                print(f"{name} failed", file=sys.stderr, flush=True)
                failed += 1
                continue
        print("\n".join(lines_of(section)), end="\n\n", flush=True)
        if given.keep:
            RESULTS.write_text(kept(RESULTS.read_text(encoding="utf-8"), [section]), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
