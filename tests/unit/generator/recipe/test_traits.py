"""A style's traits can be measured, and the example notes of a style have them."""

from __future__ import annotations

import pytest

from generator.examples import SIMPLE, example_notes
from generator.recipe.style import shipped_style
from generator.recipe.traits import measure

STYLES = (SIMPLE, "plain", "telegraphic", "narrative", "structured")


@pytest.mark.parametrize(
    ("text", "words", "abbreviations", "shorthand", "sentence", "lines"),
    [
        ("", 0, 0, 0, 0, 0),
        ("One two three. Four five six.", 6, 0, 0, 3, 1),
        ("BP 120/80, HR 90.", 4, 2 / 5, 1 / 5, 5, 1),
        ("Hb 98 → 132 in 3 wks", 7, 1 / 6, 1 / 6, 6, 1),
        ("Отек пр. голени. Лечение в/в", 5, 2 / 6, 0, 2, 1),
        ("Complaints: cough.\n\nPlan: rest.", 4, 0, 0, 2, 2),
    ],
)
def test_traits_are_counted(
    text: str, words: int, abbreviations: float, shorthand: float, sentence: float, lines: int
) -> None:
    found = measure(text)
    assert (found.words, found.lines) == (words, lines)
    assert (found.abbreviations, found.shorthand) == pytest.approx((abbreviations, shorthand))
    assert found.sentence == pytest.approx(sentence)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("style", STYLES)
def test_the_example_notes_of_a_style_have_its_traits(language: str, style: str) -> None:
    notes = [note for note in example_notes(language) if note.style == style]
    assert notes
    outside = {
        note.id: departures
        for note in notes
        if (departures := shipped_style(style, language, note.length).departures(note.text))
    }
    assert outside == {}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_traits_tell_telegraphic_and_structured_notes_from_the_others(language: str) -> None:
    for style in ("telegraphic", "structured"):
        others = [note for note in example_notes(language) if note.style not in (style, SIMPLE)]
        taken = [note for note in others if not shipped_style(style, language, note.length).departures(note.text)]
        assert len(taken) <= 0.1 * len(others), (style, len(taken), len(others))


def test_what_lies_outside_is_named_with_its_value() -> None:
    style = shipped_style("telegraphic", "en", "short")
    assert style.departures("She has had a cough for two weeks.") == {"words": 8, "abbreviations": 0.0}
