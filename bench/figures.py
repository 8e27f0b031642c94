"""What is measured, as plain values, and the page they make."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_BAR: Final = 40  # Characters of the longest bar of a plot.


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value: what, how much, in which unit, and how it was taken or what stands beside it."""

    what: str
    value: float
    unit: str
    note: str = ""

    def row(self) -> str:
        """Return the figure as a row of a Markdown table."""
        return f"| {self.what} | {_shown(self.value)} | {self.unit} | {self.note} |"


@dataclass(frozen=True, slots=True)
class Plot:
    """A curve of a few points, drawn as bars of text: one line for each point, its length on a scale from zero."""

    what: str
    along: str
    points: tuple[tuple[float, float], ...]

    def lines(self) -> list[str]:
        """Return the plot as lines of plain text."""
        most = max(value for _, value in self.points) or 1.0
        bars = [
            f"  {at:>11,.0f} {self.along} |{'#' * max(1, round(_BAR * value / most)):<{_BAR}}| {_shown(value)}"
            for at, value in self.points
        ]
        return [self.what, *bars]


@dataclass(frozen=True, slots=True)
class Table:
    """Values that are read across: a row for each thing, a column for each way of looking at it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]

    def lines(self) -> list[str]:
        """Return the table in Markdown; numbers stand to the right."""
        marks = ["---" if isinstance(cell, str) else "---:" for cell in self.rows[0]]
        cells = [[cell if isinstance(cell, str) else _shown(cell) for cell in row] for row in self.rows]
        return [f"| {' | '.join(row)} |" for row in (self.columns, marks, *cells)]


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together, tables and curves of them."""

    title: str
    figures: tuple[Figure, ...]
    plots: tuple[Plot, ...] = ()
    tables: tuple[Table, ...] = ()


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def counted(counts: Mapping[str, int]) -> str:
    """Return counts in words, the largest first."""
    return ", ".join(f"{count:,} {name}" for name, count in Counter(counts).most_common())


def spread(what: str, seconds: Sequence[float], note: str = "") -> tuple[Figure, Figure]:
    """Return median and 99th percentile of times in seconds, as milliseconds."""
    return (
        Figure(f"{what}, p50", statistics.median(seconds) * 1000, "ms", note),
        Figure(f"{what}, p99", percentile(seconds, 0.99) * 1000, "ms", f"{len(seconds)} runs"),
    )


def page(sections: Sequence[Section]) -> str:
    """Return the page of results."""
    head = f"""# Results

Taken with `python -m bench`: {_machine()}.
The machine is shared, so trust ratios within one run more than times. Load averages are those at the end of a section.
"""
    return kept(head, sections)


def kept(before: str, sections: Sequence[Section]) -> str:
    """Return a page with these sections in the place of those of the same name, new ones at its end."""
    head, *parts = before.split("\n## ")
    known = {_name(part): part for part in parts}
    for section in sections:
        text = "\n".join(lines_of(section)).removeprefix("## ")
        known[_name(text)] = text
    return "\n\n## ".join(part.strip("\n") for part in (head, *known.values())) + "\n"


def lines_of(section: Section) -> list[str]:
    """Return a section as lines of Markdown, with when it was taken and how busy the machine was."""
    lines = [
        f"## {section.title}",
        "",
        f"Taken on {datetime.now(UTC):%Y-%m-%d}, load average {os.getloadavg()[0]:.1f}.",
    ]
    for table in section.tables:
        lines += ["", *table.lines()]
    lines += ["", "| what | value | unit | note |", "| --- | --- | --- | --- |"]
    lines += [figure.row() for figure in section.figures]
    if section.plots:
        lines += ["", "```text", *(line for plot in section.plots for line in plot.lines()), "```"]
    return lines


def _name(part: str) -> str:
    """Return what stays of a heading when sizes and dates change."""
    return re.split(r" \(|,", part.partition("\n")[0])[0]


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, Python {platform.python_version()}"
