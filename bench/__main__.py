"""`python -m bench [start load questions graphql model]`: runs the sections named, or all, and prints what came out."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

import anyio

from bench import graphql, load, model, questions, start
from bench.figures import Section, page
from kg.connect import connected
from kg.embedded import control
from kg.settings import Settings, load_settings

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
SHARED: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
SECTIONS: Final = ("start", "load", "questions", "graphql", "model")


async def measured(settings: Settings, folder: Path, wanted: set[str]) -> list[Section]:
    """Run the sections one after another on one server; all but the first need the graph that `load` brings."""
    sections: list[Section] = []
    async with connected(settings) as graph:
        loaded = await load.measure(graph, SHARED)
        if "load" in wanted:
            sections.append(loaded)
        if "questions" in wanted:
            sections.append(await questions.measure(graph))
        if "graphql" in wanted:
            sections.append(await graphql.measure(graph, settings))
        if "model" in wanted:
            sections.append(await model.measure(graph, settings, folder))
    return sections


def main() -> None:
    """Measure on a server of its own with its own data directory; nothing of the user's is touched."""
    wanted = set(sys.argv[1:]) or set(SECTIONS)
    unknown = wanted - set(SECTIONS)
    if unknown:
        sys.exit(f"There is no section {sorted(unknown)[0]!r}; sections: {', '.join(SECTIONS)}.")
    with tempfile.TemporaryDirectory(prefix="mkg-bench-") as name:
        folder = Path(name)
        settings = load_settings(data_dir=folder / "data", bolt_port=0, neo4j_uri=None)
        try:
            sections = [start.measure(settings, folder)] if "start" in wanted else []
            sections += anyio.run(measured, settings, folder, wanted)
        finally:
            control.stop(settings)
    text = page(sections)
    sys.stdout.write(text)
    if wanted == set(SECTIONS):
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
