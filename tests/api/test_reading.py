"""What is read over GraphQL is what the graph holds, at one statement for each level."""

from __future__ import annotations

from typing import Any

import pytest

from kg.values import Edge, Node

from .conftest import CLINIC, Client, crowd

pytestmark = pytest.mark.neo4j


async def test_a_disease_is_found_by_id_code_name_and_synonym(client: Client) -> None:
    for argument in (
        'id: "DOID:9395"',
        'icd10: "J20"',
        'icd10: "ICD10:j20"',
        'name: "Acute Bronchitis"',
        'name: "chest cold"',
    ):
        assert await client.data(f"{{ disease({argument}) {{ id }} }}") == {"disease": {"id": "DOID:9395"}}
        assert client.statements == 1
    assert await client.data('{ disease(name: "Острый бронхит") { id } }') == {"disease": {"id": "DOID:9395"}}
    assert await client.data('{ disease(icd10: "J45") { id } }') == {"disease": {"id": "DOID:2841"}}


async def test_what_is_not_there_is_null(client: Client) -> None:
    query = """{ a: disease(id: "DOID:0") { id } b: disease(icd10: "Z99") { id }
      c: disease(name: "nothing") { id } d: drug(id: "DOID:9395") { id } }"""
    assert await client.data(query) == {"a": None, "b": None, "c": None, "d": None}


async def test_names_come_in_the_language_asked_for(client: Client) -> None:
    query = '{ drug(name: "albuterol") { name en: name(language: RU) atc synonyms names { language name } } }'
    assert (await client.data(query))["drug"] == {
        "name": "salbutamol",
        "en": "сальбутамол",
        "atc": "R03AC02",
        "synonyms": ["albuterol"],
        "names": [{"language": "EN", "name": "salbutamol"}, {"language": "RU", "name": "сальбутамол"}],
    }


async def test_neighbours_come_strongest_first_with_the_edges_properties(client: Client) -> None:
    query = '{ disease(id: "DOID:9395") { symptoms { totalCount edges { id weight sources node { id } } } } }'
    symptoms = (await client.data(query))["disease"]["symptoms"]
    assert symptoms["totalCount"] == 3
    assert [(item["node"]["id"], item["weight"]) for item in symptoms["edges"]] == [
        ("HP:0012735", 0.9),
        ("HP:0001945", 0.5),
        ("HP:0012378", 0.5),
    ]
    assert symptoms["edges"][0]["sources"] == ["mkg-core", "other"]


async def test_a_symmetric_edge_is_walked_from_both_ends(client: Client) -> None:
    query = "query($id: ID!) { disease(id: $id) { resembling { edges { id score sign node { id } } } } }"
    here = (await client.data(query, {"id": "DOID:9395"}))["disease"]["resembling"]["edges"]
    there = (await client.data(query, {"id": "DOID:552"}))["disease"]["resembling"]["edges"]
    assert [item["node"]["id"] for item in here] == ["DOID:552", "DOID:2841"]
    assert [item["node"]["id"] for item in there] == ["DOID:9395"]
    assert here[0]["id"] == there[0]["id"]


async def test_the_evidence_behind_an_edge_is_told(client: Client) -> None:
    query = """{ disease(id: "DOID:9395") { symptoms(first: 1) { edges {
      evidence { id source reference direction claims changeSet at } } } } }"""
    evidence = (await client.data(query))["disease"]["symptoms"]["edges"][0]["evidence"]
    assert [(item["source"], item["claims"], item["direction"]) for item in evidence] == [
        ("mkg-core", {"weight": 0.9}, "FOR"),
        ("other", {"weight": 0.7}, "FOR"),
    ]
    assert evidence[0]["changeSet"].startswith("CS:")


