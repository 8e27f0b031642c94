"""`mkg check`: what is wrong with the graph, or with the graph that ships with the project."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.markup import escape
from rich.table import Table

from kg.check.finding import SEVERITIES, Finding, Severity
from kg.check.graph import ALL_RULES, LISTED, GraphReport, check_graph
from kg.check.listing import as_csv, as_rows
from kg.connect import connected
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import JsonOption, run, settings

ERRORS_FOUND = 1
# On a screen; --json and --csv list more.
_SHOWN = 3


def check(
    what: Annotated[
        Literal["graph", "core"], typer.Argument(help="The loaded graph, or the tables of the shipped one.")
    ] = "graph",
    rule: Annotated[
        list[str] | None,
        typer.Option(help=f"Only this rule; may be repeated: {', '.join(r for r, _, _ in ALL_RULES)}."),
    ] = None,
    severity: Annotated[Severity, typer.Option(help="Show findings that are at least as grave.")] = "note",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many findings of a rule are listed.")] = LISTED,
    against: Annotated[Path | None, typer.Option(help="For core: a folder of open sources to compare with.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="With --against: write numbers and disagreements (.md, .csv or .json).")
    ] = None,
    json: JsonOption = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print the findings as a csv table.")] = False,
) -> None:
    """Tell what is wrong and what to do, under ids that stay; the exit code is 1 when anything is an error."""
    if json and csv:
        raise typer.BadParameter("choose one of --json and --csv")
    if what == "graph" and (against or report):
        raise typer.BadParameter("--against and --report belong to `mkg check core`")
    if report and not against:
        raise typer.BadParameter("--report needs --against")
    if what == "core":
        # Reads every kind of source, which no other command needs.
        from mkg.cli.check_core import core_told

        with progress() as shown:
            core = core_told(against, report, shown)
        told = [item for item in core.findings if not rule or item.rule in rule]
        _print(told, severity, json, csv, core.head)
        if not json and not csv:
            core.show()
        failed = any(item.severity == "error" for item in told)
    else:
        found = _graph(rule or [], limit)
        head = {
            "head": found.head,
            "seconds": round(found.seconds, 3),
            "counts": [{"rule": c.rule, "severity": c.severity, "total": c.total} for c in found.counts],
        }
        _print(found.findings, severity, json, csv, head)
        if not json and not csv:
            _show_graph(found, severity)
        failed = found.total("error") > 0
    if failed:
        raise typer.Exit(ERRORS_FOUND)


def _graph(rules: Sequence[str], limit: int) -> GraphReport:
    with progress() as shown:

        async def work() -> GraphReport:
            async with connected(settings(), progress=shown) as graph:
                return await check_graph(graph.store, rules=rules, limit=limit, progress=shown)

        return run(work)


def _print(findings: Iterable[Finding], least: Severity, json: bool, csv: bool, head: dict[str, Any]) -> None:
    kept = [item for item in findings if _grave(item.severity, least)]
    if json:
        show_json({**head, "findings": as_rows(kept)})
    elif csv:
        sys.stdout.write(as_csv(kept))


def _show_graph(report: GraphReport, least: Severity) -> None:
    meanings = {name: meaning for name, _, meaning in ALL_RULES}
    for count in report.counts:
        if not _grave(count.severity, least):
            continue
        out.print(f"[bold]{count.severity}[/] {count.rule}: {count.total} × {escape(meanings[count.rule])}")
        some = [item for item in report.findings if (item.rule, item.severity) == (count.rule, count.severity)]
        show_findings(some[:_SHOWN])
        if count.total > _SHOWN:
            out.print(f"  … and {count.total - len(some[:_SHOWN])} more")
        out.print(f"  {escape(some[0].fix)}")
    totals = ", ".join(f"{report.total(severity)} {severity}s" for severity in SEVERITIES)
    out.print(f"{totals}, {report.seconds:.1f} s")
    if any(count.total > _SHOWN for count in report.counts):
        say("To see more: --json or --csv, with --rule and --limit")


def show_findings(findings: Iterable[Finding]) -> None:
    """Print findings, one a line."""
    table = Table(box=None, pad_edge=True, show_header=False)
    for item in findings:
        table.add_row(item.id, escape(" ".join(item.subject)), escape(item.message))
    out.print(table)


def _grave(severity: Severity, least: Severity) -> bool:
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)
