"""Seeds follow from what a row is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.seeds import between, derive


def test_a_seed_is_the_same_on_every_machine_and_for_ever() -> None:
    assert derive(7, 0, "J20", "DOID:1") == 1768248142


def test_parts_do_not_run_into_one_another() -> None:
    assert derive("ab", "c") != derive("a", "bc")


@given(st.integers(), st.text())
def test_a_seed_fits_31_bits(number: int, text: str) -> None:
    assert 0 <= derive(number, text) < 2**31


@given(st.integers(0, 100), st.integers(0, 100), st.integers())
def test_a_number_lies_between_its_limits(low: int, width: int, seed: int) -> None:
    assert low <= between(low, low + width, seed) <= low + width
