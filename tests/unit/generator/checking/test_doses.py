"""An amount behind a drug is one of its typical doses, or a fault."""

from __future__ import annotations

import pytest

from generator.checking.check import check
from generator.checking.doses import amounts_in
from generator.facts import Fact
from generator.linking.vocabulary import Term, Vocabulary
from generator.patient import Patient

IBUPROFEN = Term("D:ibuprofen", "Drug", ("ibuprofen", "ибупрофен"))
VITAMIN = Term("D:thyroxine", "Drug", ("levothyroxine", "левотироксин"))
FACTS = (
    Fact("F1", "drug", "ibuprofen", "", "e1", (IBUPROFEN,), dose="200 to 400 mg up to 3 times a day, at most 1.2 g"),
    Fact("F2", "drug", "levothyroxine", "", "e2", (VITAMIN,), dose="50 micrograms once a day"),
)


def faults(text: str, age: int = 40) -> list[str]:
    report = check(text, FACTS, Vocabulary((IBUPROFEN, VITAMIN)), patient=Patient(age, "female"))
    return [violation.said for violation in report.violations if violation.rule == "dose"]


@pytest.mark.parametrize(
    "text",
    [
        "She is given ibuprofen 400 mg today.",
        "She is given ibuprofen 300 mg today.",
        "Ибупрофен по 0,4 г три раза в день.",
        "Ibuprofen up to 1200 mg a day for her.",
        "Levothyroxine 50 mcg in the morning now.",
        "Левотироксин 50 мкг утром натощак ей.",
        "Ibuprofen now. Glucose is 900 mg today.",
        "Ibuprofen for now; creatinine 9 mg/l today.",
    ],
)
def test_a_typical_dose_is_no_fault_however_it_is_written(text: str) -> None:
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("She is given ibuprofen 4000 mg today.", "4000 mg"),
        ("Ибупрофен 5 г сразу после еды ей.", "5 г"),
        ("Levothyroxine 50 mg in the morning now.", "50 mg"),
        ("Ibuprofen 400 to 800 mg for her now.", "400 to 800 mg"),
    ],
)
def test_another_dose_is_a_fault(text: str, said: str) -> None:
    assert faults(text) == [said]


def test_the_dose_of_a_child_is_not_held_against_that_of_adults() -> None:
    assert faults("She is given ibuprofen 100 mg today.", age=6) == []


def test_units_of_weight_are_brought_together() -> None:
    assert amounts_in("0.5 to 1 g, or 250 mcg, or 10 units") == [
        (500.0, 1000.0, "mg"),
        (0.25, 0.25, "mg"),
        (10.0, 10.0, "units"),
    ]
