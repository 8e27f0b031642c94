"""Cursors tell a place exactly, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.arguments.cursors import cursor_of, encoded, place_of
from graphql_api.problems import ApiError
from kg.reading import Key, Place
from kg.reading.order import BY_NAME, sorted_by

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
BY_PRIOR = sorted_by(Key("prior", descending=True, numeric=True), Key("sex"))


@given(NAMES, NAMES)
def test_a_place_by_name_comes_back_as_it_was(name: str, node_id: str) -> None:
    place = Place((name,), node_id)
    assert place_of("Disease name id", BY_NAME, cursor_of("Disease name id", place)) == place


@given(st.floats(-1, 1, allow_nan=False) | st.none(), NAMES | st.none(), NAMES)
def test_a_place_by_several_keys_comes_back_to_the_last_bit(prior: float | None, sex: str | None, key: str) -> None:
    place = Place((prior, sex), key)
    assert place_of("x", BY_PRIOR, cursor_of("x", place)) == place


@given(st.text())
def test_no_other_text_is_a_cursor(text: str) -> None:
    with pytest.raises(ApiError) as caught:
        place_of("Disease name id", BY_NAME, text)
    assert caught.value.code == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "parts",
    [
        ["Disease name id", None, "x"],
        ["Disease name id", 1, "x"],
        ["Disease name id", True, "x"],
        ["Disease name id", "a", 1],
        ["Disease name id", "a", None],
        ["Disease name id", "a"],
        ["Disease name id", "a", "x", "y"],
        ["Disease -name id", "a", "x"],
        ["Drug name id", "a", "x"],
        {"a": 1},
        None,
    ],
)
def test_a_place_of_another_list_is_refused(parts: object) -> None:
    with pytest.raises(ApiError):
        place_of("Disease name id", BY_NAME, encoded(parts))  # type: ignore[arg-type]


def test_a_whole_number_that_no_database_holds_is_taken_as_a_number() -> None:
    place = place_of("x", BY_PRIOR, encoded(["x", 2**63, None, "A"]))
    assert place == Place((float(2**63), None), "A")


def test_no_cursor_is_no_place() -> None:
    assert place_of("Disease name id", BY_NAME, None) is None
