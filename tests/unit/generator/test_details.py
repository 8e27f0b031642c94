"""Circumstances: what they may say, and how they are dealt out."""

from __future__ import annotations

import pytest

from generator.checking.check import check
from generator.details import ASPECTS, deal_details, details
from generator.details.deal import Detail
from generator.linking.mentions import mentions
from generator.linking.words import words_of
from generator.patient import Patient
from training.core import vocabulary

WAYS = range(8)
GROWN = Patient(40, "female")


@pytest.mark.parametrize("detail", [*details("en"), *details("ru")], ids=lambda detail: detail.text)
def test_a_circumstance_names_nothing_that_the_graph_knows_and_breaks_no_rule(detail: Detail) -> None:
    for sex in ("female", "male"):
        patient = Patient(max(detail.ages[0], 40) if detail.ages[1] > 40 else detail.ages[0], sex)
        for way in WAYS:
            said = detail.said(patient, way)
            assert not list(mentions(words_of(said), vocabulary())), said
            report = check(f"This is a text of five words. {said}.", [], vocabulary(), patient=patient, icd10="A00")
            assert not report.violations, said
            assert len(said.split()) < 12, "so long a run of words would count as copied"
            assert not set(said) & set("{}|/"), said


@pytest.mark.parametrize("kind", ["outpatient", "emergency", "follow-up", "discharge"])
@pytest.mark.parametrize("age", [0, 2, 7, 14, 40, 80])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_there_is_something_to_say_of_everybody(language: str, age: int, kind: str) -> None:
    dealt = deal_details(language, (2, 2), Patient(age, "male"), kind, run_seed=1, row=3)
    assert [one.aspect for one in dealt] == list(ASPECTS)


def test_rows_side_by_side_have_different_ones_until_the_pack_is_through() -> None:
    dealt = [
        one.text for row in range(100) for one in deal_details("en", (2, 2), GROWN, "outpatient", run_seed=7, row=row)
    ]
    # Where one does not fit, the next row has the same one: a few.
    assert len(set(dealt)) > 0.75 * len(dealt)


def test_how_many_there_are_is_drawn_between_the_two_numbers() -> None:
    counts = {len(deal_details("en", (0, 2), GROWN, None, run_seed=2, row=row)) for row in range(40)}
    assert counts == {0, 1, 2}


def test_the_same_seed_and_row_have_the_same_ones_and_another_seed_has_others() -> None:
    def dealt(seed: int) -> list[str]:
        return [
            one.text for row in range(20) for one in deal_details("en", (2, 2), GROWN, None, run_seed=seed, row=row)
        ]

    assert dealt(3) == dealt(3)
    assert dealt(3) != dealt(4)


def test_of_a_child_nobody_says_what_only_the_grown_do() -> None:
    child = {
        one.text
        for row in range(300)
        for one in deal_details("en", (2, 2), Patient(2, "male"), None, run_seed=1, row=row)
    }
    assert child
    assert not any("works" in text or "drives" in text for text in child)


def test_in_russian_it_agrees_with_the_sex() -> None:
    detail = Detail("before", "{пришёл/пришла} и записал{ся/ась} в {среду|среду}", (0, 150), frozenset())
    assert detail.said(GROWN, 1) == "пришла и записалась в среду"
    assert detail.said(Patient(40, "male"), 1) == "пришёл и записался в среду"


def test_a_language_without_a_list_has_none() -> None:
    assert deal_details("de", (2, 2), GROWN, None, run_seed=1, row=0) == ()
