"""What a run would do, before it does anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from generator.errors import OutputRefused
from generator.model import Model
from generator.notes.generate import Target, several, sink_of
from generator.notes.order import Order
from generator.recipe import Recipe
from generator.report.standing import standing
from generator.runs.manifest import another_run, read_noted
from generator.runs.sink import Session

Would = Literal["begin", "go on", "write nothing"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would be written: `rows` of which `done` are there, and how long the rest takes if that can be told."""

    out: Path
    would: Would
    rows: int
    done: int
    files: int
    width: int
    seconds_left: float | None

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "out": str(self.out),
            "would": self.would,
            "notes": self.rows,
            "done": self.done,
            "files": self.files,
            "width": self.width,
            "seconds_left": self.seconds_left,
        }


def look_ahead(model: Model, recipe: Recipe | Sequence[Recipe], order: Order, seed: int, target: Target) -> Outlook:
    """Return what a run would do; writes nothing. Raises OutputRefused when it would be refused."""
    sink = sink_of(model, several(recipe), order, seed, target, Session({}))
    known = None if target.overwrite else read_noted(sink.manifest)
    total, width = order.total, model.width
    files = -(-total // sink.per_file)
    if known is None or known.get("run") != sink.run:
        if sink.is_taken and not target.overwrite:
            raise another_run(target.out, known, sink.run)
        return Outlook(target.out, "begin", total, 0, files, width, None)
    (so_far,) = standing(target.out).runs
    would: Would = "write nothing" if so_far.state == "finished" else "go on"
    return Outlook(target.out, would, total, so_far.rows, files, width, so_far.seconds_left)


def refuse_without_run(outlook: Outlook) -> None:
    """Raise OutputRefused when there is no run that could go on."""
    if outlook.would == "begin":
        raise OutputRefused(
            "there is no run that could go on",
            place=str(outlook.out),
            hint="Leave --resume out to begin one; a run that was begun goes on by itself.",
        )
