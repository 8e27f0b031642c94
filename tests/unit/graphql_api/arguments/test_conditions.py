"""What a filter says becomes the condition that it stands for, whatever kind it is of."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.arguments.common import Language
from graphql_api.arguments.conditions import neighbours_where, nodes_where
from graphql_api.arguments.filters import (
    EDGE_FILTERS,
    NODE_FILTERS,
    ROLE_FILTERS,
    ROLE_MATCHES,
    CodeFilter,
    IdFilter,
    NameFilter,
    NumberFilter,
    TextFilter,
)
from graphql_api.arguments.naming import CHOICES
from graphql_api.problems import ApiError
from kg.errors import QueryTooLarge
from kg.reading.condition import ALWAYS, All, AnyOf, Coded, Condition, Linked, LinkedCount, Not, Test
from kg.schema import NODE_BY_LABEL, NODE_KINDS, ROLE_BY_NAME, ROLES

DISEASE = NODE_BY_LABEL["Disease"]
SYMPTOMS = ROLE_BY_NAME["Disease", "symptoms"]
MALE = CHOICES["Disease", "sex"]("male")


def disease(**fields: Any) -> Any:
    return NODE_FILTERS["Disease"](**fields)


@pytest.mark.parametrize(
    ("fields", "condition"),
    [
        ({}, ALWAYS),
        ({"id": IdFilter(eq="A")}, Test("id", "eq", "A")),
        ({"id": IdFilter(in_=["A", "B"])}, Test("id", "in", ("A", "B"))),
        ({"name": NameFilter(contains="x")}, Test("name", "folded_contains", "x")),
        ({"name": NameFilter(eq="x", language=Language("ru"))}, Test("name_ru", "folded_eq", "x")),
        ({"source": "hpo"}, Test("sources", "has", "hpo")),
        ({"sex": [MALE]}, Test("sex", "in", ("male",))),
        ({"prior": NumberFilter(exists=False)}, Test("prior", "missing")),
        (
            {"prior": NumberFilter(at_least=0.1, at_most=0.2)},
            All((Test("prior", "at_least", 0.1), Test("prior", "at_most", 0.2))),
        ),
        ({"or_": []}, AnyOf(())),
        ({"and_": []}, ALWAYS),
        ({"not_": disease(sex=[MALE])}, Not(Test("sex", "in", ("male",)))),
        ({"icd10": CodeFilter(within="X")}, Coded("within", ("ICD10:X",))),
        ({"icd10": CodeFilter(in_=["j209", "ICD10CM:J45"])}, Coded("in", ("ICD10:J20.9", "ICD10CM:J45"))),
        ({"icd10": CodeFilter(from_="J00", to="J99")}, Coded("between", ("ICD10:J00", "ICD10:J99"))),
        (
            {"symptoms": ROLE_FILTERS[SYMPTOMS](count=NumberFilter(at_least=2))},
            LinkedCount(SYMPTOMS, (("at_least", 2),)),
        ),
        (
            {
                "symptoms": ROLE_FILTERS[SYMPTOMS](
                    none=ROLE_MATCHES[SYMPTOMS](edge=EDGE_FILTERS["HAS_SYMPTOM"](licence="CC0-1.0"))
                )
            },
            Linked(SYMPTOMS, "none", ALWAYS, Test("licences", "has", "CC0-1.0")),
        ),
    ],
)
def test_a_filter_of_diseases_is_this_condition(fields: dict[str, Any], condition: Condition) -> None:
    assert nodes_where(DISEASE, disease(**fields)) == condition


def test_texts_are_compared_exactly_and_their_parts_without_regard_to_case() -> None:
    drug = NODE_FILTERS["Drug"](atc=TextFilter(eq="R03AC02", starts_with="r03"))
    assert nodes_where(NODE_BY_LABEL["Drug"], drug) == All(
        (Test("atc", "eq", "R03AC02"), Test("atc", "folded_starts_with", "r03"))
    )


@pytest.mark.parametrize("kind", NODE_KINDS, ids=lambda kind: kind.label)
def test_an_empty_filter_is_met_by_everything_of_every_kind(kind: Any) -> None:
    assert nodes_where(kind, NODE_FILTERS[kind.label]()) == ALWAYS == nodes_where(kind, None)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role.start}.{role.name}")
def test_neighbours_are_filtered_by_node_and_edge_of_every_role(role: Any) -> None:
    match = ROLE_MATCHES[role](
        node=NODE_FILTERS[role.end](source="a"), edge=EDGE_FILTERS[role.edge](not_=EDGE_FILTERS[role.edge](source="b"))
    )
    assert neighbours_where(role, match) == (Test("sources", "has", "a"), Not(Test("sources", "has", "b")))
    assert neighbours_where(role, None) == (ALWAYS, ALWAYS)


@pytest.mark.parametrize(
    "codes",
    [
        CodeFilter(in_=["cough"]),
        CodeFilter(from_="J00"),
        CodeFilter(to="J00"),
        CodeFilter(from_="J00", to="ICD10CM:J1"),
    ],
)
def test_codes_that_make_no_sense_are_refused(codes: CodeFilter) -> None:
    with pytest.raises(ApiError):
        nodes_where(DISEASE, disease(icd10=codes))


def test_a_filter_nested_without_end_is_refused() -> None:
    where = disease()
    for _ in range(500):
        where = disease(and_=[where])
    with pytest.raises(ApiError):
        nodes_where(DISEASE, where)


def test_a_filter_that_passes_a_limit_is_refused() -> None:
    with pytest.raises(QueryTooLarge):
        nodes_where(DISEASE, disease(and_=[disease(source="x")] * 61))
