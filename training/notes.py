"""Notes that are composed and not written by a model: every one tells each of its facts once, as the check sees it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from generator.checking.check import check
from generator.details import Circumstance
from generator.facts import DIAGNOSIS, Fact
from generator.patient import Patient
from generator.recipe import Recipe
from generator.report.diversity import tokens
from training.core import vocabulary
from training.frames import Missing, frames

# How many texts are composed for one note, of which the least like the others is kept, and how many tries that takes.
CANDIDATES: Final = 4
_TRIES: Final = 120
_LIKE: Final = 4
# No two notes share so many words in a row.
_SHARED: Final = 10


class Unwritable(RuntimeError):
    """The frames found no note for these facts."""


@dataclass(slots=True)
class Writer:
    """Composes notes that are unlike those it composed before; which ones depends on their order."""

    seen: Counter[tuple[str, ...]] = field(default_factory=Counter)
    runs: set[tuple[str, ...]] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)

    def note(
        self,
        recipe: Recipe,
        patient: Patient,
        facts: Sequence[Fact],
        code: str,
        draw: random.Random,
        details: Sequence[Circumstance] = (),
    ) -> str:
        """Return a note for a row of the recipe that tells the circumstances as well; raises Unwritable."""
        kind = recipe.front.kind or ""
        good: list[str] = []
        for _ in range(_TRIES):
            try:
                text = frames(recipe.language).note(_plan(recipe, facts), kind, patient, facts, draw, details)
            except Missing:
                continue
            reason = self._wrong(text, recipe, patient, facts, code)
            if reason is None:
                good.append(text)
                if len(good) == CANDIDATES:
                    break
            else:
                self.refused[reason] += 1
        if not good:
            raise Unwritable(f"{recipe.id}: {[fact.name for fact in facts]}: {self.refused.most_common(3)}")
        best = min(good, key=self._likeness)
        self.seen.update(_runs(best, _LIKE))
        self.runs.update(_runs(best, _SHARED))
        return best

    def _wrong(self, text: str, recipe: Recipe, patient: Patient, facts: Sequence[Fact], code: str) -> str | None:
        if recipe.style is not None and (departs := recipe.style.departures(text)):
            return f"style {sorted(departs)}"
        if any(run in self.runs for run in _runs(text, _SHARED)):
            return "a run of words that stands in an earlier note"
        hidden = not any(fact.kind == DIAGNOSIS for fact in facts)
        report = check(text, facts, vocabulary(), patient=patient, icd10=None if hidden else code)
        if not report.passed:
            return report.reason()
        told = Counter(term_id for place in report.mentions for term_id in place.term_ids)
        twice = [fact.name for fact in facts for term in fact.terms if told[term.id] != 1]
        return f"not told just once: {twice}" if twice else None

    def _likeness(self, text: str) -> float:
        runs = list(_runs(text, _LIKE))
        return sum(min(self.seen[run], 10) for run in runs) / max(len(runs), 1)


def _plan(recipe: Recipe, facts: Sequence[Fact]) -> str:
    kinds = {fact.kind for fact in facts}
    if DIAGNOSIS not in kinds:
        return "note.hidden"
    if kinds == {DIAGNOSIS}:
        return "note.code"
    style, long = recipe.front.style, recipe.front.length == "long"
    if long:
        return f"note.{style}.long" if style in ("structured", "telegraphic") else "note.long"
    return f"note.{style}"


def _runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    said = tokens(text)
    return (tuple(said[at : at + length]) for at in range(len(said) - length + 1))
