"""What a run came to, in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_STEPS: Final = ("first", "retry", "repair", "completed", "rejected")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to. `reused` says that all was there already, `resumed` how many of its rows were.

    `rows` of `total` are there; fewer when the run was told to stop. `by_step` says how many notes were kept after
    which step. `seconds` is how long the run has been writing in all, None when another one wrote it.
    """

    out: Path
    rows: int
    total: int
    passed: int
    repaired: int
    completed: int
    rejected: int
    facts: int
    told: int
    told_by_model: int
    invented: int
    resumed: int
    reused: bool
    seconds: float | None
    by_step: Mapping[str, int]

    @property
    def finished(self) -> bool:
        """Whether all rows are there."""
        return self.rows == self.total

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "out": str(self.out),
            "notes": self.rows,
            "wanted": self.total,
            "passed": self.passed,
            "repaired": self.repaired,
            "completed": self.completed,
            "rejected": self.rejected,
            "by_step": dict(self.by_step),
            "facts": self.facts,
            "told": self.told,
            "told_by_model": self.told_by_model,
            "invented": self.invented,
            "resumed": self.resumed,
            "reused": self.reused,
            "seconds": self.seconds,
        }


def summary_of(
    out: Path,
    rows: int,
    total: int,
    counts: Mapping[str, int],
    *,
    resumed: int,
    reused: bool,
    seconds: float | None,
) -> Summary:
    """Return the summary of a run by the figures that `counts_of` adds up."""
    return Summary(
        out=out,
        rows=rows,
        total=total,
        passed=counts.get("passed", 0),
        repaired=counts.get("status repaired", 0),
        completed=counts.get("status completed", 0),
        rejected=counts.get("status rejected", 0),
        facts=counts.get("facts", 0),
        told=counts.get("told", 0),
        told_by_model=counts.get("told_by_model", 0),
        invented=counts.get("invented", 0),
        resumed=resumed,
        reused=reused,
        seconds=seconds,
        by_step={step: counts.get(f"step {step}", 0) for step in _STEPS},
    )
