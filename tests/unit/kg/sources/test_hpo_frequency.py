from __future__ import annotations

import pytest

from kg.sources.hpo_frequency import weight_of


@pytest.mark.parametrize(
    ("frequency", "weight"),
    [
        ("7/12", 0.583333),
        ("3 / 3", 1.0),
        ("0/5", 0.0),
        ("45%", 0.45),
        ("12.5 %", 0.125),
        ("HP:0040281", 0.895),
        ("HP:0040285", 0.0),
        ("5/3", None),
        ("0/0", None),
        ("120%", None),
        ("HP:0040286", None),
        ("often", None),
        ("", None),
    ],
)
def test_a_frequency_is_a_share_of_patients(frequency: str, weight: float | None) -> None:
    assert weight_of(frequency) == weight
