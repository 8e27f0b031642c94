"""`mkg embed`: prepare search by meaning."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from kg.connect import connected
from kg.embedding import EmbedReport, embed
from mkg.cli.console import out, progress, show_json
from mkg.cli.session import JsonOption, run, settings
from mkg.embedding import encoder_of


def embed_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would be done, write nothing.")] = False,
    json: JsonOption = False,
) -> None:
    """Make the vectors for search by meaning: of what is new or was renamed; a stopped run goes on by the next."""
    chosen = settings()
    encoder = encoder_of(chosen)
    with progress() as shown:

        async def work() -> EmbedReport:
            async with connected(chosen, progress=shown) as graph:
                return await embed(graph.store, encoder, progress=shown, dry_run=dry_run)

        told = run(work)
    if json:
        show_json(asdict(told))
        return
    done = "would be" if dry_run else "were"
    out.print(f"{told.embedded} nodes {done} embedded, {told.unchanged} are as they were, in {told.seconds:.1f} s")
    if told.unnamed:
        out.print(f"{told.unnamed} have no English name and are found by `search` alone")
    if told.removed:
        out.print(f"{told.removed} vectors {done} removed, whose nodes are gone")
