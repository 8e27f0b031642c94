"""`mkg export`: the graph, or a part of it, as files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kg.connect import connected
from kg.export import FORMATS, Exported, export
from kg.licences import CLASSES
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import JsonOption, run, settings


def export_command(
    format: Annotated[str, typer.Argument(help=f"One of {', '.join(FORMATS)}.")],
    path: Annotated[Path, typer.Argument(help="The file (jsonl; .gz packs it) or the folder that is made.")],
    without_licence: Annotated[
        list[str] | None,
        typer.Option(help=f"Leave out what only such licences speak for: {', '.join(CLASSES)}, or a licence's text."),
    ] = None,
    only_kind: Annotated[
        list[str] | None, typer.Option(help="Only this kind of node or edge, for instance Disease; may be repeated.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Write the graph to files that are whole or not there; the same graph gives the same bytes."""
    with progress() as shown:

        async def work() -> Exported:
            async with connected(settings(), progress=shown) as graph:
                return await export(
                    graph.store, format, path, only=only_kind or (), without=without_licence or (), progress=shown
                )

        told = run(work)
    if json:
        show_json(asdict(told))
    else:
        _show(told, filtered=bool(without_licence))


def _show(told: Exported, *, filtered: bool) -> None:
    out.print(
        f"{told.nodes} nodes and {told.edges} edges with {told.evidence} items of evidence in {escape(told.path)}"
    )
    for licence, number in told.licences.items():
        out.print(f"  {number} under {escape(licence)}")
    if filtered:
        left = ", ".join(f"{number} {what}" for what, number in told.left_out.items())
        out.print(f"Left out: {left}")
    for text in told.unrecognised:
        say(f"What this licence allows is not known here; read it: {escape(text)}")
    for why, number in told.altered.items():
        say(f"{number} × {escape(why)}; the format has no way to write it")
