"""A job as a value: what was asked, by whom, and how far it is. Pure."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from itertools import accumulate
from typing import Any, Final, Self

PREFIX: Final = "JOB:"


class Status(Enum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Say whether nothing more will happen to the job."""
        return self not in (Status.QUEUED, Status.RUNNING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: `number` notes about each disease, named by a code or an id, or as many as `counts` says.

    Counts make it a plan: its codes may each mean several diseases, which take turns. Note i is the one that
    `mkg generate notes` writes as row i for the same diseases, number (or plan), seed and recipe.
    """

    diseases: tuple[str, ...]
    number: int
    seed: int
    recipe: str | None
    counts: tuple[int, ...] = ()

    @property
    def is_plan(self) -> bool:
        """Whether each code has a number of its own."""
        return bool(self.counts)

    @property
    def plan(self) -> tuple[tuple[str, int], ...]:
        """Each code with its number of notes, where each has its own."""
        return tuple(zip(self.diseases, self.counts, strict=True)) if self.counts else ()

    @property
    def total(self) -> int:
        """The notes in all."""
        return sum(self.counts) if self.counts else len(self.diseases) * self.number

    def note(self, place: int) -> tuple[str, int]:
        """Return the disease of the note at that place of the list, and its index among those about the disease."""
        if not self.counts:
            return self.diseases[place // self.number], place % self.number
        ends = list(accumulate(self.counts))
        at = bisect_right(ends, place)
        return self.diseases[at], place - (ends[at] - self.counts[at])


@dataclass(frozen=True, slots=True)
class Record:
    """A job as it stands. Times are ISO 8601 in UTC; `seconds` and `tokens` are of the finished notes.

    `single` is a note that somebody waits for: it goes before the others and is not kept. `until` is the moment
    (seconds since 1970) at which nobody waits for it any more. `note_since` is when the present note was begun.
    `taken_up` counts how often the job was begun or gone on with.
    """

    id: str
    seq: int
    wanted: Wanted
    by: str
    at: str
    status: Status = Status.QUEUED
    single: bool = False
    until: float | None = None
    done: int = 0
    tokens: int = 0
    seconds: float = 0.0
    note_since: float | None = None
    taken_up: int = 0
    started_at: str | None = None
    ended_at: str | None = None
    error: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the record as it is kept."""
        return {**asdict(self), "status": self.status.value}

    @classmethod
    def of_json(cls, row: Mapping[str, Any]) -> Self:
        """Read a record back; raises KeyError or TypeError when it is none."""
        told: dict[str, Any] = {**row}
        wanted: Mapping[str, Any] = told["wanted"]
        told["status"] = Status(told["status"])
        told["wanted"] = Wanted(
            tuple(wanted["diseases"]),
            wanted["number"],
            wanted["seed"],
            wanted["recipe"],
            tuple(wanted.get("counts", ())),
        )
        return cls(**told)

    @property
    def line(self) -> tuple[bool, int]:
        """What puts the queue in order: notes that somebody waits for, then the oldest."""
        return (not self.single, self.seq)

    def seconds_left(self, now: float) -> float | None:
        """Return for how many seconds the job will still write, by its notes so far; None before there is one."""
        if self.status.ended or not self.done:
            return None
        spent = 0.0 if self.note_since is None else max(0.0, now - self.note_since)
        return max(0.0, self.seconds / self.done * (self.wanted.total - self.done) - spent)

    def tokens_per_second(self) -> float | None:
        """Return how many tokens a second the model writes, by the notes so far; None before there is one."""
        return self.tokens / self.seconds if self.done and self.seconds > 0 else None


def job_id(by: str, operation: str) -> str:
    """Return the id of a job: the same person and operation mean the same job."""
    return PREFIX + hashlib.sha256(f"{by}\x1f{operation}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
