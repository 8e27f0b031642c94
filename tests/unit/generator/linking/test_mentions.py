"""Names are found in whole, in any form, with a typo, and not where they only seem to stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.linking.mentions import mentions
from generator.linking.vocabulary import Term, Vocabulary
from generator.linking.words import words_of

NAMES = {
    "cough": ("cough", "кашель"),
    "dry": ("dry cough", "сухой кашель"),
    "fever": ("fever", "high temperature", "повышение температуры", "лихорадка"),
    "migraine": ("migraine", "мигрень"),
    "bronchitis": ("acute bronchitis", "острый бронхит"),
    "prednisolone": ("prednisolone", "преднизолон"),
    "cold": ("common cold", "cold"),
    "gas": ("flatulence", "газы"),
    "shingles": ("St Anthony's fire",),
    "groin": ("pain radiating to the groin", "боль, отдающая в пах"),
    "jewel": ("сыпь там где касалось украшение",),
    "ms": ("multiple sclerosis", "MS"),
    "amoxicillin": ("amoxicillin", "амоксициллин"),
    "hyper": ("hypertension",),
    "hypo": ("hypotension",),
}
VOCABULARY = Vocabulary(Term(term_id, "Symptom", names) for term_id, names in NAMES.items())


def found(text: str) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.term_ids[0]) for m in mentions(words_of(text), VOCABULARY)]


@pytest.mark.parametrize(
    ("text", "said", "term"),
    [
        ("She has a feaver today.", "feaver", "fever"),
        ("Known migrane since school.", "migrane", "migraine"),
        ("Migraines again.", "Migraines", "migraine"),
        ("Acute bronchitus was found.", "Acute bronchitus", "bronchitis"),
        ("Given amoxycilin twice.", "amoxycilin", "amoxicillin"),
        ("Беспокоит лихородка.", "лихородка", "fever"),
        ("Мучают мигрени.", "мигрени", "migraine"),
        ("Дан амоксицилин.", "амоксицилин", "amoxicillin"),
        ("С острым бронхитом.", "острым бронхитом", "bronchitis"),
        ("Боль, отдающая в пах, с утра.", "Боль, отдающая в пах", "groin"),
        ("Сыпь там, где касалось украшение.", "Сыпь там, где касалось украшение", "jewel"),
        ("A dry\ncough at night.", "dry\ncough", "dry"),
        ("Dry-cough at night.", "Dry-cough", "dry"),
    ],
)
def test_a_name_is_found_whatever_its_form(text: str, said: str, term: str) -> None:
    assert found(text) == [(said, term)]


@pytest.mark.parametrize(
    "text",
    [
        "Температура 36,6, по 200 мл в день.",
        "Feverfew tea was bought.",
        "The mouth was dry. Smoking, not coughdrops.",
        "Повышение. Температуры не было.",
        "He drank cold water.",
        "Газы крови в норме.",
        "Prednisone was taken before.",
        "Vitamin ms and mr.",
        "The fevr of youth.",
    ],
)
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert found(text) == []


def test_a_name_does_not_reach_over_a_stop_or_a_comma() -> None:
    assert found("The mouth is dry. Cough at night.") == [("Cough", "cough")]
    assert found("Lips dry, cough at night.") == [("cough", "cough")]
    assert found("Skin: dry\nCough: none") == [("Cough", "cough")]


def test_a_word_of_the_graph_is_never_taken_for_another() -> None:
    assert found("Hypotension, not hypertension.") == [("Hypotension", "hypo"), ("hypertension", "hyper")]


def test_two_names_as_near_as_each_other_are_neither() -> None:
    both = Vocabulary([Term("a", "Drug", ("tramadil",)), Term("b", "Drug", ("tramadal",))])
    assert list(mentions(words_of("Given tramadol today."), both)) == []


def test_terms_that_share_a_name_are_all_named() -> None:
    both = Vocabulary([Term("a", "Symptom", ("nausea",)), Term("b", "SideEffect", ("nausea",))])
    (mention,) = mentions(words_of("Nausea since noon."), both)
    assert mention.term_ids == ("a", "b")


@given(st.text(max_size=200))
def test_mentions_lie_in_the_text_in_order_and_apart(text: str) -> None:
    at = 0
    for mention in mentions(words_of(text), VOCABULARY):
        assert at <= mention.start < mention.end <= len(text)
        at = mention.end


@given(st.sampled_from(["migraine", "prednisolone", "амоксициллин"]), st.integers(0, 30), st.sampled_from("qщ"))
def test_one_letter_too_many_does_not_hide_a_long_name(name: str, place: int, letter: str) -> None:
    at = 1 + place % len(name)
    typo = name[:at] + letter + name[at:]
    (mention,) = mentions(words_of(f"Also {typo} again."), VOCABULARY)
    assert name in NAMES[mention.term_ids[0]]
    assert mention.edits == 1
