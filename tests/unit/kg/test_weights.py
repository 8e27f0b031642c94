"""Weights as a distribution: temperature, effective number, and what a graph's diseases amount to."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.weights import effective_number, overview, probabilities, spread

WEIGHTS = st.lists(st.floats(0, 1), min_size=1, max_size=40)
TEMPERATURES = st.floats(0.01, 100)


def test_a_temperature_of_one_keeps_the_weights() -> None:
    assert probabilities([0.5, 0.3, 0.2]) == pytest.approx((0.5, 0.3, 0.2))


def test_a_share_is_the_weight_to_the_power_of_one_by_the_temperature() -> None:
    assert probabilities([0.8, 0.4], 0.5) == pytest.approx((0.64 / 0.8, 0.16 / 0.8))
    assert probabilities([0.81, 0.09], 2.0) == pytest.approx((0.9 / 1.2, 0.3 / 1.2))


@given(WEIGHTS, TEMPERATURES)
def test_shares_sum_to_one_and_keep_the_order_of_the_weights(weights: list[float], temperature: float) -> None:
    shares = probabilities(weights, temperature)

    assert math.fsum(shares) == pytest.approx(1.0)
    ranked = sorted(zip(weights, shares, strict=True))
    assert all(one[1] <= two[1] + 1e-12 for one, two in itertools.pairwise(ranked))


@given(WEIGHTS)
def test_a_warmer_draw_has_no_fewer_symptoms_in_effect(weights: list[float]) -> None:
    numbers = [effective_number(probabilities(weights, temperature)) for temperature in (0.1, 0.5, 1.0, 2.0, 10.0)]

    assert all(one <= two + 1e-9 for one, two in itertools.pairwise(numbers))
    assert all(1 - 1e-9 <= number <= len(weights) + 1e-9 for number in numbers)


def test_the_coldest_and_the_hottest_draw_stay_numbers() -> None:
    assert probabilities([1.0, 0.5], 0.001) == pytest.approx((1.0, 0.0))
    assert probabilities([1e-300, 1.0], 1e6) == pytest.approx((0.5, 0.5), abs=1e-3)


def test_weights_of_zero_alone_are_equal_shares_and_beside_others_no_share() -> None:
    assert probabilities([0.0, 0.0]) == (0.5, 0.5)
    assert probabilities([0.0, 0.2]) == (0.0, 1.0)
    assert probabilities([]) == ()


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.inf, math.nan])
def test_a_temperature_that_is_none_is_refused(temperature: float) -> None:
    with pytest.raises(ValueError, match="temperature"):
        probabilities([1.0], temperature)


@pytest.mark.parametrize("weight", [-0.1, math.nan, math.inf])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        probabilities([weight])


def test_the_effective_number_is_the_hill_number_of_order_one() -> None:
    assert effective_number([0.25] * 4) == pytest.approx(4.0)
    assert effective_number([1.0, 0.0]) == pytest.approx(1.0)
    assert effective_number([0.5, 0.25, 0.25]) == pytest.approx(2**1.5)
    assert effective_number([]) == 0.0


def test_the_overview_counts_only_diseases_that_have_something_to_spread() -> None:
    spreads = [
        spread("D:1", "one even", {"S:1": 0.5, "S:2": 0.5}),
        spread("D:2", "one uneven", {"S:1": 1.0, "S:2": 0.01, "S:3": None}),
        spread("D:3", "a single symptom", {"S:1": 1.0}),
        spread("D:4", "no weights", {"S:1": None}),
    ]

    told = overview(spreads, 1.0)

    assert (told.diseases, told.single, told.without) == (2, 1, 1)
    assert told.dominated == 0.5
    assert told.median_effective == pytest.approx((2.0 + spreads[1].effective) / 2)
    assert spreads[1].unweighted == 1


def test_warming_a_near_deterministic_draw_gives_the_other_symptoms_a_chance() -> None:
    weights: dict[str, float | None] = {f"S:{number}": 0.02 for number in range(19)} | {"S:19": 1.0}

    cold, warm = (spread("D:1", "one", weights, temperature) for temperature in (0.5, 2.0))

    assert cold.largest > 0.9 > warm.largest
    assert cold.effective < 2 < 10 < warm.effective


def test_an_overview_of_nothing_is_zero() -> None:
    assert overview([], 1.0).median_effective == 0.0
    assert overview([], 1.0).dominated == 0.0
