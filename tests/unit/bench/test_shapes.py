"""The measured operations fit our schema, and what is compared of two answers."""

from __future__ import annotations

import pytest
from graphql import build_schema, parse, validate

from bench.graphql.agree import leaves
from bench.graphql.bodies import World, asked
from bench.graphql.shapes import SHAPES, Shape
from graphql_api.schema import sdl

WORLD = World(
    diseases=[(f"TEST:{number}", f"disease {number:03}") for number in range(200)],
    symptoms=[f"TEST:s{number}" for number in range(20)],
    cursors=["first", "second", "third"],
    parts=["dis", "ease"],
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_our_operations_fit_the_schema(shape: Shape) -> None:
    assert validate(build_schema(sdl()), parse(shape.ours)) == []


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_the_same_seed_asks_for_the_same_things(shape: Shape) -> None:
    assert asked(shape, WORLD, seed=5, number=20) == asked(shape, WORLD, seed=5, number=20)


def test_a_page_begins_at_one_place_for_all_three() -> None:
    page = next(shape for shape in SHAPES if shape.name == "page")
    for one in asked(page, WORLD, number=20):
        number = WORLD.cursors.index(one.ours["after"])
        assert one.peers["offset"] == 50 * (number + 1)
        assert one.by_hand == {"id": f"TEST:{one.peers['offset'] - 1}", "name": f"disease {one.peers['offset'] - 1:03}"}


def test_repeated_requests_ask_for_some_things_far_more_often() -> None:
    lookup = SHAPES[0]
    even = {one.ours["id"] for one in asked(lookup, WORLD, number=400)}
    repeated = [one.ours["id"] for one in asked(lookup, WORLD, number=400, repeats=True)]
    assert len(set(repeated)) < len(even)
    assert repeated.count("TEST:0") > 30


def test_answers_are_compared_by_their_leaves_in_order() -> None:
    ours = {"disease": {"id": "a", "symptoms": {"edges": [{"cursor": "x", "weight": 1, "node": {"name": "b"}}]}}}
    peers = {"diseases": [{"id": "a", "symptomsConnection": {"edges": [{"properties": {"weight": 1.0}, "n": "b"}]}}]}
    assert list(leaves(ours)) == list(leaves(peers)) == ["a", 1.0, "b"]
    assert list(leaves({"a": [1, 2]})) != list(leaves({"a": [2, 1]}))
    assert list(leaves({"more": True})) == [True]
