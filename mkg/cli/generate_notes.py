"""`mkg generate notes`: notes for codes, for a plan or for patients, each fact with the edge that it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from generator.jsonl import Row
from generator.notes import Summary, Target, write_notes
from generator.notes.order import Order, order_of_codes
from generator.notes.outlook import Outlook, look_ahead, refuse_without_run
from generator.notes.patients import order_of_patients
from generator.plans.table import read_plan
from generator.recipe import Recipe
from generator.runs.layout import ROWS_PER_SHARD
from generator.settings import load_generator_settings
from generator.source import Asks
from kg.connect import connected
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.generate_patients import codes_of
from mkg.cli.interrupts import INTERRUPTED, Interrupts
from mkg.cli.pace import Pace, time_in_words
from mkg.cli.prompt_shown import show_prompts
from mkg.cli.session import JsonOption, run, settings
from mkg.writing import DEFAULT_RECIPE, doubt_of, model_of, recipe_of

# --show-prompt of a plan shows its first rows; somebody who looks at prompts reads no more.
_SHOWN = 20


def notes(
    icd10: Annotated[
        list[str] | None, typer.Option(help="ICD-10 codes, with commas or repeated.", show_default=False)
    ] = None,
    disease: Annotated[
        list[str] | None,
        typer.Option(help="A disease by id or name, for one without a code; may be repeated.", show_default=False),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(help="A plan (`mkg generate plan`): so many of each code.", show_default=False)
    ] = None,
    patients: Annotated[
        Path | None,
        typer.Option(help="Rows of `mkg generate patients`: one note for each patient.", show_default=False),
    ] = None,
    count: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="Notes for each code; 1 if left out.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same rows, byte for byte.")] = 7,
    file: Annotated[
        Path, typer.Option("--out", help="A file that ends with .jsonl, or a folder for shards and Parquet.")
    ] = Path("notes.jsonl"),
    per_shard: Annotated[
        int, typer.Option("--shard", min=1, max=1_000_000, help="Notes in each shard of a folder.")
    ] = ROWS_PER_SHARD,
    model: Annotated[
        str | None,
        typer.Option(help="smollm2, a LLaMA folder, a GGUF file, or a server's model (MKG_MODEL).", show_default=False),
    ] = None,
    model_url: Annotated[
        str | None, typer.Option(help="OpenAI-compatible server to use instead (MKG_MODEL_URL).", show_default=False)
    ] = None,
    recipe: Annotated[
        list[str] | None,
        typer.Option(
            help="Name or file of a recipe, variants behind a plus; several, with commas or repeated, take turns.",
            show_default=DEFAULT_RECIPE,
        ),
    ] = None,
    show_prompt: Annotated[
        bool, typer.Option("--show-prompt", help="Show prompts and what feeds them; nothing is written.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Only go on with a run that was begun; refused when there is none.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what another run wrote.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written; write nothing.")] = False,
    json: JsonOption = False,
) -> None:
    """Write notes; an interrupted run goes on where it stopped when the same command is given again."""
    codes = [*(codes_of(icd10) or ()), *(disease or [])]
    parts = _parts(codes, plan, patients, count)
    if resume and overwrite:
        raise typer.BadParameter("a run goes on or is written anew; take one of the two", param_hint="--resume")
    generator = load_generator_settings(model=model, model_url=model_url)
    chosen = settings()
    cooked = tuple(recipe_of(name, generator.recipes) for name in _names(recipe or [DEFAULT_RECIPE]))
    target = Target(file, None if _is_one_file(file) else per_shard, overwrite)

    async def ordered(graph: Asks) -> Order:
        if patients is not None:
            return await order_of_patients(graph, patients, *cooked)
        return await order_of_codes(graph, parts, share_out=plan is not None)

    if show_prompt:
        show_prompts(cooked, ordered, seed, most=_SHOWN, json=json)
        return
    for doubt in dict.fromkeys(filter(None, (doubt_of(generator, one) for one in cooked))):
        say(doubt)
    with progress() as shown:

        async def outlook() -> Outlook:
            async with connected(chosen, progress=shown) as graph:
                return look_ahead(model_of(chosen, generator, say), cooked, await ordered(graph), seed, target)

        async def work() -> Summary:
            async with connected(chosen, progress=shown) as graph:
                writer = model_of(chosen, generator, say)
                order = await ordered(graph)
                ahead = look_ahead(writer, cooked, order, seed, target)
                if resume:
                    refuse_without_run(ahead)
                pace = Pace("notes", ahead.done)
                shown("Writing notes", ahead.done, order.total)

                def written(done: int, total: int, row: Row) -> None:
                    del row
                    shown("Writing notes", done, total, pace.told(done, total))

                with Interrupts(
                    "Finishing the notes that are being written; Ctrl-C again stops at once.",
                    f"Stopped. The notes in {escape(str(file))} are whole; the same command goes on.",
                ) as interrupts:
                    return await write_notes(
                        graph, writer, cooked, order, seed, target, progress=written, stop=lambda: interrupts.asked
                    )

        if dry_run:
            _show_outlook(run(outlook), cooked, json=json)
            return
        summary = run(work)
    show_summary(summary, json=json)
    if not summary.finished:
        raise typer.Exit(INTERRUPTED)
    if summary.rejected:
        raise typer.Exit(1)


def show_summary(summary: Summary, *, json: bool) -> None:
    """Print what a run came to."""
    if json:
        show_json(summary.as_json())
        return
    where = escape(str(summary.out))
    if not summary.finished:
        out.print(f"Stopped at {summary.rows:,} of {summary.total:,} notes in {where}; the same command goes on")
    else:
        out.print(f"{summary.rows:,} notes in {where}: {summary.passed:,} passed, {summary.rejected:,} rejected")
    say(
        f"{summary.told:,} of {summary.facts:,} facts told ({summary.told_by_model:,} by the model itself, the rest in "
        f"plain sentences added to {summary.completed:,} notes), {summary.invented:,} terms invented"
    )
    steps = ", ".join(f"{step} {number:,}" for step, number in summary.by_step.items() if number)
    if steps:
        say(f"Kept after: {steps}")
    if summary.reused:
        say("All was there already and is the same; nothing was written.")
    elif summary.resumed:
        say(f"{summary.resumed:,} were there already.")
    if summary.rejected:
        say("Rejected notes are kept with the reason, and check.passed is false.")


def _parts(
    codes: Sequence[str], plan: Path | None, patients: Path | None, count: int | None
) -> tuple[tuple[str, int], ...]:
    """Return codes with how many notes each gets; none for patients, who are one note each."""
    if sum((bool(codes), plan is not None, patients is not None)) > 1:
        raise typer.BadParameter("name codes, a plan or patients, one of them", param_hint="--icd10")
    if (plan or patients) and count is not None:
        raise typer.BadParameter("a plan and patients say themselves how many", param_hint="--count")
    if patients is not None:
        return ()
    if plan is not None:
        return tuple((entry.code, entry.count) for entry in read_plan(plan) if entry.count)
    if not codes:
        raise typer.BadParameter("name at least one --icd10 or --disease, a --plan or --patients", param_hint="--icd10")
    return tuple((code, count or 1) for code in codes)


def _names(given: Sequence[str]) -> list[str]:
    """Return the names of recipes, told with commas or one by one; the path of a file may have commas in it."""
    parts = [part for one in given for part in ([one] if Path(one).is_file() else one.split(","))]
    names = [part.strip() for part in parts if part.strip()]
    if not names:
        raise typer.BadParameter("name at least one recipe; `mkg recipe list` has them all", param_hint="--recipe")
    return names


def _is_one_file(path: Path) -> bool:
    return path.suffix.lower() == ".jsonl" or path.is_file()


def _show_outlook(told: Outlook, recipes: Sequence[Recipe], *, json: bool) -> None:
    if json:
        show_json({**told.as_json(), "recipe": ",".join(recipe.label for recipe in recipes)})
        return
    files = "1 file" if told.files == 1 else f"{told.files:,} files"
    out.print(
        f"{told.rows:,} notes would be in {escape(str(told.out))} ({files}), {told.done:,} are; nothing was written"
    )
    if told.would == "write nothing":
        say("The run is finished.")
    elif told.seconds_left is None:
        say("No note is there yet, so nobody knows how long it takes; begin, and `mkg dataset status` tells.")
    else:
        say(f"About {time_in_words(told.seconds_left)} left, as the notes so far took.")
