"""`mkg dataset score`: what a second judge says of notes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from generator.scoring.limits import ANAMNESIS_PRECISION, SYMPTOMS_RECALL, Limits
from kg.connect import connected
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.dataset_options import DryRunOption, OverwriteOption, Rows
from mkg.cli.session import JsonOption, run, settings

if TYPE_CHECKING:
    from generator.scoring.judge import Judge


def score(
    rows: Rows,
    file: Annotated[Path, typer.Option("--out", help="The JSONL file to write: the same rows with their scores.")],
    symptoms_recall: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="BERTScore recall of the note against its symptoms, at least.")
    ] = SYMPTOMS_RECALL,
    anamnesis_precision: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="BERTScore precision against its example note, above this.")
    ] = ANAMNESIS_PRECISION,
    only_passed: Annotated[bool, typer.Option("--only-passed", help="Leave out notes below these limits.")] = False,
    overwrite: OverwriteOption = False,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Have a second judge look at English notes: by meaning, not by spelling, so it can disagree with the check."""
    # numpy and torch come with an extra, and take a second that no other command should wait for.
    from generator.scoring.scored import write_scored
    from mkg.judging import judge_of

    with progress() as shown:

        async def asked() -> Judge:
            async with connected(settings(), progress=shown) as graph:
                return judge_of(settings(), await graph.vocabulary(), lambda done, all: shown("Names", done, all))

        told = write_scored(
            rows,
            file,
            run(asked),
            Limits(symptoms_recall, anamnesis_precision),
            only_passed=only_passed,
            overwrite=overwrite,
            dry=dry_run,
            progress=lambda done: shown("Judging notes", done, 0),
        )
    if json:
        show_json(told.as_json())
        return
    where = f"{'would be written to' if told.dry else 'in'} {escape(str(told.out))}"
    out.print(f"{told.judged:,} of {told.read:,} notes judged, {told.passed:,} passed; {told.written:,} {where}")
    say(f"{told.told:,} of {told.facts:,} facts named; {told.notes_with_invented:,} notes name something not given")
    if told.judged < told.read:
        say("Rejected notes and notes in other languages than English are not judged.")
