"""`mkg generate`: plans, patients, and notes whose every fact points back to an edge of the graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.jsonl import Row
from generator.notes import Summary, generate_notes
from generator.settings import load_generator_settings
from kg.connect import connected
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.generate_patients import patients
from mkg.cli.generate_plan import plan
from mkg.cli.prompt_shown import show_prompts
from mkg.cli.session import JsonOption, run, settings
from mkg.writing import DEFAULT_RECIPE, model_of, recipe_of

app = typer.Typer(no_args_is_help=True, help="Plan, draw patients from the graph, and write clinical text.")
app.command("plan")(plan)
app.command("patients")(patients)


@app.callback()
def generate() -> None:
    """Plan, draw patients from the graph, and write clinical text with a local model."""


@app.command()
def notes(
    icd10: Annotated[list[str] | None, typer.Option(help="ICD-10 code; may be repeated.", show_default=False)] = None,
    disease: Annotated[
        list[str] | None,
        typer.Option(help="A disease by id or name, for one without a code; may be repeated.", show_default=False),
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=1_000_000, help="Notes for each code.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same file, byte for byte.")] = 7,
    file: Annotated[Path, typer.Option("--out", help="The JSONL file to write.")] = Path("notes.jsonl"),
    model: Annotated[
        str | None,
        typer.Option(help="smollm2, a LLaMA folder, a GGUF file, or a server's model (MKG_MODEL).", show_default=False),
    ] = None,
    model_url: Annotated[
        str | None, typer.Option(help="OpenAI-compatible server to use instead (MKG_MODEL_URL).", show_default=False)
    ] = None,
    recipe: Annotated[str, typer.Option(help="Name or file of a recipe, variants behind a plus.")] = DEFAULT_RECIPE,
    show_prompt: Annotated[
        bool, typer.Option("--show-prompt", help="Show prompts and what feeds them; nothing is written.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file of another run.")] = False,
    json: JsonOption = False,
) -> None:
    """Write notes; an interrupted run goes on where it stopped when it is started again."""
    codes = [*(icd10 or []), *(disease or [])]
    if not codes:
        raise typer.BadParameter("name at least one --icd10 or --disease", param_hint="--icd10")
    generator = load_generator_settings(model=model, model_url=model_url)
    chosen = settings()
    cooked = recipe_of(recipe, generator.recipes)
    if show_prompt:
        show_prompts(cooked, codes, count, seed, json=json)
        return
    with progress() as shown:

        def written(done: int, total: int, row: Row) -> None:
            del row
            shown("Writing notes", done, total)

        async def work() -> Summary:
            async with connected(chosen, progress=shown) as graph:
                writer = model_of(chosen, generator, say)
                return await generate_notes(
                    graph, writer, cooked, codes, count, seed, file, progress=written, overwrite=overwrite
                )

        summary = run(work)
    show_summary(summary, json=json)
    if summary.rejected:
        raise typer.Exit(1)


def show_summary(summary: Summary, *, json: bool) -> None:
    """Print what a run came to."""
    told = {
        "out": str(summary.out),
        "notes": summary.rows,
        "passed": summary.passed,
        "completed": summary.completed,
        "rejected": summary.rejected,
        "facts": summary.facts,
        "told": summary.told,
        "told_by_model": summary.told_by_model,
        "invented": summary.invented,
        "resumed": summary.resumed,
        "reused": summary.reused,
    }
    if json:
        show_json(told)
        return
    out.print(f"{summary.rows} notes in {summary.out}: {summary.passed} passed, {summary.rejected} rejected")
    say(
        f"{summary.told} of {summary.facts} facts told ({summary.told_by_model} by the model itself, the rest in plain "
        f"sentences added to {summary.completed} notes), {summary.invented} terms invented"
    )
    if summary.reused:
        say("The file was there already and is the same; nothing was written.")
    if summary.rejected:
        say("Rejected notes are kept in the file with the reason, and check.passed is false.")
