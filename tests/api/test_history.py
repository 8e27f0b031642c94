"""History over GraphQL: lists of the past, change sets with their changes, proposals narrowed, single evidence."""

from __future__ import annotations

from typing import Any

import pytest

from kg.graph import Graph
from kg.ledger import Draft
from kg.values import Edge, Node

from .conftest import CLINIC, Client, Serve, edge, keyed, named, told

pytestmark = pytest.mark.neo4j


@pytest.fixture
async def later(own_graph: Graph, serve: Serve) -> Client:
    """The small graph after a second import: a new name, a new symptom, a changed weight."""
    draft = Draft("import", "a second file", "tests", "tests-2")
    news: list[Node | Edge] = [
        named("Disease", "DOID:9395", "acute bronchitis, renamed"),
        named("Symptom", "HP:9", "hiccup"),
    ]
    await own_graph.ledger.tell(draft, news, source="curation", last=False)
    links = [
        edge("HAS_SYMPTOM", "DOID:9395", "HP:9", told(weight=0.2)),
        edge("HAS_SYMPTOM", "DOID:9395", "HP:0001945", told("curation", "page 9", weight=0.95)),
    ]
    await own_graph.ledger.tell(draft, links, source="curation", last=True)
    return serve(own_graph, settings=keyed())


async def newest(client: Client) -> tuple[str, str]:
    rows = (await client.data("{ changeSets { id } }", by="vera"))["changeSets"]
    return rows[0]["id"], rows[-1]["id"]


SHOWN = """query($asOf: ID) { disease(icd10: "J20", asOf: $asOf) { name
  symptoms { totalCount edges { weight node { id } evidence { source } } aggregate { weight { maximum } } } } }"""


async def test_a_disease_is_read_as_it_was_with_all_that_is_under_it(later: Client) -> None:
    now, then = await newest(later)
    seen: dict[str | None, Any] = {}
    for moment in (None, now, then):
        seen[moment] = (await later.data(SHOWN, {"asOf": moment}, by="vera"))["disease"]
    assert seen[None] == seen[now]
    assert seen[now]["name"] == "acute bronchitis, renamed"
    assert [item["node"]["id"] for item in seen[now]["symptoms"]["edges"]] == [
        "HP:0001945", "HP:0012735", "HP:0012378", "HP:9",
    ]  # fmt: skip
    assert seen[now]["symptoms"]["aggregate"]["weight"]["maximum"] == 0.95
    assert seen[then]["name"] == "acute bronchitis"
    assert seen[then]["symptoms"]["totalCount"] == 3
    assert [item["weight"] for item in seen[then]["symptoms"]["edges"]] == [0.9, 0.5, 0.5]
    assert [len(item["evidence"]) for item in seen[then]["symptoms"]["edges"]] == [2, 1, 1]


async def test_lists_and_single_things_are_read_as_they_were(later: Client) -> None:
    _, then = await newest(later)
    query = """query($asOf: ID) {
      symptoms(asOf: $asOf) { totalCount }
      diseases(asOf: $asOf, where: {name: {contains: "renamed"}}) { nodes { id } }
      node(id: "HP:9", asOf: $asOf) { id }
      nodes(ids: ["DOID:9395"], asOf: $asOf) { ... on Entity { name } }
      edge(id: "DOID:9395/HAS_SYMPTOM/HP:0001945", asOf: $asOf) { weight evidence { source } } }"""
    assert await later.data(query, {"asOf": None}, by="vera") == {
        "symptoms": {"totalCount": 5},
        "diseases": {"nodes": [{"id": "DOID:9395"}]},
        "node": {"id": "HP:9"},
        "nodes": [{"name": "acute bronchitis, renamed"}],
        "edge": {"weight": 0.95, "evidence": [{"source": "curation"}, {"source": "mkg-core"}]},
    }
    # The beginning of its id is enough.
    assert await later.data(query, {"asOf": then[:9]}, by="vera") == {
        "symptoms": {"totalCount": 4},
        "diseases": {"nodes": []},
        "node": None,
        "nodes": [{"name": "acute bronchitis"}],
        "edge": {"weight": 0.5, "evidence": [{"source": "mkg-core"}]},
    }


async def test_a_name_of_the_past_finds_what_had_it(later: Client) -> None:
    _, then = await newest(later)
    query = "query($name: String, $asOf: ID) { disease(name: $name, asOf: $asOf) { id } }"
    renamed = {"name": "ACUTE BRONCHITIS, RENAMED"}
    assert (await later.data(query, {**renamed, "asOf": then}, by="vera"))["disease"] is None
    assert (await later.data(query, renamed, by="vera"))["disease"] == {"id": "DOID:9395"}


async def test_a_moment_that_there_is_not_is_refused(later: Client) -> None:
    query = 'query($asOf: ID) { disease(icd10: "J20", asOf: $asOf) { id } }'
    assert await later.code(query, {"asOf": "CS:nothing"}, by="vera") == "NOT_FOUND"
    answer = await later.ask(query, {"asOf": "CS:"}, by="vera")
    assert len(answer["errors"][0]["extensions"]["candidates"]) == 2


