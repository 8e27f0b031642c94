"""`mkg generate`: plans, patients, and notes whose every fact points back to an edge of the graph."""

from __future__ import annotations

import typer

from mkg.cli.generate_instructions import instructions
from mkg.cli.generate_notes import notes
from mkg.cli.generate_patients import patients
from mkg.cli.generate_plan import plan
from mkg.cli.generate_symptoms import symptoms

app = typer.Typer(no_args_is_help=True, help="Plan, draw patients from the graph, and write clinical text.")
app.command("plan")(plan)
app.command("patients")(patients)
app.command("instructions")(instructions)
app.command("symptoms")(symptoms)
app.command("notes")(notes)


@app.callback()
def generate() -> None:
    """Plan, draw patients from the graph, and write clinical text with a local model."""
