"""Back to before a blocked name, to the last place where the model had something else in mind."""

from __future__ import annotations

import numpy as np

from generator.models.drawing import Scores
from generator.models.retreat import REACH, Retreat


def shares(*given: tuple[int, float], of: int = 12) -> Scores:
    """Return scores with these probabilities, and next to nothing for all other tokens."""
    scores = np.full(of, np.log(1e-6), np.float32)
    for token, share in given:
        scores[token] = np.log(share)
    return scores


def seen(*places: Scores) -> Retreat:
    retreat = Retreat()
    for scores in places:
        retreat.see(scores)
    return retreat


def test_where_a_quarter_is_left_the_text_goes_on() -> None:
    assert seen(shares((1, 0.6), (2, 0.4)), shares((3, 0.7), (4, 0.3))).back([1], {3}, 1) is None
    assert seen(shares((1, 0.6), (2, 0.4)), shares((3, 0.8), (4, 0.2))).back([1], {3}, 1) == 0


def test_it_goes_to_the_last_place_where_enough_else_is_likely() -> None:
    # "blood in urine": much may follow "has", something else than "in" may follow "blood", nothing else "blood in".
    has, blood, within = shares((1, 0.3), (5, 0.7)), shares((2, 0.7), (6, 0.3)), shares((3, 1.0))
    retreat = seen(has, blood, within)
    assert retreat.back([1, 2], {3}, 2) == 1
    assert np.array_equal(retreat.scores, blood)
    assert (set(retreat.barred(1)), set(retreat.barred(0))) == ({2}, set())
    # What was tried there counts as not left.
    retreat.see(within)
    assert retreat.back([1, 6], {3}, 2) == 0
    # And is forgotten once the words before it are others.
    assert (set(retreat.barred(0)), set(retreat.barred(1))) == ({1}, set())


def test_where_nothing_else_is_likely_it_goes_where_most_is_left() -> None:
    sure = shares((1, 0.95), (2, 0.05))
    assert seen(sure, shares((2, 0.9), (4, 0.1)), shares((3, 1.0))).back([1, 2], {3}, 2) == 1
    assert seen(sure, shares((3, 0.9), (4, 0.1))).back([1], {3}, 1) is None


def test_it_goes_no_farther_than_the_name_nor_than_it_remembers() -> None:
    even, sure = shares((1, 0.5), (2, 0.5)), shares((1, 1.0))
    assert seen(even, sure, sure).back([1, 1], {1}, 1) is None
    assert seen(even, sure, sure).back([1, 1], {1}, 2) == 0
    long = seen(even, *[sure] * (REACH + 1))
    assert long.back([1] * (REACH + 1), {1}, REACH + 1) is None
    just = seen(even, *[sure] * REACH)
    assert just.back([1] * REACH, {1}, REACH) == 0


def test_a_row_goes_back_so_many_times_and_then_goes_on_as_it_can() -> None:
    retreat, times = Retreat(), 0
    even = shares(*[(token, 1 / 64) for token in range(64)], of=64)
    retreat.see(even)
    for token in range(40):
        retreat.see(shares((3, 1.0), of=64))
        if retreat.back([token], {3}, 1) is None:
            break
        times += 1
    assert times == 32
    retreat.begin()
    retreat.see(even)
    retreat.see(shares((3, 1.0), of=64))
    assert retreat.back([5], {3}, 1) == 0
