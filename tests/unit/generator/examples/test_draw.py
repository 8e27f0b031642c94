"""Examples are like what a row shall be, never of its disease, never those of the row before."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from generator.examples import SIMPLE, Example, Wish, draw_examples, example_notes, shipped_examples
from generator.facts import Fact
from generator.linking.vocabulary import Term

LANGUAGES = ("en", "ru")
KINDS = ("outpatient", "emergency", "follow-up", "discharge")
STYLES = ("plain", "telegraphic", "narrative", "structured")
NOWHERE = Term("DOID:0", "Disease", ("zzz",))


def facts(**counts: int) -> list[Fact]:
    return [Fact("", kind, "x", "", None, ()) for kind, count in counts.items() for _ in range(count)]


def drawn(
    wish: Wish,
    row: int = 0,
    *,
    seed: int = 7,
    of: Sequence[Fact] = (),
    code: str | None = None,
    disease: Term = NOWHERE,
) -> tuple[Example, ...]:
    return draw_examples(wish, of, run_seed=seed, row=row, code=code, disease=disease)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_is_read_with_its_labels(language: str) -> None:
    notes = example_notes(language)
    assert len(notes) > 150
    assert len({note.id for note in notes}) == len(notes)
    assert {note.kind for note in notes} == set(KINDS)
    assert {note.style for note in notes} == {*STYLES, SIMPLE}
    assert {note.length for note in notes} == {"short", "long"}
    assert all(re.fullmatch(r"[A-Z]\d\d", note.code) for note in notes)
    assert shipped_examples(language) == tuple(note for note in notes if note.style == SIMPLE)


def test_a_hidden_diagnosis_is_among_the_terms_but_is_not_told() -> None:
    hidden = next(note for note in example_notes("en") if note.hidden)
    assert "diagnosis" in {fact.kind for fact in hidden.facts}
    assert "diagnosis" not in {fact.kind for fact in hidden.told}
    assert len(list(hidden.terms())) == len(hidden.facts)
    shown = next(note for note in example_notes("en") if not note.hidden)
    assert shown.told == shown.facts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("length", ["short", "long"])
def test_examples_are_of_the_kind_length_and_style_that_is_asked_for(
    language: str, kind: str, style: str, length: str
) -> None:
    for hidden in (False, True):
        wish = Wish(language, 2, kind, length, style, hidden=hidden)
        there = sum(not wish.distance(note) for note in example_notes(language) if note.hidden == hidden)
        for row in (0, 1):
            found = drawn(wish, row)
            assert len(found) == 2
            assert {note.hidden for note in found} == {hidden}
            # Each hand has its share of those that are just right.
            assert there < 2 or wish.distance(found[-1]) == 0
            assert {(note.style, note.length) for note in found} == {(style, length)}


@pytest.mark.parametrize("wish", [Wish("en", 2, "emergency", "short", "plain"), Wish("ru", 3, style=SIMPLE)])
def test_no_example_is_shown_in_two_rows_in_a_row(wish: Wish) -> None:
    seen: set[str] = set()
    for seed in (1, 2, 3):
        before: set[str] = set()
        for row in range(60):
            now = {note.id for note in drawn(wish, row, seed=seed, code=("J20", "I10", "E11")[row % 3])}
            assert len(now) == wish.count
            assert not now & before
            before = now
            seen |= now
    assert len(seen) >= 2 * wish.count


def test_a_row_has_the_same_examples_whatever_was_drawn_before_it() -> None:
    wish = Wish("en", 2, "discharge", "short", "narrative")
    onward = [drawn(wish, row) for row in range(12)]
    backward = [drawn(wish, row) for row in reversed(range(12))]
    assert onward == backward[::-1]
    assert onward != [drawn(wish, row, seed=8) for row in range(12)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_is_of_the_category_of_the_row(language: str) -> None:
    for code in sorted({note.code for note in example_notes(language)})[::6]:
        for row in (0, 1):
            found = drawn(Wish(language, 10), row, code=f"{code}.1")
            assert len(found) == 10
            assert code not in {note.category for note in found}


def test_no_example_names_the_disease_even_as_another_ones_look_alike() -> None:
    naming = [note for note in example_notes("en") if "heart failure" in note.text]
    assert {note.category for note in naming} - {"I50"}
    disease = Term("DOID:6000", "Disease", ("heart failure", "cardiac failure"))
    for row in range(2):
        for example in drawn(Wish("en", 10), row, disease=disease, seed=row):
            assert "heart failure" not in f"{example.text} {example.facts}".lower()
    inflected = Term("X:1", "Disease", ("геморрой",))
    for note in drawn(Wish("ru", 10), disease=inflected):
        assert "геморро" not in note.text.lower()


def test_the_best_match_comes_last_and_has_as_many_facts_of_each_kind() -> None:
    wanted = facts(diagnosis=1, symptom=3, drug=2)
    found = [drawn(Wish("en", 2, style=SIMPLE), row, of=wanted, code="J03") for row in range(2)]
    assert all("en-tonsillitis" not in {note.id for note in examples} for examples in found)
    assert any([fact.kind for fact in examples[-1].facts].count("drug") == 2 for examples in found)
    wish = Wish("en", 2, "outpatient", "long", "plain")
    for examples in (drawn(wish, row, of=wanted) for row in range(6)):
        unlike = [abs(sum(fact.kind == "symptom" for fact in note.told) - 3) for note in examples]
        assert unlike[-1] <= 3


def test_of_two_that_fit_as_well_the_one_of_the_same_chapter_is_taken() -> None:
    wish = Wish("en", 1, "outpatient", "short", "plain")
    shapes = [note for note in example_notes("en") if not note.hidden and not wish.distance(note)]
    chapters: set[str] = set()
    for note in shapes:
        counted = {fact.kind: sum(other.kind == fact.kind for other in note.told) for fact in note.told}
        for row in (0, 1):
            (best,) = drawn(wish, row, of=facts(**counted), code=f"{note.code[0]}99")
            if best.id == note.id:
                chapters.add(note.code[0])
    assert len(chapters) > 4


def test_no_examples_are_drawn_where_none_are_wanted() -> None:
    assert drawn(Wish("en", 0)) == ()
