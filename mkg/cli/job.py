"""`mkg job`: notes that nobody waits for, in the queue that the service has as well."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.markup import escape

from generator.notes import subjects_of
from generator.plans.table import read_plan
from generator.settings import load_generator_settings
from kg.connect import connected
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import ByOption, JsonOption, run, settings

if TYPE_CHECKING:
    from graphql_api.jobs.desk import NoteDesk
    from graphql_api.jobs.record import Record, Wanted

app = typer.Typer(no_args_is_help=True, help="Start, watch, cancel and read jobs: notes that nobody waits for.")

JobId = Annotated[str, typer.Argument(help="Id of the job, as `mkg job list` shows it.")]
_MOST_LISTED = 1000
_FEW = 10


@app.callback()
def job() -> None:
    """Start, watch, cancel and read jobs: notes that nobody waits for."""


@app.command()
def start(
    by: ByOption,
    icd10: Annotated[
        list[str] | None,
        typer.Option(help="ICD-10 code, id or name of a disease; may be repeated.", show_default=False),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(help="A plan (`mkg generate plan`): so many of each code.", show_default=False)
    ] = None,
    count: Annotated[
        int | None, typer.Option(min=1, help="Notes for each disease, 1 if left out.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same notes.")] = 7,
    recipe: Annotated[
        str | None,
        typer.Option(
            help="Name of a recipe, variants behind a plus; several, with commas, take turns.", show_default=False
        ),
    ] = None,
    operation: Annotated[
        str | None, typer.Option(help="An id of your own: the same one again means the same job.", show_default=False)
    ] = None,
    watched: Annotated[
        bool, typer.Option("--watch", help="Stay and show what is written; write it here if no service does.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Put a job into the queue. A service (`mkg serve`) of the same data directory writes it, or `--watch` does."""
    from mkg.jobs import desk_of
    from mkg.writing import recipes_named

    chosen, wanted = settings(), _wanted(icd10 or [], plan, count, seed, recipe)
    with progress() as shown:

        async def work() -> Record:
            async with connected(chosen, progress=shown) as graph:
                # A wrong name is better told now than by a job that fails.
                for code in wanted.diseases:
                    await subjects_of(graph, code, share_out=wanted.is_plan)
                async with desk_of(chosen, graph) as desk:
                    record = desk.start(wanted, by, operation)
                    return await _follow(desk, record.id, json=json) if watched else record

        if recipe is not None:
            recipes_named(recipe, load_generator_settings().recipes)
        record = run(work)
    if watched:
        _end(record, json=json)
    else:
        _show(record, json=json)


def _wanted(diseases: Sequence[str], plan: Path | None, count: int | None, seed: int, recipe: str | None) -> Wanted:
    from graphql_api.jobs.record import Wanted

    if plan is None:
        if not diseases:
            raise typer.BadParameter("name at least one --icd10, or a --plan", param_hint="--icd10")
        return Wanted(tuple(diseases), count or 1, seed, recipe)
    if diseases or count is not None:
        raise typer.BadParameter("a plan says itself which codes and how many", param_hint="--plan")
    entries = [entry for entry in read_plan(plan) if entry.count]
    return Wanted(tuple(entry.code for entry in entries), 0, seed, recipe, tuple(entry.count for entry in entries))


@app.command("list")
def list_jobs(json: JsonOption = False) -> None:
    """List the jobs that are kept, the newest first."""
    from mkg.jobs import desk_of

    async def work() -> list[Record]:
        async with desk_of(settings()) as desk:
            return desk.jobs(None, _MOST_LISTED, None)

    found = run(work)
    if json:
        show_json([_told(record) for record in found])
        return
    for record in found:
        out.print(_line(record))
    if not found:
        say("There are no jobs. `mkg job start --icd10 J20` starts one.")


@app.command()
def show(job_id: JobId, json: JsonOption = False) -> None:
    """Say how a job stands."""
    from mkg.jobs import desk_of, known

    async def work() -> Record:
        async with desk_of(settings()) as desk:
            return known(desk, job_id)

    _show(run(work), json=json)


