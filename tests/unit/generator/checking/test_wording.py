"""An English word that is neither in the prompt, nor in a name that was found, nor in any text, is made up."""

from __future__ import annotations

import pytest

from generator.checking.check import check
from generator.facts import Fact
from generator.linking.vocabulary import Term, Vocabulary
from generator.linking.words import words_of
from generator.phrases import REPAIR

BRONCHITIS = Term("D:1", "Disease", ("acute bronchitis", "острый бронхит"))
RHINOPHYMA = Term("D:2", "Disease", ("rhinophyma",))
FACTS = (Fact("F1", "diagnosis", "The patient has acute bronchitis.", "", "e1", (BRONCHITIS,)),)


def unknown(text: str, read: str = "") -> list[str]:
    stems = {word.stem for word in words_of(read)}
    report = check(text, FACTS, Vocabulary((BRONCHITIS, RHINOPHYMA)), read=stems)
    found = [violation for violation in report.violations if violation.rule == "unknown"]
    assert all(text[one.start : one.end] == one.said for one in found)
    assert report.passed == (not report.faults and not report.not_told)
    return [one.said for one in found]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He has acute bronchitis, with rhinesthesia and a rhinometer.", ["rhinesthesia", "rhinometer"]),
        ("Acute bronchitis; Artemism and Tbrimycin were started.", ["Artemism", "Tbrimycin"]),
    ],
)
def test_a_made_up_word_is_a_fault(text: str, words: list[str]) -> None:
    assert unknown(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "A former flight attendant chose to seek help for acute bronchitis, specifically on Monday.",
        "The patient's bronchitis: temp of 38.5, ECG and qqx noted, J20.9, XYZQW, acute bronchitis.",
        "Afebrile with acute bronchitis; troponin, serology and haemoglobin were sent off.",
        # Russian words have more forms than a table holds.
        "Она жалуется на острый бронхит и хлопидрамию.",
        # It is invented, and that is told once.
        "He has acute bronchitis and rhinophyma.",
    ],
)
def test_words_that_people_write_short_ones_capitals_and_names_that_were_found_are_none(text: str) -> None:
    assert unknown(text) == []


def test_what_the_prompt_says_in_any_form_may_be_said() -> None:
    text = "Acute bronchitis was treated; the podobeekeeper asked his podobeekeepers."
    assert unknown(text) == ["podobeekeeper", "podobeekeepers"]
    assert unknown(text, read="Job: podobeekeeper.") == []


def test_without_the_words_of_the_prompt_the_rule_is_not_applied() -> None:
    assert check("He has acute bronchitis and rhinesthesia.", FACTS, Vocabulary((BRONCHITIS,))).passed


def test_a_model_is_told_to_leave_made_up_words_out() -> None:
    assert all("{said}" in words["unknown"] for words in REPAIR.values())
