"""An order written in Cypher means what it means in Python: nothing is lost, and nothing comes twice."""

from __future__ import annotations

import pytest

from kg.reading.order import (
    BY_NAME,
    ID,
    NAME,
    Key,
    Place,
    beyond_text,
    order_text,
    place_of,
    place_values,
    sorted_by,
    strongest,
)
from kg.schema import ROLE_BY_NAME

PRIOR = Key("prior", descending=True, numeric=True)


def test_ties_are_settled_by_id() -> None:
    assert sorted_by(NAME).keys == (NAME, ID)
    assert sorted_by().keys == (ID,)


def test_what_stands_behind_the_id_or_twice_is_left_out() -> None:
    assert sorted_by(ID, NAME).keys == (ID,)
    assert sorted_by(NAME, Key("name", descending=True, always=True)).keys == (NAME, ID)


@pytest.mark.parametrize(
    ("order", "backward", "text"),
    [
        (BY_NAME, False, "n.name, n.id"),
        (BY_NAME, True, "n.name DESC, n.id DESC"),
        (sorted_by(PRIOR), False, "n.prior IS NULL, n.prior DESC, n.id"),
        (sorted_by(PRIOR), True, "n.prior IS NULL DESC, n.prior, n.id DESC"),
        (sorted_by(Key("prior", numeric=True)), False, "n.prior, n.id"),
        (sorted_by(Key("prior", numeric=True)), True, "n.prior DESC, n.id DESC"),
        (sorted_by(Key("weight", "edge", descending=True)), False, "r.weight IS NULL, r.weight DESC, n.id"),
    ],
)
def test_an_order_becomes_this_text(order: object, backward: bool, text: str) -> None:
    assert order_text(order, "n", backward=backward) == text  # type: ignore[arg-type]


def test_a_list_goes_on_behind_all_keys_and_an_index_can_begin_there() -> None:
    assert beyond_text(BY_NAME, "n") == "n.name >= $k0 AND (n.name > $k0 OR n.name = $k0 AND n.id > $k1)"
    assert beyond_text(BY_NAME, "n", backward=True) == (
        "n.name <= $k0 AND (n.name < $k0 OR n.name = $k0 AND n.id < $k1)"
    )


def test_behind_a_number_lie_smaller_ones_and_what_has_none() -> None:
    assert beyond_text(sorted_by(PRIOR), "n") == (
        "((n.prior < $k0 OR n.prior IS NULL AND $k0 IS NOT NULL)"
        " OR (n.prior = $k0 OR n.prior IS NULL AND $k0 IS NULL) AND n.id > $k1)"
    )


def test_a_place_comes_back_from_its_values() -> None:
    place = Place((None, "asthma"), "DOID:2841")
    assert place_of(place_values(place)) == place


def test_neighbours_come_strongest_first_where_edges_have_a_rank() -> None:
    assert strongest(ROLE_BY_NAME["Disease", "symptoms"]).keys[0].name == "weight"
    assert strongest(ROLE_BY_NAME["Disease", "drugs"]).keys == (ID,)
