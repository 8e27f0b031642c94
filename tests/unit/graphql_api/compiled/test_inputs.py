"""Arguments are given to plans as Strawberry gives them to resolvers."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, get_argument_values, get_variable_values, parse
from graphql.execution import VariableValues
from strawberry.types.arguments import convert_arguments

from graphql_api.compiled.selection import Selection
from graphql_api.compiled.variables import Variables
from graphql_api.schema import schema

SCHEMA = schema()
CORE = SCHEMA._schema  # pyright: ignore[reportPrivateUsage]


def both(text: str, first: dict[str, Any], then: dict[str, Any]) -> tuple[Any, Any]:
    """Return the arguments of the field at the top for `then`, by a plan made for `first` and by Strawberry."""
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    definitions = operation.variable_definitions or ()
    variables = Variables(CORE, definitions)
    planned_for, values = variables.coerced(first), variables.coerced(then)
    assert planned_for is not None
    assert values is not None
    assert variables.shape(planned_for) == variables.shape(values)
    selection = Selection(SCHEMA, document, operation, planned_for, variables.by_value)
    (top,) = selection.top()
    found = selection.arguments(top).of(values)

    node = operation.selection_set.selections[0]
    assert isinstance(node, FieldNode)
    assert top.definition is not None
    coerced = get_variable_values(CORE, definitions, then)
    assert isinstance(coerced, VariableValues)
    expected = convert_arguments(
        get_argument_values(top.definition, node, coerced),
        top.definition.extensions["strawberry-definition"].arguments,
        SCHEMA.schema_converter.scalar_registry,
        SCHEMA.config,
    )
    return dict(found), expected


CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("query($a: ID!) { disease(id: $a) { id } }", {"a": "x"}, {"a": "y"}),
    ("query($a: [ID!]!) { nodes(ids: $a) { id } }", {"a": ["x"]}, {"a": ["y", "z"]}),
    ('query($a: ID!) { nodes(ids: ["k", $a]) { id } }', {"a": "x"}, {"a": "y"}),
    ("query($n: Int) { diseases(first: $n) { totalCount } }", {"n": 3}, {"n": 4}),
    ("query($n: Int) { diseases(first: $n) { totalCount } }", {}, {}),
    ("query($n: Int = 7) { diseases(first: $n) { totalCount } }", {}, {"n": 9}),
    ("{ diseases(first: 3, orderBy: [PRIOR_DESC, ID]) { totalCount } }", {}, {}),
    ("query($o: [DiseaseOrder!]!) { diseases(orderBy: $o) { totalCount } }", {"o": ["ID"]}, {"o": ["ID"]}),
    (
        "query($t: String, $m: Float) { diseases(where: {name: {contains: $t}, prior: {atLeast: $m, in: [0.5, $m]}}) "
        "{ totalCount } }".replace("in: [0.5, $m]", "in: [0.5]"),
        {"t": "a", "m": 0.1},
        {"t": "b", "m": 0.2},
    ),
    (
        'query($t: String) { diseases(where: {or: [{name: {eq: $t}}, {name: {eq: "k"}}], not: {source: $t}}) '
        "{ totalCount } }",
        {"t": "a"},
        {"t": "b"},
    ),
    (
        "query($t: String) { diseases(where: {name: {eq: $t}}) { totalCount } }",
        {"t": None},
        {"t": None},
    ),
    (
        "query($w: DiseaseFilter) { diseases(where: $w) { totalCount } }",
        {"w": {"name": {"contains": "x"}}},
        {"w": {"and": [{"sex": ["MALE"]}, {"symptoms": {"some": {"edge": {"weight": {"atLeast": 1}}}}}]}},
    ),
    (
        "query($i: IdFilter, $k: [DiseaseSex!]) { diseases(where: {id: $i, sex: $k}) { totalCount } }",
        {"i": {"eq": "x"}, "k": ["MALE"]},
        {"i": {"in": ["x", "y"]}, "k": ["MALE"]},
    ),
    (
        "query($t: String!, $k: [Kind!], $l: Language) { search(text: $t, kinds: $k, language: $l) { matched } }",
        {"t": "a", "k": ["DRUG"], "l": "RU"},
        {"t": "b", "k": ["DRUG"], "l": "RU"},
    ),
]


@pytest.mark.parametrize(("text", "first", "then"), CASES)
def test_the_arguments_of_a_later_request_are_those_that_a_resolver_would_get(
    text: str, first: dict[str, Any], then: dict[str, Any]
) -> None:
    found, expected = both(text, first, then)
    assert found == expected
