"""Variables are coerced as graphql-core does it, and told apart only where a plan hangs on them."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_variable_values, parse
from graphql.execution import VariableValues

from graphql_api.compiled.variables import Variables
from graphql_api.schema import schema

CORE = schema()._schema  # pyright: ignore[reportPrivateUsage]


def declared(text: str) -> tuple[Variables, Any]:
    operation = parse(f"query({text}) {{ graph {{ release }} }}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    definitions = operation.variable_definitions or ()
    return Variables(CORE, definitions), definitions


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("$a: ID!", {"a": "x"}),
        ("$a: ID!", {"a": 7}),
        ("$a: ID!", {}),
        ("$a: ID!", {"a": None}),
        ("$a: ID", {}),
        ("$a: ID", {"a": None, "b": 1}),
        ("$a: Int!", {"a": 2**31}),
        ("$a: Int!", {"a": 2**31 - 1}),
        ("$a: Int!", {"a": True}),
        ("$a: Int!", {"a": 1.0}),
        ("$a: Int = 5", {}),
        ("$a: Float", {"a": 1}),
        ("$a: Float", {"a": 1.5}),
        ("$a: Float", {"a": float("nan")}),
        ("$a: Boolean!", {"a": 1}),
        ("$a: Boolean!", {"a": False}),
        ("$a: [ID!]!", {"a": ["x", "y"]}),
        ("$a: [ID!]!", {"a": "x"}),
        ("$a: [ID!]!", {"a": ["x", None]}),
        ("$a: [ID]", {"a": ["x", None]}),
        ("$a: Kind!", {"a": "DRUG"}),
        ("$a: Kind!", {"a": "drug"}),
        ("$a: [Kind!]", {"a": ["DRUG", "DISEASE"]}),
        ("$a: DiseaseFilter", {"a": {"name": {"contains": "x"}}}),
        ("$a: DiseaseFilter", {"a": {"nome": {}}}),
        ("$a: ID!, $b: Int", {"a": "x", "b": "y"}),
    ],
)
def test_values_are_those_of_graphql_core(text: str, given: dict[str, Any]) -> None:
    variables, definitions = declared(text)
    expected = get_variable_values(CORE, definitions, given)
    found = variables.coerced(given)
    if isinstance(expected, VariableValues):
        assert found is not None
        assert found.coerced == expected.coerced
    else:
        assert found is None


def shape(variables: Variables, given: dict[str, Any]) -> Any:
    values = variables.coerced(given)
    assert values is not None
    return variables.shape(values)


def test_one_plan_serves_all_values_that_only_travel_along() -> None:
    variables, _ = declared("$id: ID, $size: Int, $where: DiseaseFilter")
    one = shape(variables, {"id": "x", "size": 1, "where": {"name": {"eq": "a"}}})
    assert one == shape(variables, {"id": "y", "size": 2, "where": {"id": {"eq": "a"}}})
    assert one != shape(variables, {"id": None, "size": 2, "where": {}})
    assert one != shape(variables, {"size": 2, "where": {}})


def test_a_plan_hangs_on_truth_and_on_constants() -> None:
    variables, _ = declared("$with: Boolean!, $kinds: [Kind!], $order: [DiseaseOrder!]!")
    one = {"with": True, "kinds": ["DRUG"], "order": ["NAME"]}
    assert shape(variables, one) == shape(variables, dict(one))
    for changed in ({"with": False}, {"kinds": ["DISEASE"]}, {"order": ["ID"]}, {"kinds": None}):
        assert shape(variables, {**one, **changed}) != shape(variables, one)
