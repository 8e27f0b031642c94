"""`mkg generate instructions`: questions and answers from the graph, each with the question that proves it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from generator.instructions.builders import BUILDERS
from generator.instructions.run import (
    InstructionSummary,
    Order,
    Ready,
    file_of,
    generate_instructions,
    prepare,
    summary_of,
)
from generator.instructions.shares import Shares, read_shares
from kg.connect import connected
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.generate_patients import languages_of
from mkg.cli.session import JsonOption, run, settings


def instructions(
    file: Annotated[Path, typer.Option("--out", help="A .jsonl file, or a folder for instructions.jsonl.")] = Path(
        "instructions.jsonl"
    ),
    config: Annotated[
        Path | None, typer.Option(help="Shares and limits (YAML); the shipped ones when left out.", show_default=False)
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=1_000_000, help="Exactly so many rows.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same file, byte for byte.")] = 7,
    languages: Annotated[
        str | None, typer.Option(help="Languages of the rows, for instance en,ru.", show_default=False)
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="This builder alone; may be repeated.", show_default=False)
    ] = None,
    notes: Annotated[
        Path | None,
        typer.Option(help="Rows of `mkg generate notes` to use beside the example notes.", show_default=False),
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Show the builders and how much the graph has for each; write nothing.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written; write nothing.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file of another run.")] = False,
    json: JsonOption = False,
) -> None:
    """Write instruction data; an interrupted run goes on where it stopped when it is started again."""
    order = Order(_shares(config, languages, only), count, seed, notes, named=bool(only))
    with progress() as shown:

        async def read() -> Ready:
            async with connected(settings(), progress=shown) as graph:
                return await prepare(graph, order)

        async def write() -> InstructionSummary:
            async with connected(settings(), progress=shown) as graph:
                return await generate_instructions(
                    graph, order, file, lambda done, total: shown("Writing rows", done, total), overwrite=overwrite
                )

        if list_:
            _show_list(run(read), json=json)
            return
        if dry_run:
            ready = run(read)
            summary = summary_of(ready, ready.planner().plan(), file_of(file))
        else:
            summary = run(write)
    _show_summary(summary, dry=dry_run, json=json)


def _shares(config: Path | None, languages: str | None, only: list[str] | None) -> Shares:
    shares = read_shares(config)
    if only:
        shares = shares.of(*dict.fromkeys(only))
    if languages is not None:
        shares = shares.model_copy(update={"languages": languages_of(languages)})
    return shares


def _show_list(ready: Ready, *, json: bool) -> None:
    sizes = ready.sizes()
    shares = ready.order.shares.builders
    rows: list[dict[str, Any]] = [
        {
            "builder": name,
            "about": BUILDERS[name].about,
            "cases": cases,
            "share": shares[name].share if name in shares else 0.0,
        }
        for name, cases in sizes.items()
    ]
    if json:
        show_json(rows)
        return
    for row in rows:
        out.print(f"{row['builder']:24} {row['cases']:>8,}  share {row['share']:<4g} {row['about']}")
    say("A case is one thing that can be asked; it is told in each language, and in as many wordings as are allowed.")


def _show_summary(summary: InstructionSummary, *, dry: bool, json: bool) -> None:
    if json:
        show_json({**asdict(summary), "rows": str(summary.rows), "dry_run": dry})
        return
    verb = "would be written to" if dry else "in"
    told = ", ".join(f"{language} {number:,}" for language, number in summary.languages.items())
    out.print(f"{summary.count:,} rows of {len(summary.builders)} builders {verb} {escape(str(summary.rows))} ({told})")
    hops = ", ".join(f"{hops} {number:,}" for hops, number in summary.hops.items())
    say(f"By hops: {hops}; {summary.questions} questions to the graph at {escape(summary.release)}")
    if summary.empty:
        say(f"The graph has nothing for {', '.join(summary.empty)}; the others have their share.")
    if summary.short:
        lacking = ", ".join(f"{name} {number:,}" for name, number in summary.short.items())
        say(f"Ran dry, and others made up for it: {lacking}")
    if summary.reused:
        say("The file was there already and is the same; nothing was written.")
    elif summary.resumed:
        say(f"{summary.resumed:,} were there already.")
