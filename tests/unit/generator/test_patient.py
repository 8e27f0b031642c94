"""Patients are possible."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import NothingToTell
from generator.patient import USUAL_AGES, draw_patient
from kg.subgraph import SubgraphNode


def disease(**properties: object) -> SubgraphNode:
    return SubgraphNode("DOID:1", "Disease", {"en": "a disease"}, {}, properties)


@given(st.integers(0, 130), st.integers(0, 130), st.sampled_from(["female", "male", None]), st.integers(0, 2**31))
def test_age_and_sex_stay_within_the_limits_of_the_disease(one: int, other: int, sex: str | None, seed: int) -> None:
    low, high = sorted((one, other))
    limits: dict[str, object] = {"age_min": low, "age_max": high} | ({"sex": sex} if sex else {})
    patient = draw_patient(disease(**limits), seed)
    assert low <= patient.age <= high
    assert patient.sex in ({sex} if sex else {"female", "male"})


def test_without_limits_the_patient_is_an_adult() -> None:
    ages = {draw_patient(disease(), seed).age for seed in range(3000)}
    assert (min(ages), max(ages)) == USUAL_AGES


def test_an_upper_limit_below_adult_age_opens_the_ages_from_birth() -> None:
    assert {draw_patient(disease(age_max=2), seed).age for seed in range(100)} == {0, 1, 2}


def test_a_lower_limit_above_the_usual_ages_is_kept() -> None:
    assert draw_patient(disease(age_min=100), 1).age == 100


def test_both_sexes_occur_about_equally() -> None:
    women = sum(draw_patient(disease(), seed).sex == "female" for seed in range(2000))
    assert 900 < women < 1100


def test_limits_that_leave_nobody_are_refused() -> None:
    with pytest.raises(NothingToTell, match="age_min 40 above age_max 30"):
        draw_patient(disease(age_min=40, age_max=30), 1)


def test_the_same_seed_draws_the_same_patient(hand: ModuleType) -> None:
    root = hand.node("DOID:1", "Disease", "a", "б")
    assert draw_patient(root, 5) == draw_patient(root, 5)
