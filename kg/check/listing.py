"""Findings as plain JSON and as a table that a spreadsheet can open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from kg.cells import safe_cell
from kg.check.finding import Finding

COLUMNS: Final = ("id", "rule", "severity", "subject", "message", "fix")


def as_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as plain JSON, one object each."""
    return [asdict(item) for item in findings]


def as_csv(findings: Iterable[Finding]) -> str:
    """Return findings as a csv table (lines end with CR LF, so write it as it is).

    Several subjects are set apart by a space. No cell can act as a formula in a spreadsheet.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in findings:
        cells = (item.id, item.rule, item.severity, " ".join(item.subject), item.message, item.fix)
        writer.writerow(map(safe_cell, cells))
    return text.getvalue()
