"""`mkg check core`: the counts of the shipped graph, what is wrong with it, and how far open sources agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from kg.check.agreement import AgreementReport, agreement
from kg.check.agreement_report import report_text
from kg.check.core import check_core
from kg.check.core_graph import shipped
from kg.check.finding import SEVERITIES, Finding
from kg.errors import DataError
from kg.load import recognised
from mkg.cli.console import out, say


@dataclass(frozen=True, slots=True)
class CoreTold:
    """Counts and findings of the shipped graph, and the agreement when sources were named."""

    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    agreement: AgreementReport | None
    written: Path | None = None

    @property
    def head(self) -> dict[str, Any]:
        """What stands before the findings in JSON."""
        told: dict[str, Any] = {"counts": dict(self.counts)}
        if self.agreement is not None:
            told["agreement"] = [{**asdict(row), "agreement": row.agreement} for row in self.agreement.rows]
            told["disagreements"] = [asdict(item) for item in self.agreement.disagreements]
        return told

    def show(self) -> None:
        """Print it for people."""
        out.print(", ".join(f"{number} {what}" for what, number in self.counts.items()))
        for item in self.findings:
            out.print(f"[bold]{item.severity}[/] {item.rule} {item.id}: {escape(item.message)}")
            out.print(f"  {escape(item.fix)}")
        totals = (f"{sum(item.severity == severity for item in self.findings)} {severity}s" for severity in SEVERITIES)
        out.print(", ".join(totals))
        if self.agreement is None:
            return
        table = Table(box=None, pad_edge=False)
        for column in ("relation", "source", "version", "ours", "shared", "agreement", "we lack"):
            table.add_column(column)
        for row in self.agreement.rows:
            numbers = (str(row.ours), str(row.shared), f"{row.agreement:.2f}", str(row.lacking))
            table.add_row(row.relation, escape(row.source), escape(row.version), *numbers)
        out.print(table)
        out.print(f"{len(self.agreement.disagreements)} disagreements")
        where = f"in {self.written}" if self.written else "add --report FILE (.md, .csv or .json)"
        say(f"Every one of them: {escape(where)}")


def core_told(against: Path | None, report: Path | None, progress: Callable[[str, int, int], None]) -> CoreTold:
    """Check the shipped graph, compare it with the sources in a folder, and write the report of that.

    Raises DataError or FileUnreadable when folder or report cannot be used.
    """
    graph = shipped()
    checked = check_core(graph)
    compared = None
    if against is not None:
        inputs, _ = recognised(against)
        parts = [part for each in inputs for part in each.parts]
        names = [part.source for part in parts]
        compared = agreement(graph, parts, lambda name: progress("comparing", names.index(name), len(names)))
        progress("comparing", len(names), len(names))
    if report is not None and compared is not None:
        text = report_text(compared, report)
        try:
            report.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise DataError(f"the report cannot be written: {error.strerror}", place=str(report)) from error
    return CoreTold(checked.counts, checked.findings, compared, report)
