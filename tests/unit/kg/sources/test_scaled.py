from __future__ import annotations

import pytest

from kg.sources.scaled import largest, relative


def test_the_largest_weight_is_found_for_each_disease() -> None:
    assert largest([("a", 3.0), ("b", 0.5), ("a", 12.0), ("a", 1.0)]) == {"a": 12.0, "b": 0.5}


@pytest.mark.parametrize(
    ("raw", "of", "weight"),
    [(3.0, 12.0, 0.25), (12.0, 12.0, 1.0), (1.0, 3.0, 0.333333), (1.0, 0.0, 0.0), (0.0, 5.0, 0.0)],
)
def test_a_weight_is_its_share_of_the_largest_to_six_digits(raw: float, of: float, weight: float) -> None:
    assert relative(raw, of) == weight
