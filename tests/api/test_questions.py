"""Questions over GraphQL: how they are answered, what they say, the ways between two things, and prompts."""

from __future__ import annotations

import pytest

from generator.recipe import SHIPPED
from kg.graph import Graph
from mkg.telling import Teller

from .conftest import Client, Serve

pytestmark = pytest.mark.neo4j


@pytest.fixture
def telling(graph: Graph, serve: Serve) -> Client:
    """A client of the shared graph, of a service that has a teller."""
    return serve(graph, teller=Teller(graph, None))


async def test_a_question_is_explained(client: Client) -> None:
    query = """query($q: String!) { explain(question: $q) { ... on Explanation { question tree plan cypher values
      parts { what kind estimatedEdges edges estimatedNodes nodes } } ... on QueryProblem { message at } } }"""
    told = (await client.data(query, {"q": 'disease "J20" | symptoms top 2 by weight'}))["explain"]
    assert [part["nodes"] for part in told["parts"]] == [1, 2]
    assert told["plan"].startswith("0. Disease J20\n1. from part 0 by symptoms")
    assert "J20" not in told["cypher"]
    assert told["cypher"].count("HAS_SYMPTOM") == 1
    assert told["tree"]
    problem = (await client.data(query, {"q": 'disease "J20" | symptms'}))["explain"]
    assert problem["at"] == 16


async def test_ways_between_two_things_are_found_by_their_ids(client: Client) -> None:
    query = """query($a: ID!, $b: ID!, $upTo: Int! = 3, $via: [EdgeKind!]) {
      between(a: $a, b: $b, upTo: $upTo, via: $via) {
        ... on Subgraph { paths edges { kind } } ... on QueryProblem { message } } }"""
    ends = {"a": "DOID:9395", "b": "DB:propranolol"}
    found = (await client.data(query, ends))["between"]
    assert [path[0::2] for path in found["paths"]] == [["DOID:9395", "DOID:2841", "DB:propranolol"]]
    narrow = (await client.data(query, {**ends, "via": ["HAS_SYMPTOM"]}))["between"]
    assert narrow["paths"] == []
    assert "X:0" in (await client.data(query, {**ends, "b": "X:0"}))["between"]["message"]
    assert await client.code(query, {**ends, "upTo": 7}) == "BAD_USER_INPUT"


async def test_the_answer_is_told_in_sentences(telling: Client) -> None:
    query = """query($q: String!, $l: Language!) { facts(question: $q, language: $l) {
      ... on Facts { release facts { id kind text edgeId strength } } ... on QueryProblem { message } } }"""
    question = 'disease "J20" | symptoms top 2 by weight'
    english = (await telling.data(query, {"q": question, "l": "EN"}))["facts"]["facts"]
    assert [(fact["id"], fact["kind"], fact["strength"]) for fact in english] == [
        ("F1", "symptom", 0.9),
        ("F2", "symptom", 0.5),
    ]
    assert "cough" in english[0]["text"]
    assert english[0]["edgeId"] == "DOID:9395/HAS_SYMPTOM/HP:0012735"
    russian = (await telling.data(query, {"q": question, "l": "RU"}))["facts"]["facts"]
    assert "кашель" in russian[0]["text"].lower()
    assert (await telling.data(query, {"q": "nonsense", "l": "EN"}))["facts"]["message"]


async def test_a_prompt_is_shown_before_anything_is_sent(telling: Client) -> None:
    query = """query($code: String, $id: ID, $recipe: String) { prompt(icd10: $code, diseaseId: $id, recipe: $recipe) {
      diseaseId icd10 recipe language tokens messages { role content } facts { text edgeId } graphRelease } }"""
    told = (await telling.data(query, {"code": "J20"}))["prompt"]
    assert (told["diseaseId"], told["icd10"]) == ("DOID:9395", "J20")
    assert told["messages"][0]["role"] == "system"
    assert any("cough" in fact["text"] for fact in told["facts"])
    assert "cough" in told["messages"][-1]["content"]
    assert told["tokens"] > 20
    assert (await telling.data(query, {"id": "DOID:9395"}))["prompt"]["diseaseId"] == "DOID:9395"
    assert await telling.code(query, {"code": "Z99"}) == "NOT_FOUND"
    assert await telling.code(query, {}) == "BAD_USER_INPUT"
    for path in ("../../etc/passwd", str(SHIPPED / "outpatient-en.recipe")):
        assert await telling.code(query, {"code": "J20", "recipe": path}) == "BAD_USER_INPUT"


async def test_without_a_generator_it_is_said_so(client: Client) -> None:
    query = '{ facts(question: "disease \\"J20\\" | symptoms") { ... on Facts { release } } }'
    assert await client.code(query) == "SERVICE_UNAVAILABLE"


async def test_the_whole_graph_is_counted(client: Client) -> None:
    query = """{ statistics { kinds { kind number } edges { kind number }
      chapters { chapter { id } diseases } drugClasses(first: 5) { drugClass { id } drugs }
      degrees(role: DRUG_SIDE_EFFECTS) { nodes edges average most buckets { least most nodes } } } }"""
    told = (await client.data(query))["statistics"]
    assert {"kind": "Drug", "number": 3} in told["kinds"]
    assert {"kind": "CAUSES", "number": 2} in told["edges"]
    # The small graph has a block, and no chapter.
    assert told["chapters"] == []
    assert told["drugClasses"] == [{"drugClass": {"id": "ATC:R03"}, "drugs": 1}]
    assert told["degrees"] == {
        "nodes": 3,
        "edges": 2,
        "average": 0.666667,
        "most": 2,
        "buckets": [
            {"least": 0, "most": 0, "nodes": 2},
            {"least": 1, "most": 1, "nodes": 0},
            {"least": 2, "most": 2, "nodes": 1},
        ],
    }
