"""`mkg dataset`: rows of notes as other formats, without near-duplicates, as a report, and how far a run is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from generator.duplicates import DEFAULT_THRESHOLD, DEFAULT_WORDS
from generator.exports import UNKNOWN_LICENCE, Format, export_rows
from generator.exports.deduped import write_deduped
from generator.report.report import DEFAULT_SEED, SHOWN, write_report
from generator.report.standing import Run, standing
from kg.connect import connected
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.dataset_options import DryRunOption, OverwriteOption, Rows
from mkg.cli.dataset_score import score
from mkg.cli.session import JsonOption, run, settings

app = typer.Typer(no_args_is_help=True, help="Export, clean and look at rows of notes.")
app.command("score")(score)


@app.callback()
def dataset() -> None:
    """Export, clean and look at rows of notes."""


@app.command()
def export(
    rows: Rows,
    file: Annotated[Path, typer.Option("--out", help="The file to write; a folder for hf.")],
    format: Annotated[Format, typer.Option("--as", help="The format.")],
    with_rejected: Annotated[
        bool, typer.Option("--with-rejected", help="Notes that the check rejected as well; else they are left out.")
    ] = False,
    licence: Annotated[
        str, typer.Option(help="Licence on the card of hf, as the hub names it: cc-by-4.0, apache-2.0, other.")
    ] = UNKNOWN_LICENCE,
    title: Annotated[
        str | None, typer.Option(help="Title on the card of hf; else the folder's name.", show_default=False)
    ] = None,
    overwrite: OverwriteOption = False,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Write the rows in another format: whole, or not at all."""
    with progress() as shown:
        told = export_rows(
            rows,
            format,
            file,
            with_rejected=with_rejected,
            overwrite=overwrite,
            dry=dry_run,
            licence=licence,
            title=title,
            progress=lambda done: shown("Reading rows", done, 0),
        )
    if json:
        show_json(told.as_json())
        return
    where = "would be written to" if told.dry else "in"
    out.print(f"{told.tally.written:,} {told.what} {where} {escape(str(told.out))} as {told.format}")
    if told.tally.left_out:
        say(f"{told.tally.left_out:,} rejected notes were left out; --with-rejected takes them along.")


@app.command()
def dedupe(
    rows: Rows,
    file: Annotated[Path, typer.Option("--out", help="The JSONL file to write; the list of dropped ones beside it.")],
    threshold: Annotated[
        float, typer.Option(min=0.05, max=1.0, help="Share of runs of words in common from which a note is dropped.")
    ] = DEFAULT_THRESHOLD,
    words: Annotated[int, typer.Option(min=1, max=20, help="Words of a run.")] = DEFAULT_WORDS,
    overwrite: OverwriteOption = False,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Drop notes that nearly repeat an earlier one; the first is kept."""
    with progress() as shown:
        told = write_deduped(
            rows,
            file,
            threshold=threshold,
            words=words,
            overwrite=overwrite,
            dry=dry_run,
            progress=lambda done: shown("Comparing notes", done, 0),
        )
    if json:
        show_json(told.as_json())
        return
    where = "would be kept" if told.dry else f"kept in {escape(str(told.out))}"
    out.print(f"{told.kept:,} of {told.read:,} notes {where}, {told.dropped:,} near-duplicates dropped")
    for pair in told.pairs:
        say(f"{escape(pair.dropped)} repeats {escape(pair.kept)} ({pair.similarity:.2f})")
    if told.dropped > len(told.pairs):
        say("…" if told.dry else f"… all of them in {escape(str(told.list))}")
    if told.rejected:
        say(f"{told.rejected:,} rejected notes were kept as they are; they drop no other.")


@app.command()
def report(
    rows: Rows,
    file: Annotated[Path, typer.Option("--out", help="The page to write; its figures as JSON beside it.")],
    graph: Annotated[
        bool, typer.Option("--graph", help="Ask the graph how much it holds, for what part of it the notes cover.")
    ] = False,
    samples: Annotated[int, typer.Option(min=0, max=1000, help="Notes to show.")] = SHOWN,
    seed: Annotated[
        int, typer.Option(help="Draws the notes shown, and those that diversity is measured on.")
    ] = DEFAULT_SEED,
    overwrite: OverwriteOption = False,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Write one page that tells of the rows: figures, plots and coloured notes. It needs no network."""
    with progress() as shown:

        async def asked() -> Mapping[str, int]:
            async with connected(settings(), progress=shown) as there:
                return (await there.counts())["node"]

        told = write_report(
            rows,
            file,
            there=run(asked) if graph else None,
            seed=seed,
            samples=samples,
            overwrite=overwrite,
            dry=dry_run,
            progress=lambda done: shown("Reading notes", done, 0),
        )
    if json:
        show_json(told.figures)
        return
    figures: Mapping[str, Any] = told.figures["rows"]
    where = "would be told of in" if told.dry else "in"
    out.print(f"{figures['all']:,} notes, {figures['rejected']:,} of them rejected, {where} {escape(str(told.out))}")
    say(f"The figures as JSON: {escape(str(told.json))}")


@app.command()
def status(
    path: Annotated[Path, typer.Argument(help="The file that a run writes, or a folder of them.")],
    json: JsonOption = False,
) -> None:
    """Say how far runs are: rows done of those wanted, passed, rejected, and time."""
    told = standing(path)
    if json:
        show_json(told.as_json())
        return
    for each in told.runs:
        out.print(f"{escape(each.file)}: {_said(each)}")


def _said(each: Run) -> str:
    parts = [f"{each.rows:,} of {each.wanted:,} rows" if each.wanted is not None else f"{each.rows:,} rows", each.state]
    if each.passed is not None:
        parts.append(f"{each.passed:,} passed, {each.rejected:,} rejected")
    if each.seconds is not None:
        parts.append(f"{each.seconds:,.0f} s" + (f", {each.rate:,.2f} rows/s" if each.rate else ""))
    if each.seconds_left is not None:
        parts.append(f"{each.seconds_left:,.0f} s left")
    return ", ".join(parts)
