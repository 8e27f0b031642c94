"""`mkg generate symptoms`: a model lists the symptoms in texts, and the graph says which of them it knows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from generator.manifestations.run import SymptomSummary, read_symptoms
from generator.manifestations.texts import read_entries
from generator.settings import load_generator_settings
from kg.connect import connected
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import JsonOption, run, settings
from mkg.writing import model_of


def symptoms(
    texts: Annotated[Path, typer.Option(help="A .txt file, a folder of them, or .jsonl with id and text.")],
    folder: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same symptoms.")] = 7,
    model: Annotated[
        str | None,
        typer.Option(help="smollm2, a LLaMA folder, a GGUF file, or a server's model (MKG_MODEL).", show_default=False),
    ] = None,
    model_url: Annotated[
        str | None, typer.Option(help="OpenAI-compatible server to use instead (MKG_MODEL_URL).", show_default=False)
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Read all texts again.")] = False,
    json: JsonOption = False,
) -> None:
    """Read symptoms out of texts; texts that were read are kept when the command is given again."""
    entries = read_entries(texts)
    generator = load_generator_settings(model=model, model_url=model_url)
    chosen = settings()
    with progress() as shown:

        async def work() -> SymptomSummary:
            async with connected(chosen, progress=shown) as graph:
                words = await graph.vocabulary()
            return read_symptoms(
                entries,
                words,
                model_of(chosen, generator, say),
                folder,
                seed,
                lambda done, total: shown("Reading texts", done, total),
                overwrite=overwrite,
            )

        summary = run(work)
    if json:
        show_json({**asdict(summary), "out": str(summary.out)})
        return
    out.print(
        f"{summary.texts:,} texts in {escape(str(summary.out))}: {summary.known:,} symptoms that the graph knows, "
        f"{summary.proposals:,} that it does not (proposals.csv)"
    )
    left_out = ", ".join(f"{kind} {number:,}" for kind, number in summary.left_out.items())
    say(f"Left out: {left_out or 'nothing'}; {summary.resumed:,} texts had been read before")
