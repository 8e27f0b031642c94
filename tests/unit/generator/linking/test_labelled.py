"""The linker against notes labelled by hand: places, terms and statuses, in both languages and both halves."""

from __future__ import annotations

from functools import cache

import pytest

from generator.linking.vocabulary import Vocabulary
from tests.unit.generator.labels import (
    HALVES,
    LANGUAGES,
    STATUSES,
    LabelledNote,
    core_vocabulary,
    faults,
    labelled,
    parsed,
    scored,
)

LEAST = 0.95
FEWEST_NOTES = 100
FEWEST_OF_A_STATUS = 10


@cache
def vocabulary() -> Vocabulary:
    return core_vocabulary()


def half_of(language: str, half: str) -> list[LabelledNote]:
    return [note for note in labelled(language) if note.half == half]


def test_a_mark_becomes_a_place_a_name_and_a_status() -> None:
    note = parsed("x", "No [[feaver|fever|negated]], [[cough]], [[rash|history]].")
    assert note.text == "No feaver, cough, rash."
    assert [(label.said, label.name, label.status) for label in note.labels] == [
        ("feaver", "fever", "negated"),
        ("cough", "cough", "affirmed"),
        ("rash", "rash", "history"),
    ]
    assert [note.text[label.start : label.end] for label in note.labels] == ["feaver", "cough", "rash"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_notes_and_every_mark_is_a_name_of_the_core_graph(language: str) -> None:
    notes = labelled(language)
    assert len(notes) >= FEWEST_NOTES
    assert [(note.id, fault) for note in notes for fault in faults(note)] == []
    said = [label.status for note in notes for label in note.labels]
    assert all(said.count(status) >= FEWEST_OF_A_STATUS for status in STATUSES)


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_places_terms_and_statuses_are_found(language: str, half: str) -> None:
    score = scored(half_of(language, half), vocabulary())
    figures = (
        f"{language}, {half}: precision {score.precision:.3f}, recall {score.recall:.3f}, status {score.status:.3f}"
    )
    # What is missed in the half that is held out is shown only when it is too much: nobody shall tune on it.
    enough = min(score.precision, score.recall, score.status) >= LEAST
    print(figures, *(score.misses if half == HALVES[0] or not enough else ()), sep="\n  ")
    assert enough, figures
