"""`python -m bench [SECTION…] [--full]`: runs the sections named, or all but the long ones, prints what came out."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

import anyio

from bench import bulk, corrupted, growth, kills, load, memory, model, questions, start
from bench.figures import Section, kept, page
from bench.graphql import beside
from bench.graphql.shapes import SHAPES
from kg.connect import connected
from kg.embedded import control
from kg.settings import Settings, load_settings

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
SHARED: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
# Those that ask one graph on one server; the others have servers of their own.
ASKING: Final = ("questions", "model")
SECTIONS: Final = ("start", "load", "bulk", "growth", "memory", *ASKING)
# These take long, so they are run alone; their results stand beside the others.
PROOFS: Final = ("kills", "corrupted", "graphql")


async def measured(settings: Settings, folder: Path, wanted: set[str]) -> list[Section]:
    """Run the sections that ask, one after another on one server."""
    sections: list[Section] = []
    async with connected(settings) as graph:
        await load.prepare(graph, SHARED)
        if "questions" in wanted:
            sections.append(await questions.measure(graph))
        if "model" in wanted:
            sections.append(await model.measure(graph, settings, folder))
    return sections


def loads(folder: Path, wanted: set[str], full: bool) -> list[Section]:
    """Run the sections that load, each on servers of its own."""
    sections: list[Section] = []
    if "load" in wanted:
        sections.append(load.measure(folder, SHARED))
    if "bulk" in wanted:
        sections.append(bulk.measure(folder / "bulk"))
    if "growth" in wanted:
        sections.append(growth.measure(folder / "growth", full))
    if "memory" in wanted:
        sections.append(memory.measure(folder / "memory"))
    return sections


def proofs(folder: Path, wanted: set[str], given: argparse.Namespace) -> list[Section]:
    """Run the proofs, each on servers of its own."""
    folder.joinpath("corrupted").mkdir()
    sections: list[Section] = []
    if "kills" in wanted:
        sections.append(kills.measure(folder / "kills", SHARED, given.times))
    if "corrupted" in wanted:
        sections.append(corrupted.measure(folder / "corrupted", SHARED, given.number))
    if "graphql" in wanted:
        kept: Path = given.graph or folder / "graphql"
        sections.append(beside.measure(kept, full=given.full, minutes=given.minutes, names=given.shapes))
    return sections


def _shapes(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    known = [shape.name for shape in SHAPES if not shape.writes]
    if not set(names) <= {*known, *(shape.name for shape in SHAPES)} or not set(names) & set(known):
        raise argparse.ArgumentTypeError(f"name one of {', '.join(known)} at least")
    return names


def main() -> None:
    """Measure on a server of its own with its own data directory; nothing of the user's is touched."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join((*SECTIONS, *PROOFS)))
    parser.add_argument("--full", action="store_true", help="growth: up to the largest size; graphql: all of it")
    parser.add_argument("--times", type=int, default=50, help="kills: how many (default 50)")
    parser.add_argument("--number", type=int, default=1000, help="corrupted: how many inputs (default 1000)")
    parser.add_argument("--minutes", type=float, default=1.0, help="graphql: load for the memory (default 1)")
    parser.add_argument("--shapes", type=_shapes, default=(), help="graphql: names of shapes, by commas (default all)")
    parser.add_argument("--graph", type=Path, help="graphql: a folder that keeps the loaded graph for the next run")
    given = parser.parse_args()
    full: bool = given.full
    wanted = set(given.sections) or set(SECTIONS)
    unknown = wanted - {*SECTIONS, *PROOFS}
    if unknown:
        sys.exit(f"There is no section {sorted(unknown)[0]!r}; sections: {', '.join((*SECTIONS, *PROOFS))}.")
    with tempfile.TemporaryDirectory(prefix="mkg-bench-") as name:
        folder = Path(name)
        settings = load_settings(data_dir=folder / "data", bolt_port=0, neo4j_uri=None)
        try:
            sections = [start.measure(settings, folder)] if "start" in wanted else []
            sections += anyio.run(measured, settings, folder, wanted) if wanted & set(ASKING) else []
        finally:
            control.stop(settings)
        sections += loads(folder, wanted, full)
        proved = proofs(folder, wanted, given)
    sys.stdout.write(page([*sections, *proved]))
    before = RESULTS.read_text(encoding="utf-8")
    if wanted >= set(SECTIONS):
        RESULTS.write_text(kept(before, page(sections), proved), encoding="utf-8")
    elif proved and ("graphql" not in wanted or (full and not given.shapes)):
        RESULTS.write_text(kept(before, before, proved), encoding="utf-8")


if __name__ == "__main__":
    main()
