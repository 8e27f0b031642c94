"""A note cut into pieces of text, each with what the check found there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from generator.exports.note import GivenFact, Note
from generator.report.copied import Copied


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text, from character `start` to before `end`; `fact` is the id of a fact that is told there."""

    start: int
    end: int
    look: str
    label: str
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with all that was found in it: how it looks (words for CSS), what it is called, and the fact it tells."""

    text: str
    looks: tuple[str, ...]
    label: str
    fact: str | None


def marks_of(note: Note, copied: tuple[Copied, ...] = ()) -> list[Mark]:
    """Return what there is to show: facts told, terms invented, rules broken, runs copied; faults come last."""
    facts = {fact.id: fact for fact in note.facts}
    marks = [
        Mark(start, end, f"told {facts[fact_id].kind}", _label(facts[fact_id]), fact_id)
        for fact_id, (start, end) in note.check.spans.items()
    ]
    marks += [Mark(run.start, run.end, "copied", f"{run.words} words of an example") for run in copied]
    marks += [Mark(it.start, it.end, "invented", "invented: not among the facts given") for it in note.check.invented]
    marks += [Mark(it.start, it.end, "violation", f"breaks the rule {it.rule}") for it in note.check.violations]
    return [mark for mark in marks if mark.start < mark.end]


def pieces(text: str, marks: list[Mark]) -> Iterator[Piece]:
    """Yield the text in order, cut wherever a mark begins or ends; the pieces joined are the text."""
    cuts = sorted({0, len(text), *(mark.start for mark in marks), *(mark.end for mark in marks)})
    for start, end in pairwise(cuts):
        here = [mark for mark in marks if mark.start <= start and end <= mark.end]
        looks = tuple(dict.fromkeys(word for mark in here for word in mark.look.split()))
        label = "; ".join(dict.fromkeys(mark.label for mark in here))
        yield Piece(text[start:end], looks, label, next((mark.fact for mark in here if mark.fact), None))


def _label(fact: GivenFact) -> str:
    return f"{fact.kind} {fact.id}, edge {fact.edge_id}" if fact.edge_id else f"{fact.kind} {fact.id}"
