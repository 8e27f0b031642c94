"""Cursors tell a place exactly, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.cursors import cursor_of, place_of
from graphql_api.problems import ApiError
from kg.reading import Place

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(NAMES, NAMES)
def test_a_place_by_name_comes_back_as_it_was(name: str, node_id: str) -> None:
    place = Place(name, node_id)
    assert place_of("name", cursor_of("name", place)) == place


@given(st.floats(-1, 1, allow_nan=False), NAMES)
def test_a_place_by_number_comes_back_to_the_last_bit(strength: float, node_id: str) -> None:
    place = Place(strength, node_id)
    assert place_of("-prior", cursor_of("-prior", place)) == place


@given(st.text())
def test_no_other_text_is_a_cursor(text: str) -> None:
    with pytest.raises(ApiError) as caught:
        place_of("name", text)
    assert caught.value.code == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("made_for", "used_in"), [("name", "-name"), ("name", "id"), ("-prior", "name"), ("-symptoms", "-drugs")]
)
def test_a_cursor_of_another_order_is_refused(made_for: str, used_in: str) -> None:
    key = "a" if made_for.lstrip("-") in ("name", "id") else 0.5
    with pytest.raises(ApiError):
        place_of(used_in, cursor_of(made_for, Place(key, "x")))


def test_no_cursor_is_no_place() -> None:
    assert place_of("name", None) is None
