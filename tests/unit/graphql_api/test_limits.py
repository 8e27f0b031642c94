"""An operation is measured on its unfolded document, at the price of its length."""

from __future__ import annotations

import time
from typing import Any

import pytest
from graphql import parse

from graphql_api.limits import Measure, measured, operation_of, problem
from graphql_api.schema import schema
from graphql_api.settings import load_api_settings


def measure(text: str, **variables: Any) -> Measure:
    document = parse(text)
    operation = operation_of(document, None)
    assert operation is not None
    return measured(schema()._schema, document, operation, variables)


def test_levels_fields_aliases_and_directives_are_counted() -> None:
    found = measure("{ a: graph { release } b: graph @skip(if: false) { nodes { kind } } }")
    assert found == Measure(depth=3, aliases=2, directives=1, roots=2, nodes=0)


def test_lists_multiply() -> None:
    assert measure("{ diseases { nodes { id } } }").nodes == 20
    assert measure("{ diseases(first: 10) { nodes { symptoms(first: 5) { nodes { id } } } } }").nodes == 10 * (1 + 5)
    assert measure("query($n: Int!) { diseases(first: $n) { nodes { id } } }", n=7).nodes == 7
    assert measure("query($n: Int! = 9) { diseases(first: $n) { nodes { id } } }").nodes == 9
    assert measure('{ nodes(ids: ["a", "b"]) { id } }').nodes == 2
    assert measure("query($i: [ID!]!) { nodes(ids: $i) { id } }", i=["a", "b", "c"]).nodes == 3


def test_fragments_are_unfolded_wherever_they_stand() -> None:
    plain = "{ diseases(first: 3) { nodes { x: id symptoms(first: 2) { nodes { id } } } } }"
    folded = (
        "{ ...q } fragment q on Query { diseases(first: 3) { nodes { ...d } } }"
        " fragment d on Disease { ... on Node { x: id } symptoms(first: 2) { nodes { id } } }"
    )
    assert measure(folded) == measure(plain)


def test_fragments_that_double_each_other_are_measured_in_no_time() -> None:
    parts = [f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(100)]
    began = time.perf_counter()
    found = measure("{ ...f0 } " + " ".join(parts) + " fragment f100 on Query { a: __typename }")
    assert time.perf_counter() - began < 0.5
    assert found.aliases == 10**12


def test_a_ring_of_fragments_ends() -> None:
    measure("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }")


def test_questions_about_the_schema_cost_no_list() -> None:
    assert measure("{ __schema { types { fields { type { name } } } } }") == Measure(depth=1, roots=1)


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (Measure(depth=15), "levels"),
        (Measure(roots=11), "top"),
        (Measure(aliases=16), "aliases"),
        (Measure(directives=51), "directives"),
        (Measure(nodes=20_001), "list items"),
    ],
)
def test_each_limit_says_what_is_too_much(found: Measure, word: str) -> None:
    text = problem(found, load_api_settings())
    assert text is not None
    assert word in text


def test_within_the_limits_there_is_no_problem() -> None:
    assert problem(Measure(14, 15, 50, 10, 20_000), load_api_settings()) is None


def test_the_operation_is_chosen_by_its_name() -> None:
    document = parse("query a { __typename } query b { __typename }")
    assert operation_of(document, None) is None
    assert operation_of(document, "c") is None
    found = operation_of(document, "b")
    assert found is not None
    assert found.name is not None
    assert found.name.value == "b"
