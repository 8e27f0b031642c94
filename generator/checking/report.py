"""The verdict on one text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator.linking.links import Link
from generator.linking.status import Status


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that the text tells, where it first does (characters, end excluded), and what it stands on."""

    fact_id: str
    start: int
    end: int
    edge_id: str | None = None
    evidence_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invented:
    """A term of the graph that the text names without its being given."""

    term_ids: tuple[str, ...]
    said: str
    start: int
    end: int
    status: Status


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that the text breaks.

    Rules are `empty`, `placeholder`, `refusal`, `noise`, `loop`, `repeated`, `sex`, `age`, `code`, `dose` and
    `unknown`.
    """

    rule: str
    said: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The verdict on one text.

    A given fact is in exactly one of `told`, `missed` and `contradicted`. `passed` means: nothing invented, nothing
    contradicted, no rule broken, and every required fact told. `not_told` has the required ones that are not.
    `mentions` has every place that names a term, given or not.
    """

    told: tuple[Told, ...]
    missed: tuple[str, ...]
    contradicted: tuple[str, ...]
    invented: tuple[Invented, ...]
    violations: tuple[Violation, ...]
    not_told: tuple[str, ...]
    mentions: tuple[Link, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the text may be kept."""
        return not (self.faults or self.not_told)

    @property
    def faults(self) -> int:
        """How many things in the text are wrong, beside what it leaves out."""
        return len(self.invented) + len(self.contradicted) + len(self.violations)

    def reason(self) -> str | None:
        """Return in a few words why the text did not pass, or None."""
        parts = [f"invented {item.said!r}" for item in self.invented]
        parts += [f"contradicted {fact_id}" for fact_id in self.contradicted]
        parts += [f"{item.rule} {item.said!r}" if item.said else item.rule for item in self.violations]
        parts += [f"not told {fact_id}" for fact_id in self.not_told if fact_id not in self.contradicted]
        return "; ".join(parts) or None

    def as_row(self) -> dict[str, Any]:
        """Return the report as it stands in a row of a data set."""
        return {
            "told": [item.fact_id for item in self.told],
            "missed": list(self.missed),
            "contradicted": list(self.contradicted),
            "invented": [
                {"said": i.said, "start": i.start, "end": i.end, "status": i.status.value, "term_ids": list(i.term_ids)}
                for i in self.invented
            ],
            "violations": [{"rule": v.rule, "said": v.said, "start": v.start, "end": v.end} for v in self.violations],
            "mentions": [
                {"start": m.start, "end": m.end, "status": m.status.value, "term_ids": list(m.term_ids)}
                for m in self.mentions
            ],
            "spans": {item.fact_id: [item.start, item.end] for item in self.told},
            "passed": self.passed,
        }
