"""What a model is told of a note that did not pass: plainly, in its language, by the names of the prompt."""

from __future__ import annotations

import pytest

from generator.checking.check import check
from generator.facts import Fact
from generator.linking.vocabulary import Term, Vocabulary
from generator.notes.repair import repairs
from generator.patient import Patient
from generator.phrases import REPAIR

FACTS = (
    Fact("F1", "symptom", "cough", "The patient has cough.", "e1", (Term("T:cough", "Symptom", ("cough", "кашель")),)),
    Fact("F2", "symptom", "fever", "The patient has fever.", "e2", (Term("T:fever", "Symptom", ("fever", "жар")),)),
)
KNOWN = Vocabulary(
    [term for fact in FACTS for term in fact.terms] + [Term("D:aspirin", "Drug", ("aspirin", "аспирин"))]
)
WOMAN = Patient(40, "female")


def told(text: str, language: str = "en") -> list[str]:
    report = check(text, FACTS, KNOWN, patient=WOMAN, icd10="J20")
    first, *lines = repairs(report, FACTS, WOMAN, language).splitlines()
    assert first == REPAIR[language]["again"]
    return lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("The patient has a cough since Monday.", ["Name what is missing: fever."]),
        (
            "She has a cough and no fever. Aspirin was given.",
            [
                "This is so, and the note says otherwise: The patient has fever.",
                "Leave out what was not given: Aspirin.",
            ],
        ),
        ("He has a cough and fever for days.", ["The patient is a 40-year-old woman."]),
        ("She has a cough and fever (J45).", ["Give no other code than that of the diagnosis; leave out: J45."]),
        ("She has a cough and fever [date].", ["Leave nothing to be filled in: [date]."]),
        ("As an AI I say cough and fever.", ["Write the note itself, and nothing about yourself."]),
        ("Cough, fever.", ["Write whole sentences."]),
    ],
)
def test_each_fault_is_told_in_its_words(text: str, lines: list[str]) -> None:
    assert told(text) == lines


def test_russian_notes_are_mended_in_russian() -> None:
    assert told("У пациентки кашель, назначен аспирин, всё хорошо.", "ru") == [
        "Назовите недостающее: fever.",
        "Уберите то, что не было дано: аспирин.",
    ]
    assert told("Он болен, у него кашель и жар.", "ru")[0] == "Речь идёт о следующем: пациентка, 40 лет."


def test_the_languages_say_the_same_things() -> None:
    english, russian = REPAIR["en"], REPAIR["ru"]
    assert english.keys() == russian.keys()
    for key, text in english.items():
        assert ("{said}" in text) == ("{said}" in russian[key])
