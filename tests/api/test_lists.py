"""Lists over GraphQL: filters by neighbours, edges and codes, several sorts, both directions, what a list comes to."""

from __future__ import annotations

from typing import Any

import pytest

from kg.values import Node

from .conftest import CLINIC, Client, crowd

pytestmark = pytest.mark.neo4j

DISEASES = [item for item in (*CLINIC, *crowd()) if isinstance(item, Node) and item.kind == "Disease"]


async def ids(client: Client, where: str, kind: str = "diseases") -> set[str]:
    data = await client.data(f"{{ {kind}(first: 200, where: {where}) {{ totalCount nodes {{ id }} }} }}")
    found = [node["id"] for node in data[kind]["nodes"]]
    assert len(found) == data[kind]["totalCount"]
    return set(found)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ('{id: {in: ["DOID:552", "DOID:0"]}}', {"DOID:552"}),
        ('{id: {startsWith: "DOID:1"}}', {"DOID:10763", "DOID:10283"}),
        ('{name: {contains: "BRONCH"}}', {"DOID:9395"}),
        ('{name: {startsWith: "Pneu"}}', {"DOID:552"}),
        ('{name: {language: RU, eq: "Астма"}}', {"DOID:2841"}),
        ('{name: {in: ["asthma", "PNEUMONIA"]}}', {"DOID:2841", "DOID:552"}),
        ("{sex: [MALE]}", {"DOID:10283"}),
        ("{ageMin: {exists: true}}", {"DOID:552", "DOID:10283"}),
        ("{ageMin: {in: [1, 2]}}", {"DOID:552"}),
        ('{id: {startsWith: "DOID"}, not: {prior: {atLeast: 0.1}}}', {"DOID:552", "DOID:10763", "DOID:10283"}),
        ("{or: [{sex: [MALE]}, {ageMin: {eq: 1}}]}", {"DOID:552", "DOID:10283"}),
        ("{and: [{prior: {exists: true}}, {ageMin: {eq: 1}}]}", {"DOID:552"}),
        ("{or: []}", set()),
        ('{symptoms: {some: {node: {id: {eq: "HP:0002094"}}}}}', {"DOID:2841", "DOID:552"}),
        ('{symptoms: {some: {node: {id: {eq: "HP:0002094"}}, edge: {weight: {atLeast: 0.9}}}}}', {"DOID:2841"}),
        ('{symptoms: {some: {node: {name: {language: RU, eq: "одышка"}}}}}', {"DOID:2841", "DOID:552"}),
        ('{id: {startsWith: "DOID"}, symptoms: {none: {}}}', {"DOID:10763", "DOID:10283"}),
        ('{symptoms: {some: {edge: {source: "other"}}}}', {"DOID:9395"}),
        ("{drugs: {some: {node: {sideEffects: {some: {edge: {frequency: {atMost: 0.05}}}}}}}}", {"DOID:2841"}),
        ('{drugs: {some: {node: {inClass: {some: {node: {id: {eq: "ATC:R03"}}}}}}}}', {"DOID:2841"}),
        ('{id: {startsWith: "DOID"}, symptoms: {count: {atLeast: 3}}}', {"DOID:9395", "DOID:552"}),
        ("{drugs: {count: {exists: false}}}", set()),
        ('{icd10: {in: ["J20"]}}', {"DOID:9395"}),
        ('{icd10: {from: "J00", to: "J99"}}', {"DOID:9395"}),
        ('{icd10: {from: "ICD10CM:J00", to: "ICD10CM:J99"}}', {"DOID:2841"}),
        ('{icd10: {within: "J20-J22"}}', {"DOID:9395"}),
        ('{icd10: {within: "J21"}}', set()),
        ('{source: "nobody"}', set()),
    ],
)
async def test_diseases_are_filtered(client: Client, where: str, expected: set[str]) -> None:
    assert await ids(client, where) == expected
    # The page and its size.
    assert client.statements == 1


async def test_drugs_are_filtered_by_parts_of_their_code(client: Client) -> None:
    assert await ids(client, '{atc: {startsWith: "r03"}}', "drugs") == {"DB:salbutamol"}
    assert await ids(client, '{atc: {in: ["C07AA05", "N02BE01"]}}', "drugs") == {"DB:propranolol", "DB:paracetamol"}