async def test_every_role_of_the_schema_can_be_walked(client: Client) -> None:
    from graphql_api.types.graph_types import snake
    from kg.schema import ROLES

    def field(word: str) -> str:
        head, *tail = word.split("_")
        return head + "".join(part.capitalize() for part in tail)

    edges = {item.id: item for item in CLINIC if isinstance(item, Edge)}
    for role in ROLES:
        for node in (item for item in CLINIC if isinstance(item, Node) and item.kind == role.start):
            step = f"{field(role.name)}(first: 200) {{ edges {{ id }} }}"
            query = f'{{ {field(snake(role.start))}(id: "{node.id}") {{ {step} }} }}'
            answer = (await client.data(query))[field(snake(role.start))][field(role.name)]["edges"]
            kinds = {item.id: item.kind for item in CLINIC if isinstance(item, Node)}
            expected = {
                key
                for key, item in edges.items()
                if item.kind == role.edge
                and (
                    (
                        item.start == node.id
                        and kinds[item.end] == role.end
                        and (role.forward or item.kind in ("RESEMBLES", "INTERACTS_WITH"))
                    )
                    or (
                        item.end == node.id
                        and kinds[item.start] == role.end
                        and (not role.forward or item.kind in ("RESEMBLES", "INTERACTS_WITH"))
                    )
                )
            }
            assert {item["id"] for item in answer} == expected, (role.start, role.name, node.id)


async def test_a_read_is_one_statement_however_deep_it_is(client: Client) -> None:
    for query in (
        "{ diseases(first: 100) { nodes { id symptoms(first: 5) { edges { weight node { id } } } } } }",
        """{ diseases(first: 20) { nodes { symptoms(first: 3) { nodes {
          diseases(first: 3) { nodes { symptoms(first: 3) { edges { id } } } } } } } } }""",
        "{ diseases(first: 50) { totalCount nodes { symptoms(first: 5) { totalCount edges { evidence { id } } } } } }",
    ):
        await client.data(query)
        assert client.statements == 1, query


async def _all(client: Client, query: str, path: tuple[str, ...], **variables: Any) -> list[Any]:
    items: list[Any] = []
    after = None
    for _ in range(200):
        page: Any = await client.data(query, {**variables, "after": after})
        for part in path:
            page = page[part]
        items += page["edges"]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            return items
        after = page["pageInfo"]["endCursor"]
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("first", [1, 7, 125, 200])
@pytest.mark.parametrize("order", ["NAME", "NAME_DESC", "ID", "ID_DESC", "PRIOR_DESC", "PRIOR"])
async def test_the_pages_of_a_kind_are_together_the_sorted_list(client: Client, order: str, first: int) -> None:
    diseases = [item for item in (*CLINIC, *crowd()) if isinstance(item, Node) and item.kind == "Disease"]
    expected = sorted(diseases, key=lambda item: item.id, reverse=order == "ID_DESC")
    if order.startswith("NAME"):
        expected.sort(key=lambda item: item.names["en"], reverse=order == "NAME_DESC")
    if order.startswith("PRIOR"):
        sign = -1 if order == "PRIOR_DESC" else 1
        expected.sort(key=lambda item: sign * item.properties["prior"] if "prior" in item.properties else 9)
    query = (
        "query($first: Int!, $after: String, $order: [DiseaseOrder!]!)"
        " { diseases(first: $first, after: $after, orderBy: $order)"
        " { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }"
    )
    items = await _all(client, query, ("diseases",), first=first, order=order)
    assert [item["node"]["id"] for item in items] == [item.id for item in expected]


@pytest.mark.parametrize("first", [1, 5, 200])
async def test_the_pages_of_neighbours_are_together_the_sorted_list(client: Client, first: int) -> None:
    weights = {
        item.end: item.evidence[0].claims.get("weight", -1)
        for item in crowd()
        if isinstance(item, Edge) and item.start == "TEST:d007"
    }
    query = (
        'query($first: Int!, $after: String) { disease(id: "TEST:d007") { symptoms(first: $first, after: $after)'
        " { edges { weight node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }"
    )
    items = await _all(client, query, ("disease", "symptoms"), first=first)
    assert [item["node"]["id"] for item in items] == sorted(weights, key=lambda key: (-weights[key], key))


