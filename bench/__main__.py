"""`python -m bench [SECTION…] [--full]`: runs the sections named, or all, and prints what came out."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

import anyio

from bench import bulk, graphql, growth, load, memory, model, questions, start
from bench.figures import Section, page
from kg.connect import connected
from kg.embedded import control
from kg.settings import Settings, load_settings

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
SHARED: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
# Those that ask one graph on one server; the others have servers of their own.
ASKING: Final = ("questions", "graphql", "model")
SECTIONS: Final = ("start", "load", "bulk", "growth", "memory", *ASKING)


async def measured(settings: Settings, folder: Path, wanted: set[str]) -> list[Section]:
    """Run the sections that ask, one after another on one server."""
    sections: list[Section] = []
    async with connected(settings) as graph:
        await load.prepare(graph, SHARED)
        if "questions" in wanted:
            sections.append(await questions.measure(graph))
        if "graphql" in wanted:
            sections.append(await graphql.measure(graph, settings))
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


def main() -> None:
    """Measure on a server of its own with its own data directory; nothing of the user's is touched."""
    full = "--full" in sys.argv[1:]
    wanted = set(sys.argv[1:]) - {"--full"} or set(SECTIONS)
    unknown = wanted - set(SECTIONS)
    if unknown:
        sys.exit(f"There is no section {sorted(unknown)[0]!r}; sections: {', '.join(SECTIONS)}.")
    with tempfile.TemporaryDirectory(prefix="mkg-bench-") as name:
        folder = Path(name)
        settings = load_settings(data_dir=folder / "data", bolt_port=0, neo4j_uri=None)
        try:
            sections = [start.measure(settings, folder)] if "start" in wanted else []
            sections += anyio.run(measured, settings, folder, wanted) if wanted & set(ASKING) else []
        finally:
            control.stop(settings)
        sections += loads(folder, wanted, full)
    text = page(sections)
    sys.stdout.write(text)
    if wanted == set(SECTIONS):
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