async def test_neighbours_are_filtered_by_node_and_by_edge(client: Client) -> None:
    query = """{ disease(id: "DOID:9395") {
      symptoms(where: {node: {name: {contains: "f"}}, edge: {weight: {atLeast: 0.5}}}, orderBy: [NAME_DESC]) {
        totalCount aggregate { count weight { average minimum maximum } } nodes { name } } } }"""
    assert (await client.data(query))["disease"]["symptoms"] == {
        "totalCount": 2,
        "aggregate": {"count": 2, "weight": {"average": 0.5, "minimum": 0.5, "maximum": 0.5}},
        "nodes": [{"name": "fever"}, {"name": "fatigue"}],
    }


async def test_a_list_is_sorted_by_several_keys(client: Client) -> None:
    query = "{ diseases(first: 200, orderBy: [PRIOR_DESC, NAME_DESC, ID_DESC]) { nodes { id } } }"
    expected = sorted(DISEASES, key=lambda item: item.id, reverse=True)
    expected.sort(key=lambda item: item.names["en"], reverse=True)
    expected.sort(key=lambda item: -item.properties.get("prior", -1))
    assert [node["id"] for node in (await client.data(query))["diseases"]["nodes"]] == [item.id for item in expected]


@pytest.mark.parametrize("order", ["NAME", "PRIOR_DESC", "[AGE_MIN, PRIOR]"])
async def test_a_list_is_read_from_its_end_as_from_its_beginning(client: Client, order: str) -> None:
    shown = "edges { cursor node { id } } pageInfo { hasPreviousPage hasNextPage startCursor }"
    whole = await client.data(f"{{ diseases(first: 200, orderBy: {order}) {{ {shown} }} }}")
    expected = [item["node"]["id"] for item in whole["diseases"]["edges"]]
    assert len(expected) == len(DISEASES)
    found: list[str] = []
    before: str | None = None
    while True:
        query = f"query($before: String) {{ diseases(last: 30, before: $before, orderBy: {order}) {{ {shown} }} }}"
        page = (await client.data(query, {"before": before}))["diseases"]
        found = [*(item["node"]["id"] for item in page["edges"]), *found]
        assert page["pageInfo"]["hasNextPage"] == (before is not None)
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert found == expected


async def test_neighbours_are_read_from_their_end(client: Client) -> None:
    query = '{ disease(id: "DOID:9395") { symptoms(last: 1) { nodes { id } pageInfo { hasPreviousPage } } } }'
    symptoms = (await client.data(query))["disease"]["symptoms"]
    assert symptoms == {"nodes": [{"id": "HP:0012378"}], "pageInfo": {"hasPreviousPage": True}}


async def test_a_whole_list_is_summed_up(client: Client) -> None:
    query = "{ diseases(first: 1, where: %s) { aggregate { count prior { average minimum maximum } } } }"
    found = (await client.data(query % '{id: {startsWith: "DOID"}}'))["diseases"]["aggregate"]
    assert found == {"count": 5, "prior": {"average": round(0.35 / 3, 6), "minimum": 0.05, "maximum": 0.2}}
    nothing = (await client.data(query % "{or: []}"))["diseases"]["aggregate"]
    assert nothing == {"count": 0, "prior": {"average": None, "minimum": None, "maximum": None}}
    assert (await client.data("{ symptoms { aggregate { count } } }"))["symptoms"]["aggregate"] == {"count": 44}


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("{and: [" + "{sex: [MALE]}," * 61 + "]}", "60"),
        ("{not: " * 7 + "{sex: [MALE]}" + "}" * 7, "6"),
        ('{id: {in: ["' + '","'.join(["A:1"] * 1001) + '"]}}', "1,000"),
    ],
)
async def test_a_filter_that_is_too_large_is_refused_with_the_limit(client: Client, where: str, told: str) -> None:
    variables: dict[str, Any] = {"where": _value(where)}
    answer = await client.ask("query($where: DiseaseFilter) { diseases(where: $where) { nodes { id } } }", variables)
    extensions = answer["errors"][0]["extensions"]
    assert extensions["code"] == "BAD_USER_INPUT"
    assert told in extensions["hint"]
    assert client.statements == 0


def _value(text: str) -> Any:
    """Return a literal of GraphQL as the value of a variable."""
    from graphql import parse_value, value_from_ast_untyped

    return value_from_ast_untyped(parse_value(text))


@pytest.mark.parametrize("number", ["1e300", "-1e300", "123456789012345678901234567890"])
async def test_numbers_out_of_all_bounds_are_compared_like_others(client: Client, number: str) -> None:
    assert await ids(client, f"{{ageMin: {{atLeast: {number}}}}}") <= {"DOID:552", "DOID:10283"}
