"""Curating and generating over GraphQL: propose, decide, undo, and a queue in front of the model."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from graphql_api.jobs.writer import Hear
from graphql_api.settings import load_api_settings
from kg.errors import KgError
from kg.graph import Graph

from .conftest import Serve, keyed

pytestmark = pytest.mark.neo4j

PROPOSE = """mutation($input: ProposeEdgeInput!) { proposeEdge(input: $input)
  { proposal { id kind status version by note title what } errors { code message hint } } }"""
EDGE = {
    "kind": "HAS_SYMPTOM",
    "start": "DOID:552",
    "end": "HP:0012378",
    "reference": "a textbook, page 7",
    "properties": {"weight": 0.4},
    "note": "seen daily",
}
DECIDE = """mutation($id: ID!, $version: Int) {{ {0}(id: $id, version: $version, note: "read it")
  {{ proposal {{ status decidedBy decisionNote changeSet version }} errors {{ code message }} }} }}"""
SYMPTOMS = '{ disease(id: "DOID:552") { symptoms { edges { weight node { id } evidence { source assertedBy } } } } }'


def step(name: str) -> str:
    return DECIDE.format(name)


async def test_an_accepted_edge_is_read_and_an_undone_one_is_not(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, settings=keyed())
    proposal = (await client.data(PROPOSE, {"input": EDGE}, "carl"))["proposeEdge"]["proposal"]
    assert (proposal["kind"], proposal["status"], proposal["by"], proposal["note"]) == (
        "EDGE",
        "PROPOSED",
        "carl",
        "seen daily",
    )
    before = (await client.data(SYMPTOMS, by="vera"))["disease"]["symptoms"]["edges"]
    assert "HP:0012378" not in [item["node"]["id"] for item in before]
    listed = await client.data("{ proposals(status: PROPOSED) { id } }", by="vera")
    assert listed == {"proposals": [{"id": proposal["id"]}]}

    accepted = (
        await client.data(step("acceptProposal"), {"id": proposal["id"], "version": proposal["version"]}, "edda")
    )["acceptProposal"]
    assert accepted["errors"] == []
    assert (accepted["proposal"]["status"], accepted["proposal"]["decidedBy"]) == ("ACCEPTED", "edda")
    after = (await client.data(SYMPTOMS, by="vera"))["disease"]["symptoms"]["edges"]
    (new,) = [item for item in after if item["node"]["id"] == "HP:0012378"]
    assert new == {
        "weight": 0.4,
        "node": {"id": "HP:0012378"},
        "evidence": [{"source": "curation", "assertedBy": "carl"}],
    }

    undo = "mutation($id: ID!) { undoChangeSet(id: $id) { changeSet errors { code } } }"
    undone = (await client.data(undo, {"id": accepted["proposal"]["changeSet"]}, "egon"))["undoChangeSet"]
    assert undone["changeSet"].startswith("CS:")
    assert (await client.data(SYMPTOMS, by="vera"))["disease"]["symptoms"]["edges"] == before
    assert (await client.data("query($id: ID!) { proposal(id: $id) { status } }", {"id": proposal["id"]}, "vera"))[
        "proposal"
    ] == {"status": "UNDONE"}


REMOVE = """mutation($input: ProposeRemovalInput!) { proposeRemoval(input: $input)
  { proposal { id kind status title version } errors { code message hint } } }"""


async def test_a_removed_edge_is_gone_at_once_and_an_undo_brings_it_back(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, settings=keyed())
    before = (await client.data(SYMPTOMS, by="vera"))["disease"]["symptoms"]["edges"]
    wish = {"edge": "DOID:552/HAS_SYMPTOM/HP:0001945", "reference": "PMID:9", "note": "a mistake of the source"}
    proposal = (await client.data(REMOVE, {"input": wish}, "carl"))["proposeRemoval"]["proposal"]
    assert (proposal["kind"], proposal["title"]) == ("REMOVAL", "remove: pneumonia HAS_SYMPTOM fever")
    assert (await client.data(SYMPTOMS, by="vera"))["disease"]["symptoms"]["edges"] == before

    accepted = (await client.data(step("acceptProposal"), {"id": proposal["id"]}, "edda"))["acceptProposal"]
    after = (await client.data(SYMPTOMS, by="vera"))["disease"]["symptoms"]["edges"]
    assert [item for item in before if item["node"]["id"] != "HP:0001945"] == after
    assert await client.data('{ symptom(id: "HP:0001945") { diseases { nodes { id } } } }', by="vera") == {
        "symptom": {"diseases": {"nodes": [{"id": "DOID:9395"}]}}
    }
    undo = "mutation($id: ID!) { undoChangeSet(id: $id) { changeSet errors { code } } }"
    await client.data(undo, {"id": accepted["proposal"]["changeSet"]}, "egon")
    assert (await client.data(SYMPTOMS, by="vera"))["disease"]["symptoms"]["edges"] == before


@pytest.mark.parametrize(
    ("edge", "code", "said"),
    [
        ("DOID:552/HAS_SYMPTOM/HP:0012378", "CONFLICT", "no such edge to remove"),
        ("DOID:552/CURES/HP:0012378", "BAD_USER_INPUT", "no id of an edge"),
        ("DOID:552", "BAD_USER_INPUT", "no id of an edge"),
        ("no curie/HAS_SYMPTOM/HP:0012378", "BAD_USER_INPUT", "is not an id"),
    ],
)
async def test_what_cannot_be_removed_is_told_in_the_payload(
    own_graph: Graph, serve: Serve, edge: str, code: str, said: str
) -> None:
    wish = {"edge": edge, "reference": "PMID:9"}
    payload = (await serve(own_graph, settings=keyed()).data(REMOVE, {"input": wish}, "carl"))["proposeRemoval"]
    assert payload["proposal"] is None
    assert payload["errors"][0]["code"] == code
    assert said in payload["errors"][0]["message"]
    assert await serve(own_graph, settings=keyed()).code(REMOVE, {"input": wish}, "vera") == "FORBIDDEN"


async def test_a_name_is_proposed_and_becomes_the_name(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, settings=keyed())
    propose = """mutation { proposeName(
        input: {nodeId: "DOID:10283", language: RU, name: "рак простаты", reference: "glossary"})
      { proposal { id } errors { message } } }"""
    proposal = (await client.data(propose, by="carl"))["proposeName"]["proposal"]
    await client.data(step("acceptProposal"), {"id": proposal["id"]}, "edda")
    assert await client.data('{ disease(name: "Рак простаты") { name(language: RU) } }', by="vera") == {
        "disease": {"name": "рак простаты"}
    }


async def test_nobody_decides_on_their_own_proposal(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, settings=keyed())
    proposal = (await client.data(PROPOSE, {"input": EDGE}, "edda"))["proposeEdge"]["proposal"]
    refused = (await client.data(step("acceptProposal"), {"id": proposal["id"]}, "edda"))["acceptProposal"]
    assert refused["proposal"] is None
    assert refused["errors"][0]["code"] == "CONFLICT"
    withdrawn = (await client.data(step("withdrawProposal"), {"id": proposal["id"]}, "edda"))["withdrawProposal"]
    assert withdrawn["proposal"]["status"] == "WITHDRAWN"


async def test_of_two_decisions_at_once_one_wins(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, settings=keyed())
    proposal = (await client.data(PROPOSE, {"input": EDGE}, "carl"))["proposeEdge"]["proposal"]
    variables = {"id": proposal["id"], "version": proposal["version"]}
    answers = await asyncio.gather(
        client.data(step("acceptProposal"), variables, "edda"), client.data(step("rejectProposal"), variables, "egon")
    )
    payloads = [next(iter(answer.values())) for answer in answers]
    assert sorted(bool(payload["proposal"]) for payload in payloads) == [False, True]
    assert [error["code"] for payload in payloads for error in payload["errors"]] == ["CONFLICT"]


async def test_a_request_sent_again_returns_the_first_result(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, settings=keyed())
    variables = {"input": {**EDGE, "operation": "form-1"}}
    first = await client.data(PROPOSE, variables, "carl")
    assert await client.data(PROPOSE, variables, "carl") == first
    assert len((await client.data("{ proposals { id } }", by="vera"))["proposals"]) == 1


async def test_what_experts_decided_outranks_what_was_loaded(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, settings=keyed())
    cough = '{ disease(id: "DOID:552") { symptoms(first: 1) { edges { id weight node { id } } } } }'
    (loaded,) = (await client.data(cough, by="vera"))["disease"]["symptoms"]["edges"]
    assert loaded["weight"] != 0.11
    change = {**EDGE, "end": loaded["node"]["id"], "properties": {"weight": 0.11}}
    proposal = (await client.data(PROPOSE, {"input": change}, "carl"))["proposeEdge"]["proposal"]
    await client.data(step("acceptProposal"), {"id": proposal["id"]}, "edda")
    weight = "query($id: ID!) { disease(id: $id) { symptoms { edges { id weight } } } }"
    edges = (await client.data(weight, {"id": "DOID:552"}, "vera"))["disease"]["symptoms"]["edges"]
    assert {item["id"]: item["weight"] for item in edges}[loaded["id"]] == 0.11


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"properties": {"weight": 2.0}}, "BAD_USER_INPUT"),
        ({"properties": {"purpose": "UNKNOWN"}}, "BAD_USER_INPUT"),
        ({"reference": " "}, "BAD_USER_INPUT"),
        ({"start": "no curie"}, "BAD_USER_INPUT"),
        ({"note": "a\u0000b"}, "BAD_USER_INPUT"),
    ],
)
async def test_a_proposal_that_makes_no_sense_is_told_in_the_payload(
    own_graph: Graph, serve: Serve, change: dict[str, Any], code: str
) -> None:
    payload = (await serve(own_graph, settings=keyed()).data(PROPOSE, {"input": {**EDGE, **change}}, "carl"))[
        "proposeEdge"
    ]
    assert payload["proposal"] is None
    assert payload["errors"][0]["code"] == code


async def test_what_is_not_there_is_told_in_the_payload(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, settings=keyed())
    nothing = (await client.data(step("rejectProposal"), {"id": "P:0"}, "edda"))["rejectProposal"]
    assert nothing["errors"][0]["code"] == "NOT_FOUND"
    undo = 'mutation { undoChangeSet(id: "CS:0") { changeSet errors { code } } }'
    assert (await client.data(undo, by="edda"))["undoChangeSet"]["changeSet"] is None


ROW = {
    "id": "NOTE:1",
    "icd10": "J20",
    "disease_id": "DOID:9395",
    "language": "en",
    "text": "Cough for three days.",
    "facts": [
        {"id": "F1", "kind": "symptom", "text": "Cough.", "edge_id": "DOID:9395/HAS_SYMPTOM/HP:0012735", "told": True}
    ],
    "check": {"told": ["F1"], "missed": [], "invented": [], "passed": True},
    "question": {"symptoms": "disease"},
    "recipe": "outpatient-en@1",
    "recipe_hash": "0",
    "model": "fake",
    "seed": 5,
    "example_ids": [],
    "graph_release": "CS:1",
}


class FakeWriter:
    """Stands for the model: writes one row, slowly if told so, and never two at a time."""

    def __init__(self, gate: asyncio.Event | None = None, error: Exception | None = None) -> None:
        self.gate = gate
        self.started = asyncio.Event()
        self.error = error
        self.asked: list[tuple[str, int, str | None]] = []
        self.busy = 0

    async def __call__(
        self, disease: str, seed: int, recipe: str | None, *, index: int, place: int, share_out: bool, hear: Hear
    ) -> Mapping[str, Any]:
        self.asked.append((disease, seed, recipe))
        self.started.set()
        self.busy += 1
        assert self.busy == 1
        try:
            hear(0, "Cough for ")
            hear(0, "three days.")
            if self.gate:
                await self.gate.wait()
            if self.error:
                raise self.error
            return {**ROW, "id": f"NOTE:{disease}:{index}", "seed": seed}
        finally:
            self.busy -= 1


NOTE = """mutation($icd10: String, $id: ID, $seed: Int! = 0) {
  generateNote(icd10: $icd10, diseaseId: $id, seed: $seed, recipe: "short") {
    note { id text passed check seed question facts { text edgeId told } row }
    errors { code message hint retryAfter }
  }
}"""


async def test_a_note_is_written_for_a_code_or_an_id(own_graph: Graph, serve: Serve) -> None:
    writer = FakeWriter()
    client = serve(own_graph, writer)
    note = (await client.data(NOTE, {"icd10": "J20", "seed": 7}))["generateNote"]["note"]
    assert (note["text"], note["passed"], note["seed"]) == ("Cough for three days.", True, 7)
    assert note["facts"][0]["edgeId"] == "DOID:9395/HAS_SYMPTOM/HP:0012735"
    await client.data(NOTE, {"id": "DOID:2841"})
    assert writer.asked == [("J20", 7, "short"), ("DOID:2841", 0, "short")]


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"icd10": "Z99"}, "NOT_FOUND"),
        ({"id": "DOID:0"}, "NOT_FOUND"),
        ({"id": "HP:0012735"}, "NOT_FOUND"),
        ({"id": "no id"}, "BAD_USER_INPUT"),
        ({}, "BAD_USER_INPUT"),
        ({"icd10": "J20", "id": "DOID:9395"}, "BAD_USER_INPUT"),
        ({"icd10": "J20", "seed": -1}, "BAD_USER_INPUT"),
    ],
)
async def test_a_note_about_nothing_is_refused_before_the_queue(
    own_graph: Graph, serve: Serve, variables: dict[str, Any], code: str
) -> None:
    writer = FakeWriter()
    payload = (await serve(own_graph, writer).data(NOTE, variables))["generateNote"]
    assert payload["errors"][0]["code"] == code
    assert writer.asked == []


async def test_notes_are_written_one_at_a_time_and_a_full_queue_says_when_to_come_again(
    own_graph: Graph, serve: Serve
) -> None:
    gate = asyncio.Event()
    writer = FakeWriter(gate)
    client = serve(own_graph, writer, load_api_settings(note_queue=1))
    waiting = [asyncio.create_task(client.data(NOTE, {"icd10": "J20", "seed": number})) for number in range(2)]
    await writer.started.wait()
    # The second one reaches the queue meanwhile.
    await asyncio.sleep(0.2)
    busy = (await client.data(NOTE, {"icd10": "J20"}))["generateNote"]["errors"][0]
    assert busy["code"] == "BUSY"
    assert busy["retryAfter"] >= 1
    gate.set()
    assert all(answer["generateNote"]["note"] for answer in await asyncio.gather(*waiting))
    assert len(writer.asked) == 2


async def test_a_note_that_takes_too_long_is_given_up_and_frees_the_queue(own_graph: Graph, serve: Serve) -> None:
    writer = FakeWriter(asyncio.Event())
    client = serve(own_graph, writer, load_api_settings(note_queue=0, note_deadline=0.2))
    for _ in range(2):
        assert (await client.data(NOTE, {"icd10": "J20"}))["generateNote"]["errors"][0]["code"] == "TIMEOUT"


async def test_a_model_that_is_missing_says_so_in_the_payload(own_graph: Graph, serve: Serve) -> None:
    writer = FakeWriter(error=KgError("there is no model", hint="Install one."))
    error = (await serve(own_graph, writer).data(NOTE, {"icd10": "J20"}))["generateNote"]["errors"][0]
    assert (error["code"], error["hint"]) == ("SERVICE_UNAVAILABLE", "Install one.")