@app.command()
def watch(job_id: JobId, json: JsonOption = False) -> None:
    """Show what is written until the job ends; with --json one event a line. Ctrl+C stops the watching alone."""
    from mkg.jobs import desk_of

    async def work() -> Record:
        async with desk_of(settings()) as desk:
            return await _follow(desk, job_id, json=json)

    _end(run(work), json=json)


@app.command()
def notes(job_id: JobId, json: JsonOption = False) -> None:
    """Print the finished notes: their texts, or with --json their rows, one a line."""
    from mkg.jobs import desk_of, known

    async def work() -> list[dict[str, Any]]:
        async with desk_of(settings()) as desk:
            record = known(desk, job_id)
            return [dict(row) for row in desk.notes(record, 0, record.done)]

    for row in run(work):
        if json:
            sys.stdout.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE).decode())
        else:
            out.print(f"[bold]{escape(row['id'])}[/] {row['status']}\n{escape(row['text'])}\n")


@app.command()
def cancel(job_id: JobId, json: JsonOption = False) -> None:
    """End a job within a token; its finished notes are kept. One that has ended stays as it is."""
    from mkg.jobs import desk_of

    async def work() -> Record:
        async with desk_of(settings()) as desk:
            return await desk.cancel(job_id, None)

    _show(run(work), json=json)


async def _follow(desk: NoteDesk, job_id: str, *, json: bool) -> Record:
    """Show the events of a job until it ends, and return how it ended."""
    from graphql_api.jobs.watch import Ended, NoteDone, Piece
    from mkg.jobs import known

    record = known(desk, job_id)
    attempt = 0
    async for event in desk.watch(job_id, None, 0):
        match event:
            case Piece():
                if json:
                    _event("piece", note=event.note_index, attempt=event.attempt, text=event.text)
                    continue
                if event.attempt != attempt:
                    attempt = event.attempt
                    sys.stdout.write("\n" if attempt else "")
                sys.stdout.write(event.text)
                sys.stdout.flush()
            case NoteDone():
                attempt = 0
                if json:
                    _event("note", note=event.note_index, row=dict(event.row))
                else:
                    sys.stdout.write("\n")
                    out.print(f"[bold]{event.note_index + 1}[/] {event.row['id']} {event.row['status']}")
            case Ended():
                record = event.record
            case _:
                record = event.record
                if json:
                    _event("progress", **_told(record))
    return record


def _event(kind: str, **told: Any) -> None:
    sys.stdout.write(orjson.dumps({"event": kind, **told}, option=orjson.OPT_APPEND_NEWLINE).decode())
    sys.stdout.flush()


def _end(record: Record, *, json: bool) -> None:
    """Print how a job ended; one that failed or was cancelled is no success."""
    if json:
        _event("end", **_told(record))
    else:
        say(_line(record))
    if record.status.value in ("failed", "cancelled"):
        raise typer.Exit(1)


def _show(record: Record, *, json: bool) -> None:
    if json:
        show_json(_told(record))
        return
    out.print(_line(record))
    if record.status.value == "queued":
        say("It waits for `mkg serve` with this data directory, or for another job before it.")


def _told(record: Record) -> dict[str, Any]:
    """Return a job as `--json` prints it; seconds left are None before the first note."""
    return {
        "id": record.id,
        "status": record.status.value,
        "by": record.by,
        "diseases": list(record.wanted.diseases),
        "plan": dict(record.wanted.plan),
        "notes": record.wanted.total,
        "done": record.done,
        "seed": record.wanted.seed,
        "recipe": record.wanted.recipe,
        "at": record.at,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "seconds_left": record.seconds_left(time.time()),
        "error": record.error,
    }


def _line(record: Record) -> str:
    parts = [f"{record.done} of {record.wanted.total} notes", record.status.value]
    if (left := record.seconds_left(time.time())) is not None:
        parts.append(f"{left:,.0f} s left")
    if record.error:
        parts.append(str(record.error.get("message", "")))
    return escape(f"{record.id}: {', '.join(parts)} ({_named(record.wanted.diseases)})")


def _named(diseases: Sequence[str]) -> str:
    more = f" and {len(diseases) - _FEW:,} more" if len(diseases) > _FEW else ""
    return f"{', '.join(diseases[:_FEW])}{more}"
