"""Tokens are drawn by seed and place, from the nucleus alone."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from generator.models.drawing import draw
from generator.prompt import Sampling

# Shares of 0.5, 0.3, 0.15 and 0.05 at a temperature of 1.
SCORES = np.log(np.array([0.15, 0.5, 0.05, 0.3], np.float32))
MANY = 4000


def shares(options: Sampling) -> dict[int, float]:
    drawn = Counter(draw(SCORES, options, seed, 0) for seed in range(MANY))
    return {token: count / MANY for token, count in drawn.items()}


def test_tokens_come_as_often_as_they_are_likely() -> None:
    found = shares(Sampling(temperature=1.0, top_p=1.0))
    assert found == pytest.approx({0: 0.15, 1: 0.5, 2: 0.05, 3: 0.3}, abs=0.03)


def test_only_the_fewest_likeliest_tokens_that_hold_top_p_are_drawn() -> None:
    assert shares(Sampling(temperature=1.0, top_p=0.7)) == pytest.approx({1: 0.625, 3: 0.375}, abs=0.03)
    assert shares(Sampling(temperature=1.0, top_p=0.5)) == {1: 1.0}


def test_what_is_far_less_likely_than_the_likeliest_is_not_drawn_however_hot() -> None:
    assert shares(Sampling(temperature=1.0, top_p=1.0, min_p=0.5)) == pytest.approx({1: 0.625, 3: 0.375}, abs=0.03)
    assert set(shares(Sampling(temperature=2.0, top_p=1.0, min_p=0.2))) == {0, 1, 3}


def test_a_low_temperature_prefers_the_likeliest() -> None:
    # Squared and scaled to 1.
    assert shares(Sampling(temperature=0.5, top_p=1.0))[1] == pytest.approx(0.25 / 0.365, abs=0.03)
    assert shares(Sampling(temperature=0.0)) == {1: 1.0}


def test_a_barred_token_is_never_drawn() -> None:
    barred = SCORES.copy()
    barred[1] = -np.inf
    assert {draw(barred, Sampling(temperature=2.0, top_p=1.0), seed, 0) for seed in range(300)} == {0, 2, 3}


def test_seed_and_place_settle_the_token() -> None:
    options = Sampling(temperature=1.0, top_p=1.0)
    once, again = ([draw(SCORES, options, 7, place) for place in range(60)] for _ in range(2))
    assert once == again
    assert len(set(once)) > 1
    assert once != [draw(SCORES, options, 8, place) for place in range(60)]


def test_a_flat_distribution_over_a_large_vocabulary_is_drawn_from_as_a_whole() -> None:
    flat = np.zeros(50_000, np.float32)
    drawn = [draw(flat, Sampling(temperature=1.0, top_p=0.9), seed, 3) for seed in range(200)]
    assert max(drawn) < 45_001
    assert len(set(drawn)) > 190