async def test_lists_are_filtered_by_properties(client: Client) -> None:
    query = (
        "{ diseases(where: {prior: {atLeast: 0.05, atMost: 0.1}, ageMin: {atLeast: 1}}) { totalCount nodes { id } } }"
    )
    assert (await client.data(query))["diseases"] == {"totalCount": 1, "nodes": [{"id": "DOID:552"}]}
    assert (await client.data("{ diseases(where: {sex: [MALE]}) { nodes { id sex } } }"))["diseases"]["nodes"] == [
        {"id": "DOID:10283", "sex": "MALE"}
    ]
    query = '{ drugs(where: {atc: {eq: "N02BE01"}}) { nodes { id } } }'
    assert (await client.data(query))["drugs"]["nodes"] == [{"id": "DB:paracetamol"}]
    query = (
        '{ disease(id: "DOID:9395") { symptoms(where: {edge: {weight: {atLeast: 0.6}}}) { totalCount nodes { id } } } }'
    )
    assert (await client.data(query))["disease"]["symptoms"] == {"totalCount": 1, "nodes": [{"id": "HP:0012735"}]}
    query = """{ disease(id: "DOID:2841") {
      drugs(where: {edge: {purpose: [SYMPTOMATIC, UNKNOWN]}}) { edges { purpose node { id } } } } }"""
    assert (await client.data(query))["disease"]["drugs"]["edges"] == [
        {"purpose": "SYMPTOMATIC", "node": {"id": "DB:salbutamol"}}
    ]


async def test_every_node_can_be_fetched_again_by_its_id(client: Client) -> None:
    nodes = [item for item in CLINIC if isinstance(item, Node)]
    found = (
        await client.data(
            "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {"ids": [*(n.id for n in nodes), "X:0"]}
        )
    )["nodes"]
    assert found == [*({"__typename": item.kind, "id": item.id} for item in nodes), None]
    assert client.statements == 1
    one = await client.data(
        '{ node(id: "HP:0012735") { id ... on Symptom { name diseases(first: 1) { nodes { id } } } } }'
    )
    assert one["node"]["name"] == "cough"


async def test_search_finds_words_beginnings_and_misspelt_words(client: Client) -> None:
    query = (
        "query($text: String!, $kinds: [Kind!]) { search(text: $text, kinds: $kinds) { matched score node { id } } }"
    )

    async def first(text: str, *kinds: str) -> Any:
        hits = (await client.data(query, {"text": text, "kinds": list(kinds) or None}))["search"]
        assert client.statements <= 1
        return (hits[0]["node"]["id"], hits[0]["matched"]) if hits else None

    assert await first("asthma", "DISEASE") == ("DOID:2841", "asthma")
    assert await first("shortness of br") == ("HP:0002094", "shortness of breath")
    assert await first("pneumnia") == ("DOID:552", "pneumonia")
    assert await first("кашел") == ("HP:0012735", "кашель")
    assert await first("bronch", "SYMPTOM") is None
    # Of the many that begin so, the shortest name comes first.
    assert await first("c", "SYMPTOM") == ("HP:0012735", "cough")
    assert await first("J20") == ("ICD10:J20", "acute bronchitis (J20)")
    assert await first("J20", "DISEASE") == ("DOID:9395", "acute bronchitis")
    assert await first("db:propranolol".replace("db", "DB")) == ("DB:propranolol", "propranolol")


@pytest.mark.parametrize(
    "text", ['"', "a OR", "name_en:*", "*:*", "\\", "a~99 b^9 [x TO y]", "", "AND", "/.*/", "𝒳\u0301", "(" * 150]
)
async def test_nothing_typed_into_a_search_is_an_operator(client: Client, text: str) -> None:
    hits = (await client.data("query($text: String!) { search(text: $text) { node { id } } }", {"text": text}))[
        "search"
    ]
    assert len(hits) < 5


