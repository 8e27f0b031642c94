"""What a load did: counts, and every row that was not taken, as JSON or as a table that a spreadsheet can open."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kg.cells import safe_cell
from kg.sources.records import Problem

COLUMNS: Final = ("problem", "file", "line", "column", "rule", "value", "fix", "severity")
# The whole of Hetionet has two million edges that this graph does not hold: they are all counted, not all listed.
LISTED_PER_RULE: Final = 10_000
# Stands for every rule in `strict`.
ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things of the files the graph did not have, had otherwise, and had so already."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.new + self.changed + self.unchanged


class RuleBrokenError(Exception):
    """A rule was broken that the user said must hold; ends the reading and never leaves this package."""


class Problems:
    """Collects the rows that are not taken: counts all, lists up to LISTED_PER_RULE of each rule.

    `strict` names the rules of which one broken row is enough to refuse the load; ANY means every error.
    """

    def __init__(self, strict: Collection[str] = ()) -> None:
        self._strict = frozenset(strict)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._listed: list[Problem] = []

    def add(self, problem: Problem) -> None:
        """Take a problem in."""
        key = (problem.severity, problem.rule)
        self._counts[key] += 1
        if self._counts[key] <= LISTED_PER_RULE:
            self._listed.append(problem)
        if problem.rule in self._strict or (ANY in self._strict and problem.severity == "error"):
            raise RuleBrokenError(problem.rule)

    def count(self, severity: str) -> int:
        """Return how many there are of that severity."""
        return sum(number for (kind, _), number in self._counts.items() if kind == severity)

    def by_rule(self) -> Mapping[str, int]:
        """Return how many rows each rule kept out, most first."""
        rules: Counter[str] = Counter()
        for (_, rule), number in self._counts.items():
            rules[rule] += number
        return dict(sorted(rules.items(), key=lambda item: (-item[1], item[0])))

    def listed(self) -> tuple[Problem, ...]:
        """Return those that are listed: errors first, then by file and line."""
        return tuple(
            sorted(
                self._listed,
                key=lambda problem: (
                    problem.severity != "error",
                    problem.place.file,
                    problem.place.line,
                    problem.place.column,
                    problem.rule,
                    problem.value,
                ),
            )
        )


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, or with `dry_run` would do.

    `rejected` counts rows with a fault, `skipped` rows about something this graph does not hold. `refused` says that
    nothing was loaded because of the faults. `change_set` is None when nothing had to change; `before` is the change
    set that brought the same files in earlier, when that was enough to know. `seconds` is wall time, all in all and for
    each step (read, identify, compare, nodes, edges).
    """

    format: str
    title: str
    dry_run: bool
    refused: bool
    nodes: Counts
    edges: Counts
    rejected: int
    skipped: int
    by_rule: Mapping[str, int]
    problems: tuple[Problem, ...]
    change_set: str | None
    seconds: float
    steps: Mapping[str, float] = field(default_factory=dict[str, float])
    before: str | None = None
    files: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def unlisted(self) -> int:
        """How many rows are counted but, being too many of one rule, not listed."""
        return self.rejected + self.skipped - len(self.problems)


def as_json(report: LoadReport) -> dict[str, Any]:
    """Return the report as plain JSON."""
    return {
        "format": report.format,
        "title": report.title,
        "dry_run": report.dry_run,
        "refused": report.refused,
        "nodes": _counts(report.nodes),
        "edges": _counts(report.edges),
        "rejected": report.rejected,
        "skipped": report.skipped,
        "by_rule": dict(report.by_rule),
        "change_set": report.change_set,
        "before": report.before,
        "seconds": round(report.seconds, 3),
        "steps": {name: round(seconds, 3) for name, seconds in report.steps.items()},
        "files": [dict(file) for file in report.files],
        "problems": [_row(problem) for problem in report.problems],
        "unlisted": report.unlisted,
    }


def as_csv(problems: Iterable[Problem]) -> str:
    """Return the problems as a csv table (lines end with CR LF, so write it as it is).

    No cell of it can act as a formula in a spreadsheet.
    """
    text = io.StringIO(newline="")
    # With LF alone the writer would leave a CR inside a cell without quotes.
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for problem in problems:
        row = _row(problem)
        writer.writerow([value if isinstance(value, int) else safe_cell(value) for value in row.values()])
    return text.getvalue()


def _counts(counts: Counts) -> dict[str, int]:
    return {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged}


def _row(problem: Problem) -> dict[str, str | int]:
    """Return a problem by column, in the order of COLUMNS."""
    return {
        "problem": problem.message,
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "rule": problem.rule,
        "value": problem.value,
        "fix": problem.fix,
        "severity": problem.severity,
    }
