"""The agreement with open sources as a file: numbers as CSV, numbers and disagreements as Markdown or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from kg.check.agreement import Agreement, AgreementReport
from kg.errors import DataError

_COLUMNS: Final = ("source", "version", "relation", "ours", "shared", "lacking")


def as_csv(report: AgreementReport) -> str:
    """Return the numbers alone, one row for each relation and source."""
    told = io.StringIO(newline="")
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([getattr(row, column) for column in _COLUMNS] for row in report.rows)
    return told.getvalue()


def rows_of_csv(text: str) -> tuple[Agreement, ...]:
    """Return the numbers that `as_csv` wrote."""
    return tuple(
        Agreement(
            row["source"], row["version"], row["relation"], int(row["ours"]), int(row["shared"]), int(row["lacking"])
        )
        for row in csv.DictReader(io.StringIO(text, newline=""))
    )


def as_json(report: AgreementReport) -> str:
    """Return numbers and disagreements as one JSON object."""
    rows = [asdict(row) | {"agreement": round(row.agreement, 4)} for row in report.rows]
    told = {"agreement": rows, "disagreements": [asdict(item) for item in report.disagreements]}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_markdown(report: AgreementReport) -> str:
    """Return numbers and disagreements as a page."""
    lines = ["# The core graph against open sources", "", *table(report.rows), ""]
    lines += [f"## Disagreements: {len(report.disagreements)}", ""]
    lines += [f"- `{item.id}` {item.rule}: {item.message}" for item in report.disagreements]
    return "\n".join(lines).rstrip() + "\n"


def table(rows: Iterable[Agreement]) -> list[str]:
    """Return the numbers as the lines of a Markdown table."""
    lines = [
        "| relation | source | version | ours it can judge | of these it has | agreement | it has, we lack |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ]
    return lines + [
        f"| {row.relation} | {row.source} | {row.version} | {row.ours} | {row.shared} | {row.agreement:.2f} "
        f"| {row.lacking} |"
        for row in rows
    ]


_WRITERS: Final[Mapping[str, Callable[[AgreementReport], str]]] = {
    ".csv": as_csv,
    ".json": as_json,
    ".md": as_markdown,
}


def report_text(report: AgreementReport, file: Path) -> str:
    """Return the report in the form that the file's ending asks for; raise DataError for an ending without one."""
    writer = _WRITERS.get(file.suffix.lower())
    if writer is None:
        raise DataError(
            f"a report cannot be written as {file.suffix or 'a file without an ending'}",
            place=str(file),
            hint=f"Endings: {', '.join(_WRITERS)}.",
        )
    return writer(report)