async def test_a_question_is_answered_with_a_subgraph(client: Client) -> None:
    query = """query($q: String!) { subgraph(question: $q) { __typename ... on Subgraph { release truncated paths
      answer { id name } roots { id } hops { step edge } nodes { id }
      edges { id kind start end weight sources evidence { source } } }
      ... on QueryProblem { message at hint } } }"""
    answer = (await client.data(query, {"q": 'disease "J20" | symptoms top 2 by weight'}))["subgraph"]
    assert [item["id"] for item in answer["answer"]] == ["HP:0012735", "HP:0001945"]
    assert answer["roots"] == [{"id": "DOID:9395"}]
    assert [item["weight"] for item in answer["edges"]] == [0.5, 0.9]
    assert answer["paths"][0] == ["DOID:9395", "DOID:9395/HAS_SYMPTOM/HP:0012735", "HP:0012735"]


async def test_a_question_that_cannot_be_answered_says_where_and_what_next(client: Client) -> None:
    query = (
        "query($q: String!) { subgraph(question: $q) { ... on QueryProblem { message at hint candidates { id } } } }"
    )
    problem = (await client.data(query, {"q": 'disease "J20" | symptms'}))["subgraph"]
    assert problem["at"] == 16
    assert "symptoms" in problem["hint"]


async def test_a_name_of_two_nodes_is_refused_with_the_candidates(client: Client) -> None:
    answer = await client.ask('{ disease(name: "crowded disease 003") { id } }')
    extensions = answer["errors"][0]["extensions"]
    assert extensions["code"] == "BAD_USER_INPUT"
    assert [item["id"] for item in extensions["candidates"]] == ["TEST:d003", "TEST:d004", "TEST:d005"]


async def test_the_state_and_the_history_of_the_graph_are_told(client: Client) -> None:
    answer = await client.data(
        """{ graph { release changeSets nodes { kind number } edges { kind number } }
          changeSets { id seq kind title changed status } proposals { id } }"""
    )
    (change_set,) = answer["changeSets"]
    assert answer["graph"]["release"] == change_set["id"]
    assert answer["graph"]["changeSets"] == change_set["seq"]
    assert change_set["changed"] == len({item.id for item in (*CLINIC, *crowd())})
    assert {"kind": "Disease", "number": 125} in answer["graph"]["nodes"]
    assert {"kind": "IS_A", "number": 0} in answer["graph"]["edges"]
    assert answer["proposals"] == []


async def test_older_change_sets_follow_by_their_number(client: Client) -> None:
    assert await client.data("{ changeSets(before: 1) { id } }") == {"changeSets": []}


@pytest.mark.parametrize(
    "query",
    [
        "{ diseases(first: 201) { nodes { id } } }",
        "{ diseases(first: -1) { nodes { id } } }",
        '{ diseases(after: "made up") { nodes { id } } }',
        '{ diseases(after: "WyJpZCIsMSwyXQ") { nodes { id } } }',
        '{ disease(id: "DOID:552") { symptoms(after: "WyJuYW1lIiwiYSIsImIiXQ") { nodes { id } } } }',
        "{ diseases(last: 5, first: 5) { nodes { id } } }",
        "{ diseases(last: 201) { nodes { id } } }",
        '{ diseases(before: "x") { nodes { id } } }',
        '{ diseases(where: {icd10: {within: "cough"}}) { nodes { id } } }',
        '{ diseases(where: {icd10: {from: "J00"}}) { nodes { id } } }',
        '{ diseases(where: {icd10: {from: "J00", to: "ICD10CM:J99"}}) { nodes { id } } }',
        "{ diseases(orderBy: [NAME, ID, SEX, PRIOR, AGE_MIN]) { nodes { id } } }",
        "{ disease { id } }",
        '{ disease(id: "DOID:552", name: "pneumonia") { id } }',
        '{ disease(icd10: "not a code") { id } }',
        '{ disease(name: "a\\u0000b") { id } }',
    ],
)
async def test_arguments_that_make_no_sense_are_refused(client: Client, query: str) -> None:
    assert await client.code(query) == "BAD_USER_INPUT"
    # A disease may have been read before its own list is looked at.
    assert client.statements <= 1
