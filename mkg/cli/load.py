"""`mkg load`: bring knowledge in, with a report of every row that was not taken, and take it back again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.markup import escape
from rich.table import Table

from kg.connect import connected
from kg.errors import DataError
from kg.load import Inputs, LoadReport, TakenBack, as_csv, as_json, load, plan_load, recognised, undo_load
from kg.sources.registry import FORMATS
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import ByOption, JsonOption, run, settings

_OTHERS = (
    ("csv", "any csv or tsv table, by a mapping file", "as the mapping file says"),
    ("auto", "a folder: says what its files are, and loads all that it knows", "of each format"),
    ("undo", "takes a load back: mkg load undo CHANGESET", ""),
)


def load_command(
    by: ByOption,
    format: Annotated[
        str | None, typer.Argument(help="A format of --list, or csv, auto or undo.", show_default=False)
    ] = None,
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files or folders (none for core); for undo, the change set.", show_default=False),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="For csv: the file that says what each column means.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check everything, write nothing.")] = False,
    strict: Annotated[
        list[str] | None,
        typer.Option(help="Load nothing when a row breaks this rule (any: every error); may be repeated."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Compare row by row even if the files are known.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write every problem to this file (.csv or .json).")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the formats with what is known of licences.")] = False,
    json: JsonOption = False,
) -> None:
    """Load a source into the graph: checked first, then one change set; loading it again changes nothing."""
    if listed:
        _show_formats(json=json)
        return
    if format is None:
        raise DataError(
            "no format is named", hint="`mkg load --list` shows them; `mkg load auto DIR` recognises a folder."
        )
    if format == "undo":
        _undo(paths or [], by, dry_run=dry_run, json=json)
        return
    files = [Path(path) for path in paths or []]
    unknown: list[str] = []
    if format == "auto":
        loads, unknown = _recognised(files)
    else:
        loads = [plan_load(format, files, mapping)]
    told = _load(loads, by, dry_run=dry_run, strict=tuple(strict or ()), again=again)
    if report is not None:
        report.write_bytes(_report_file(report, told))
    if json:
        many = [as_json(one) for one in told]
        show_json({"loads": many, "unknown": unknown} if format == "auto" else many[0])
    else:
        for one in told:
            if format == "auto":
                out.print(
                    f"[bold]{escape(one.format)}[/]: {escape(', '.join(str(file['name']) for file in one.files))}"
                )
            _show(one, listed=report is None)
        for name in unknown:
            out.print(f"Not recognised: {escape(name)}")
    if any(one.refused for one in told):
        raise typer.Exit(DataError.exit_code)


def _recognised(folders: Sequence[Path]) -> tuple[list[Inputs], list[str]]:
    if len(folders) != 1:
        raise DataError("auto takes one folder", hint="mkg load auto DIR")
    return recognised(folders[0])


def _load(loads: Sequence[Inputs], by: str, *, dry_run: bool, strict: tuple[str, ...], again: bool) -> list[LoadReport]:
    """Make the loads one after the other; a refused one ends it, since what follows may build on it."""
    done: list[LoadReport] = []
    with progress() as shown:

        async def work() -> None:
            async with connected(settings(), progress=shown) as graph:
                for inputs in loads:
                    what = f"{inputs.format}: " if len(loads) > 1 else ""
                    done.append(
                        await load(
                            graph.ledger,
                            graph.store,
                            inputs,
                            by=by,
                            dry_run=dry_run,
                            strict=strict,
                            again=again,
                            progress=lambda step, at, total, what=what: shown(what + step, at, total),
                        )
                    )
                    if done[-1].refused:
                        return

        run(work)
    return done


def _undo(words: Sequence[str], by: str, *, dry_run: bool, json: bool) -> None:
    if len(words) != 1:
        raise DataError("undo takes one change set", hint="mkg load undo CS:...; `mkg review log` lists them.")
    with progress() as shown:

        async def work() -> TakenBack:
            async with connected(settings(), progress=shown) as graph:
                return await undo_load(graph.ledger, graph.store, words[0], by=by, dry_run=dry_run, progress=shown)

        told = run(work)
    if json:
        show_json(asdict(told))
        return
    done = "would be" if told.dry_run else "were"
    out.print(f"{told.nodes} nodes and {told.edges} edges {done} put back as they were before {escape(told.title)}")
    if told.change_set:
        out.print(f"Undone by {told.change_set}")


def _show_formats(*, json: bool) -> None:
    rows = [(known.name, known.title, known.licence) for known in FORMATS]
    if json:
        files = {known.name: [slot.meaning for slot in known.slots] for known in FORMATS}
        show_json(
            [{"format": name, "title": title, "licence": note, "files": files[name]} for name, title, note in rows]
        )
        return
    table = Table(box=None, pad_edge=False)
    for column in ("format", "what it is", "licence of the data"):
        table.add_column(column, overflow="fold")
    for row in (*rows, *_OTHERS):
        table.add_row(*(escape(cell) for cell in row))
    out.print(table)


def _report_file(path: Path, told: Sequence[LoadReport]) -> bytes:
    if path.suffix == ".json":
        many = [as_json(one) for one in told]
        return orjson.dumps(many if len(many) > 1 else many[0], option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return as_csv(problem for one in told for problem in one.problems).encode()


def _show(told: LoadReport, *, listed: bool) -> None:
    if told.before:
        out.print(f"Nothing had to change: these files came in with {told.before} (--again compares row by row)")
        return
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
