"""An operation is measured on its unfolded document, at the price of its length."""

from __future__ import annotations

import time
from typing import Any

import pytest
from graphql import parse

from graphql_api.operations.limits import Measure, measured, operation_of, passed, too_many_fragments
from graphql_api.schema import schema
from graphql_api.settings import load_api_settings


def measure(text: str, **variables: Any) -> Measure:
    document = parse(text)
    operation = operation_of(document, None)
    assert operation is not None
    return measured(schema()._schema, document, operation, variables)[0]


def test_levels_fields_aliases_and_directives_are_counted() -> None:
    found = measure("{ a: graph { release } b: graph @skip(if: false) { nodes { kind } } }")
    assert found == Measure(depth=3, aliases=2, directives=1, roots=2, nodes=0, cost=(2 + 1) + (2 + 2 + 1))


def test_lists_multiply() -> None:
    assert measure("{ diseases { nodes { id } } }").nodes == 20
    assert measure("{ diseases(first: 10) { nodes { symptoms(first: 5) { nodes { id } } } } }").nodes == 10 * (1 + 5)
    assert measure("query($n: Int!) { diseases(first: $n) { nodes { id } } }", n=7).nodes == 7
    assert measure("query($n: Int! = 9) { diseases(first: $n) { nodes { id } } }").nodes == 9
    assert measure('{ nodes(ids: ["a", "b"]) { id } }').nodes == 2
    assert measure("query($i: [ID!]!) { nodes(ids: $i) { id } }", i=["a", "b", "c"]).nodes == 3


def test_what_is_inside_a_list_costs_for_each_item() -> None:
    # The list and its nodes are objects (2 each), the id a leaf (1); of a connection only nodes and edges repeat.
    assert measure("{ diseases(first: 10) { nodes { id } } }").cost == 2 + 10 * (2 + 1)
    assert measure("{ diseases(first: 10) { totalCount } }").cost == 2 + (1 + 10)
    assert measure("{ diseases(first: 10) { nodes { symptoms(first: 5) { edges { weight } } } } }").cost == (
        2 + 10 * (2 + (2 + 5 * (2 + 1)))
    )


def test_fields_that_stand_again_in_the_same_place_are_counted() -> None:
    assert measure("{ graph { release release } graph { release } }").repeats == 2
    assert measure("{ graph { release ... { release } } }").repeats == 1
    assert measure("{ a: graph { release } b: graph { release } }").repeats == 0


def test_many_fragments_are_refused_before_they_are_compared() -> None:
    parts = [f"fragment f{number} on Query {{ __typename }}" for number in range(51)]
    told = too_many_fragments(parse("{ ...f0 } " + " ".join(parts)), load_api_settings())
    assert told is not None
    assert told.setting == "MKG_MAX_FRAGMENTS"
    assert too_many_fragments(parse("{ ...f0 } " + parts[0]), load_api_settings()) is None


def test_fragments_are_unfolded_wherever_they_stand() -> None:
    plain = "{ diseases(first: 3) { nodes { x: id symptoms(first: 2) { nodes { id } } } } }"
    folded = (
        "{ ...q } fragment q on Query { diseases(first: 3) { nodes { ...d } } }"
        " fragment d on Disease { ... on Node { x: id } symptoms(first: 2) { nodes { id } } }"
    )
    assert measure(folded) == measure(plain)


def test_fragments_that_double_each_other_are_measured_in_no_time() -> None:
    parts = [f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(100)]
    began = time.process_time()
    found = measure("{ ...f0 } " + " ".join(parts) + " fragment f100 on Query { a: __typename }")
    assert time.process_time() - began < 0.5
    assert found.aliases == 10**12


def test_a_ring_of_fragments_ends() -> None:
    measure("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }")


def test_questions_about_the_schema_cost_no_list() -> None:
    assert measure("{ __schema { types { fields { type { name } } } } }") == Measure(depth=1, roots=1, cost=1)


@pytest.mark.parametrize(
    ("found", "word", "setting"),
    [
        (Measure(depth=15), "levels", "MKG_MAX_DEPTH"),
        (Measure(roots=11), "top", "MKG_MAX_ROOTS"),
        (Measure(aliases=16), "aliases", "MKG_MAX_ALIASES"),
        (Measure(directives=51), "directives", "MKG_MAX_DIRECTIVES"),
        (Measure(repeats=51), "repeats", "MKG_MAX_REPEATS"),
        (Measure(nodes=20_001), "list items", "MKG_MAX_NODES"),
        (Measure(cost=50_001), "costs", "MKG_MAX_COST"),
    ],
)
def test_each_limit_says_what_is_too_much_and_which_setting_holds_it(found: Measure, word: str, setting: str) -> None:
    told = passed(found, load_api_settings())
    assert told is not None
    assert word in told.message
    assert told.setting == setting
    assert f"({setting})" in told.message
    assert told.asked == told.allowed + 1


def test_within_the_limits_there_is_no_problem() -> None:
    assert passed(Measure(14, 15, 50, 10, 20_000, 50_000, 50), load_api_settings()) is None


def test_the_operation_is_chosen_by_its_name() -> None:
    document = parse("query a { __typename } query b { __typename }")
    assert operation_of(document, None) is None
    assert operation_of(document, "c") is None
    found = operation_of(document, "b")
    assert found is not None
    assert found.name is not None
    assert found.name.value == "b"
