"""A budget is spread to the last unit, by the formula that each mode names."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import PlanImpossible
from generator.plans.spread import MODES, Known, Mode, known_of, largest_remainder, medsyn_weight, spread, weight
from generator.plans.table import Counted

CODES = st.sampled_from([f"{letter}{number:02}" for letter in "EIJ" for number in range(20)])
KNOWN = st.builds(
    Known,
    notes=st.integers(0, 10_000),
    symptoms=st.floats(0.1, 500, allow_nan=False),
    prior=st.floats(1e-6, 1, allow_nan=False),
)


def counts(entries: object) -> dict[str, int]:
    return {entry.code: entry.count for entry in entries}  # type: ignore[attr-defined]


@given(
    st.dictionaries(CODES, KNOWN, min_size=1),
    st.integers(1, 100_000),
    st.sampled_from(MODES),
    st.integers(0, 5),
    st.data(),
)
def test_the_counts_add_up_to_exactly_the_budget(
    codes: dict[str, Known], total: int, mode: Mode, minimum: int, data: st.DataObject
) -> None:
    fixed = dict.fromkeys(data.draw(st.sets(st.sampled_from(sorted(codes)))), 3)
    too_few = total < 3 * len(fixed) + minimum * (len(codes) - len(fixed))
    left = total - 3 * len(fixed) - minimum * (len(codes) - len(fixed))
    if too_few or (left and not any(weight(mode, known) for code, known in codes.items() if code not in fixed)):
        with pytest.raises(PlanImpossible, match="is too few" if too_few else "no code has a weight"):
            spread(codes, total, mode, minimum=minimum, fixed=fixed)
        return
    entries = spread(codes, total, mode, minimum=minimum, fixed=fixed)
    assert sum(entry.count for entry in entries) == total
    assert [entry.code for entry in entries] == sorted(codes)
    for entry in entries:
        assert entry.count == 3 if entry.code in fixed else entry.count >= minimum
        assert ("no-notes" in entry.flags) == (codes[entry.code].notes == 0)


def test_the_formula_of_medsyn_is_worked_out_by_hand() -> None:
    def log(x: float) -> float:
        return math.log(1 + x)

    assert medsyn_weight(560, 12.5) == pytest.approx(log(log(log(560))) * log(log(log(12.5))))
    assert medsyn_weight(0, 12) == medsyn_weight(12, 0) == 0
    assert medsyn_weight(100, 10) == pytest.approx(1.00264 * 0.79893, abs=2e-5)


def test_medsyn_levels_what_is_frequent() -> None:
    codes = {"M54": Known(560, 12), "J06": Known(20, 12), "Z00": Known(200, 12)}
    found = counts(spread(codes, 2491, "medsyn", fixed={"Z00": 10}))
    assert found["Z00"] == 10
    assert found["M54"] + found["J06"] == 2481
    assert 1 < found["M54"] / found["J06"] < 1.6  # not 28, as by the notes alone


def test_a_code_without_notes_is_there_and_flagged() -> None:
    codes = known_of(["A02", "J20"], {"J20": Counted(5)}, {"A02": 9, "J20": 9}, {})
    first, second = spread(codes, 10, "medsyn")
    assert (first.code, first.count, first.flags) == ("A02", 0, ("no-notes",))
    assert (second.code, second.count, second.flags) == ("J20", 10, ())
    first, _ = spread(codes, 10, "medsyn", minimum=2)
    assert (first.count, first.flags) == (2, ("no-notes", "minimum"))


def test_modes_without_counts_go_by_the_prior() -> None:
    codes = {"A02": Known(prior=0.1), "J20": Known(prior=0.3)}
    assert counts(spread(codes, 8, "proportional")) == {"A02": 2, "J20": 6}
    assert counts(spread(codes, 8, "long-tail")) == {"A02": 6, "J20": 2}
    assert counts(spread(codes, 8, "uniform")) == {"A02": 4, "J20": 4}


def test_the_long_tail_gets_most_where_there_is_least() -> None:
    codes = {"A02": Known(0), "J20": Known(9), "M54": Known(99)}
    found = counts(spread(codes, 111, "long-tail"))
    assert found == {"A02": 100, "J20": 10, "M54": 1}


@pytest.mark.parametrize(
    ("weights", "total", "expected"),
    [
        ([1, 1, 1], 10, [4, 3, 3]),  # ties go to the earlier place
        ([53, 24, 23], 10, [5, 3, 2]),  # the largest remainder is 0.4
        ([0, 1], 7, [0, 7]),
        ([0.1, 0.2, 0.3], 6, [1, 2, 3]),
        ([1e-300, 1], 5, [0, 5]),
        ([1, 2], 0, [0, 0]),
        ([], 0, []),
    ],
)
def test_the_largest_remainders_are_rounded_up(weights: list[float], total: int, expected: list[int]) -> None:
    assert largest_remainder(weights, total) == expected


@given(st.lists(st.floats(0, 1e9, allow_nan=False), min_size=1).filter(any), st.integers(0, 10**7))
def test_nobody_is_a_whole_unit_from_the_quota(weights: list[float], total: int) -> None:
    found = largest_remainder(weights, total)
    assert sum(found) == total
    for value, count in zip(weights, found, strict=True):
        assert abs(count - value / math.fsum(weights) * total) < 1.001


def test_medsyn_needs_counts() -> None:
    with pytest.raises(PlanImpossible, match="nobody counted them") as refused:
        spread({"J20": Known(prior=0.1)}, 5, "medsyn")
    assert "--counts" in (refused.value.hint or "")


def test_a_budget_that_is_too_small_says_how_large_it_has_to_be() -> None:
    with pytest.raises(PlanImpossible, match="4 is too few: 3 are fixed and 2 codes get at least 1") as refused:
        spread({"A02": Known(), "J20": Known(), "Z00": Known()}, 4, "uniform", minimum=1, fixed={"Z00": 3})
    assert "--total of 5" in (refused.value.hint or "")


def test_a_fixed_code_has_to_be_among_the_codes_and_something_has_to_weigh() -> None:
    with pytest.raises(PlanImpossible, match="Z00 has a fixed number and is not among the codes"):
        spread({"J20": Known()}, 5, "uniform", fixed={"Z00": 1})
    with pytest.raises(PlanImpossible, match="no code has a weight"):
        spread({"J20": Known(0)}, 5, "proportional")


def test_symptoms_of_the_table_come_before_those_of_the_graph() -> None:
    known = known_of(["J20", "I10"], {"J20": Counted(3, 7.5)}, {"J20": 9, "I10": 8}, {"I10": 0.1})
    assert known == {"J20": Known(3, 7.5, None), "I10": Known(0, 8, 0.1)}
    assert known_of(["J20"], None, {}, {"J20": 0.2}) == {"J20": Known(None, None, 0.2)}