async def test_the_changes_of_a_change_set_are_paged(later: Client) -> None:
    _, first = await newest(later)
    query = """query($id: ID!, $after: String) { changeSet(id: $id) { kind changes(first: 10, after: $after) {
      totalCount nodes { id target action before after } edges { cursor } pageInfo { hasNextPage endCursor } } } }"""
    found: list[str] = []
    after: str | None = None
    while True:
        told_so = (await later.data(query, {"id": first, "after": after}, by="vera"))["changeSet"]
        changes = told_so["changes"]
        found += [item["id"] for item in changes["nodes"]]
        assert changes["totalCount"] == len(CLINIC)
        assert {item["action"] for item in changes["nodes"]} == {"MADE"}
        if not changes["pageInfo"]["hasNextPage"]:
            break
        after = changes["pageInfo"]["endCursor"]
    assert sorted(found) == sorted(item.id for item in CLINIC)
    assert told_so["kind"] == "import"
    assert await later.code(query, {"id": first, "after": "x"}, by="vera") == "BAD_USER_INPUT"
    newest_one, _ = await newest(later)
    assert await later.code(query, {"id": newest_one, "after": after}, by="vera") == "BAD_USER_INPUT"


async def test_a_change_tells_the_state_before_and_after(later: Client) -> None:
    now, _ = await newest(later)
    query = "query($id: ID!) { changeSet(id: $id) { changes { nodes { id target action before after } } } }"
    nodes = (await later.data(query, {"id": now}, by="vera"))["changeSet"]["changes"]["nodes"]
    by_id = {item["id"]: item for item in nodes}
    renamed = by_id["DOID:9395"]
    assert (renamed["target"], renamed["action"]) == ("NODE", "CHANGED")
    assert renamed["before"]["names"]["en"] == "acute bronchitis"
    assert renamed["after"]["names"]["en"] == "acute bronchitis, renamed"
    assert by_id["HP:9"]["action"] == "MADE"
    assert by_id["HP:9"]["before"] is None


async def test_what_is_no_change_set_is_null(later: Client) -> None:
    assert await later.data('{ changeSet(id: "CS:0") { id } }', by="vera") == {"changeSet": None}


async def test_change_sets_are_narrowed(later: Client) -> None:
    query = """{ all: changeSets { seq }
      imports: changeSets(kind: IMPORT) { seq } undone: changeSets(kind: UNDO) { seq }
      mine: changeSets(by: "tests", status: DONE) { seq } others: changeSets(by: "nobody") { seq }
      late: changeSets(since: "2999-01-01") { seq } early: changeSets(since: "2020-01-01T00:00:00Z") { seq } }"""
    found = {key: len(rows) for key, rows in (await later.data(query, by="vera")).items()}
    assert found == {"all": 2, "imports": 2, "undone": 0, "mine": 2, "others": 0, "late": 0, "early": 2}
    assert await later.code('{ changeSets(since: "yesterday") { seq } }', by="vera") == "BAD_USER_INPUT"


async def test_proposals_are_narrowed_and_paged(later: Client) -> None:
    propose = """mutation($end: ID!) { proposeEdge(input: {kind: HAS_SYMPTOM, start: "DOID:10763", end: $end,
      reference: "a page"}) { proposal { id at } errors { message } } }"""
    made = [
        (await later.data(propose, {"end": end}, by=who))["proposeEdge"]["proposal"]
        for end, who in (("HP:0012378", "carl"), ("HP:0001945", "cora"))
    ]
    query = """query($at: String) { all: proposals { id } carls: proposals(by: "carl") { id }
      names: proposals(kind: NAME) { id } older: proposals(before: $at) { id } newer: proposals(since: $at) { id } }"""
    found = await later.data(query, {"at": made[1]["at"]}, by="vera")
    assert {key: [item["id"] for item in rows] for key, rows in found.items()} == {
        "all": [made[1]["id"], made[0]["id"]],
        "carls": [made[0]["id"]],
        "names": [],
        "older": [made[0]["id"]],
        "newer": [made[1]["id"]],
    }


async def test_an_item_of_evidence_can_be_fetched_again(later: Client) -> None:
    query = '{ edge(id: "DOID:9395/HAS_SYMPTOM/HP:0012735") { kind start end evidence { id edge source } } }'
    told_so = (await later.data(query, by="vera"))["edge"]
    assert (told_so["kind"], told_so["start"], told_so["end"]) == ("HAS_SYMPTOM", "DOID:9395", "HP:0012735")
    again = "query($edge: ID!, $id: ID!) { evidence(edge: $edge, id: $id) { id edge source } }"
    for item in told_so["evidence"]:
        variables = {"edge": item["edge"], "id": item["id"]}
        assert (await later.data(again, variables, by="vera"))["evidence"] == item
    assert await later.data('{ edge(id: "nothing") { id } evidence(edge: "a/b/c", id: "EV:1") { id } }', by="vera") == {
        "edge": None,
        "evidence": None,
    }
