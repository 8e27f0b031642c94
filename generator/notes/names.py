"""Which names of the graph a row's note must not use, and which it shall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from generator.details import Circumstance
from generator.examples import Example
from generator.facts import DIAGNOSIS, Fact, FactSheet
from generator.linking.forms import forms_of
from generator.linking.vocabulary import Term, Vocabulary, is_within
from generator.linking.words import words_of
from generator.prompt import Given

# What is blocked while the model writes. Names of classes and of side effects are everyday words too often.
_BLOCKED_KINDS: Final = frozenset({"Disease", "Symptom", "Drug"})
# Whom a model makes the subject of what has none.
_PATIENT: Final = ("he", "she", "patient")
# Circumstances that stand by themselves and yet say what the patient does, by their first words.
_DONE_BY_PATIENT: Final = frozenset({"agrees", "answers", "played", "sends", "stays"})


def blocked_names(facts: Sequence[Fact], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names that the note must not use, with their forms: all that the graph knows, but not those given.

    A name within a given one counts as given. What is said in other forms or words is left to the check.
    """
    given = {term.id for fact in facts for term in fact.terms}
    given_names = [name for fact in facts for term in fact.terms for name in term.names]
    given_stems = {word.stem for name in given_names for word in words_of(name)}
    names: dict[str, None] = {}
    for known in _names(vocabulary):
        # The set spares most names the closer look.
        if known.term_id not in given and not (
            given_stems.issuperset(known.stems) and is_within(known.stems, given_names)
        ):
            names[known.name] = None
            names |= known.forms
    return tuple(names)


def misplaced(details: Sequence[Circumstance], language: str) -> Iterator[str]:
    """Yield what begins a circumstance that stands by itself as if the patient did it, in English.

    A small model makes "he plan written on a card", or "the patient plans written on a card", of "plan written on a
    card".
    """
    for detail in details:
        first = words_of(detail.text)[0].said
        if language == "en" and detail.aspect == "after" and first not in _DONE_BY_PATIENT:
            yield from (f"{who} {form}" for who in _PATIENT for form in (first, f"{first}s", f"{first}ed"))


def to_name(facts: Sequence[Fact]) -> Iterator[Given]:
    """Yield each thing that the note names once.

    Facts about two things are left out with both: one thing may then have to be named with each of several others.
    """
    of_two = {term.id for fact in facts if len(fact.terms) > 1 for term in fact.terms}
    seen: set[str] = set()
    for fact in facts:
        for term in fact.terms:
            if term.id not in of_two and term.id not in seen:
                seen.add(term.id)
                yield Given(fact.kind, term.names)


def told_apart(examples: Sequence[Example], sheet: FactSheet) -> Iterator[Term]:
    """Yield what a note must not name even if the graph's vocabulary lacks it: examples' terms, a hidden diagnosis."""
    for example in examples:
        yield from example.terms()
    for fact in sheet.withheld:
        if fact.kind == DIAGNOSIS:
            yield from fact.terms


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a term, the stems of its words, and its other forms as keys."""

    term_id: str
    name: str
    stems: tuple[str, ...]
    forms: dict[str, None]


def _forms(term: Term, name: str) -> dict[str, None]:
    """Return the other forms of a symptom's name; those of drugs and diseases hardly do but begin with the name."""
    # With a space in front they are blocked as they stand inside a text, which is where a sentence has them.
    return {f" {form}": None for form in forms_of(name)} if term.kind == "Symptom" else {}


@lru_cache(maxsize=4)
def _names(vocabulary: Vocabulary) -> tuple[_Name, ...]:
    """Return all names of the kinds that are blocked; a large graph has tens of thousands, the same for each row."""
    return tuple(
        _Name(term.id, name, tuple(word.stem for word in words_of(name)), _forms(term, name))
        for term in vocabulary.terms.values()
        if term.kind in _BLOCKED_KINDS
        for name in term.names
    )
