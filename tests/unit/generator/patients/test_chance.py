"""Chance follows from seed and name alone."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from generator.patients.chance import Chance
from tests.unit.generator.patients.chi_square import fits


def test_a_draw_depends_on_seed_and_name_and_not_on_the_draws_before_it() -> None:
    one, other = Chance(7), Chance(7)
    one.share("before")
    assert one.share("sex") == other.share("sex")
    assert one.share("sex") != one.share("age")
    assert one.share("sex") != Chance(8).share("sex")


def test_a_draw_is_the_same_on_every_machine() -> None:
    assert [Chance(7).below(1000, name) for name in ("a", "b", "c")] == [517, 392, 510]


@given(st.integers(), st.text(max_size=5))
def test_a_share_lies_from_zero_to_below_one(seed: int, name: str) -> None:
    assert 0 <= Chance(seed).share(name) < 1
    assert not Chance(seed).happens(0, name)
    assert Chance(seed).happens(1, name)


@given(st.lists(st.sampled_from([0.0, 1e-300, 0.1, 1.0, 1e9]), min_size=1).filter(any), st.integers(0, 10_000))
def test_what_has_no_weight_is_never_picked(weights: list[float], seed: int) -> None:
    assert weights[Chance(seed).pick(tuple(accumulate(weights)), "pick")] > 0


def test_places_come_in_proportion_to_their_weights() -> None:
    weights = {0: 0.5, 1: 0.0, 2: 2.0, 3: 1.5}
    totals = tuple(accumulate(weights.values()))
    assert fits(Counter(Chance(seed).pick(totals, "pick") for seed in range(20_000)), weights)
