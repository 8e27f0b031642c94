"""How much memory Python takes for 100 MB of input, when it is only looked through and when it is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.children import Ran, mkg_load, server
from bench.figures import Figure, Section
from bench.zipf import size_of, write_graph

BYTES: Final = 100 * 10**6
# A graph so many times the shared data fills 100 MB and a little.
_TIMES: Final = 2.75
ALLOWED: Final = 500  # MB


def measure(folder: Path) -> Section:
    """Look through, then load, 100 MB of a graph in KGX and 100 MB of mappings; each is a process of its own."""
    files = folder / "files"
    nodes, edges = write_graph(files, size_of(_TIMES), seed=7)
    links = write_links(files / "links.sssom.tsv", BYTES)
    inputs = {"kgx": (nodes, edges), "sssom": (links,)}
    figures: list[Figure] = []
    for format, paths in inputs.items():
        size = sum(path.stat().st_size for path in paths) / 1e6
        with server(folder / f"memory-{format}") as settings:
            for how in ("--dry-run", "--again"):
                ran = mkg_load(settings, format, *(str(path) for path in paths), how)
                figures.append(_figure(format, "looked through" if how == "--dry-run" else "loaded", size, ran))
    return Section("Memory for 100 MB of input", tuple(figures))


def _figure(format: str, what: str, size: float, ran: Ran) -> Figure:
    things = f"{ran.told('nodes', 'new'):,} nodes, {ran.told('edges', 'new'):,} edges"
    kept = "within" if ran.peak <= ALLOWED else "over"
    return Figure(
        f"{format}, {size:.0f} MB, {what}", ran.peak, "MB", f"{kept} {ALLOWED} MB; {things}, {ran.loading:.0f} s"
    )


def write_links(path: Path, size: int) -> Path:
    """Write a mapping set of about `size` bytes: exact matches between MONDO and DOID; return its path."""
    with path.open("w", encoding="utf-8") as out:
        out.write("# license: https://creativecommons.org/publicdomain/zero/1.0/\n# subject_source: infores:mondo\n")
        out.write("subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\n")
        out.writelines(_links(size))
    return path


def _links(size: int) -> Iterator[str]:
    written = number = 0
    while written < size:
        name = f"made disorder of the kind {number}"
        line = (
            f"MONDO:{9_000_000 + number}\t{name}\tskos:exactMatch\tDOID:{9_000_000 + number}\t{name}"
            "\tsemapv:ManualMappingCuration\n"
        )
        written += len(line)
        number += 1
        yield line
