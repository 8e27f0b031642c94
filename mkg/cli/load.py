"""`mkg load`: bring knowledge in, with a report of every row that was not taken."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.markup import escape
from rich.table import Table

from kg.connect import connected
from kg.errors import DataError
from kg.load import LoadReport, as_csv, as_json, load, plan_load
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import ByOption, JsonOption, run, settings


def load_command(
    format: Annotated[str, typer.Argument(help="core, hetionet, obo or csv.")],
    by: ByOption,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; none for core.", show_default=False)
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="For csv: the file that says what each column means.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check everything, write nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Load nothing when any row is at fault.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write every problem to this file (.csv or .json).")] = None,
    json: JsonOption = False,
) -> None:
    """Load a source into the graph: checked first, then one change set; loading it again changes nothing."""
    inputs = plan_load(format, paths or [], mapping)
    with progress() as shown:

        async def work() -> LoadReport:
            async with connected(settings(), progress=shown) as graph:
                return await load(
                    graph.ledger, graph.store, inputs, by=by, dry_run=dry_run, strict=strict, progress=shown
                )

        told = run(work)
    if report is not None:
        report.write_bytes(_report_file(report, told))
    if json:
        show_json(as_json(told))
    else:
        _show(told, listed=report is None)
    if told.refused:
        raise typer.Exit(DataError.exit_code)


def _report_file(path: Path, told: LoadReport) -> bytes:
    if path.suffix == ".json":
        return orjson.dumps(as_json(told), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return as_csv(told.problems).encode()


def _show(told: LoadReport, *, listed: bool) -> None:
    done = "would be" if told.dry_run else "were"
    for what, counts in (("nodes", told.nodes), ("edges", told.edges)):
        known = f"{counts.changed} changed, {counts.unchanged} the same already"
        out.print(f"{counts.total} {what}: {counts.new} {done} new, {known}")
    if told.refused:
        out.print("Nothing was loaded, because of the rows below.")
    elif told.change_set:
        out.print(f"Change set {told.change_set}, {told.seconds:.1f} s")
    elif not told.dry_run:
        out.print(f"Nothing had to change, {told.seconds:.1f} s")
    if not told.problems:
        return
    out.print(f"{told.rejected} rows rejected, {told.skipped} rows skipped (about things this graph does not hold):")
    table = Table(box=None, pad_edge=False)
    for column in ("rows", "rule", "first of them", "what to do"):
        table.add_column(column, overflow="fold")
    for rule, number in told.by_rule.items():
        first = next(problem for problem in told.problems if problem.rule == rule)
        place = f"{first.place.file}:{first.place.line} {first.place.column}".rstrip()
        table.add_row(str(number), rule, escape(f"{place}: {first.message}"), escape(first.fix))
    out.print(table)
    if listed:
        say("Every one of them: add --report problems.csv")
