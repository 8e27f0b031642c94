"""The whole way, as the README tells it: load, ask, write notes, change a fact, take it back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphql_api.app import create_app
from graphql_api.settings import load_api_settings
from kg.graph import Graph
from kg.settings import Settings
from kg.store import Address, Store

pytestmark = [pytest.mark.neo4j, pytest.mark.model]

Run = Callable[..., Any]
ROW = {
    "id", "icd10", "disease_id", "language", "text", "facts", "check", "question", "recipe", "recipe_hash", "model",
    "seed", "example_ids", "graph_release",
}  # fmt: skip


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


async def _over_graphql(address: Address, *ids: str) -> list[dict[str, Any]]:
    query = "query($id: ID!) { disease(id: $id) { name symptoms(first: 1) { edges { evidence { source } } } } }"
    async with Store.at(address, deadline=60) as store:
        transport = httpx.ASGITransport(app=create_app(Graph(store), None, load_api_settings(log_level="warning")))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            told = [await client.post("/graphql", json={"query": query, "variables": {"id": key}}) for key in ids]
    return [answer.json()["data"]["disease"] for answer in told]


def test_a_note_of_a_core_code_points_back_to_edges(mkg: Run, loaded: Settings, tmp_path: Path) -> None:
    first, again = tmp_path / "first.jsonl", tmp_path / "again.jsonl"
    told = [
        mkg("generate", "notes", "--icd10", "J20", "--count", "2", "--seed", "7", "--out", str(path), "--json")
        for path in (first, again)
    ]
    assert [ran.json["notes"] for ran in told] == [2, 2]
    assert first.read_bytes() == again.read_bytes()

    edges = {edge["id"] for edge in mkg("ask", 'disease "J20" | symptoms', "--json").json["edges"]}
    for row in rows_of(first):
        assert set(row) >= ROW
        assert {"told", "missed", "invented", "passed"} <= set(row["check"])
        symptoms = {fact["edge_id"] for fact in row["facts"] if fact["kind"] == "symptom"}
        assert symptoms
        assert symptoms <= edges


def test_an_accepted_proposal_changes_the_next_notes_and_undo_changes_them_back(mkg: Run, loaded: Settings) -> None:
    def facts() -> list[str]:
        # Drugs are drawn for each note; among those of so many notes each is to be found.
        shown = mkg("generate", "notes", "--icd10", "J20", "--count", "20", "--show-prompt", "--json").json
        return [fact["edge_id"] for row in shown for fact in row["facts"]]

    before = facts()
    # Medically it makes no sense, so that nobody takes it for content; by its id it comes before the drugs of J20.
    made = mkg(
        "review", "propose", "edge", "TREATS", "tolperisone", "J20", "--claim", "purpose=symptomatic",
        "--reference", "a textbook, page 1", "--by", "anna", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    proposal = made.json["id"]
    own = mkg("review", "accept", proposal, "--by", "anna")
    assert own.code == 6

    assert mkg("review", "reject", "P:none", "--by", "boris").code == 6
    accepted = mkg("review", "accept", proposal, "--by", "boris", "--json")
    assert accepted.code == 0, accepted.err
    during = facts()
    undone = mkg("review", "undo", accepted.json["change_set"], "--by", "boris", "--json")
    assert undone.code == 0, undone.err
    after = facts()

    assert "ATC:M03BX04/TREATS/MKG:acute-bronchitis" in during
    assert "ATC:M03BX04/TREATS/MKG:acute-bronchitis" not in before
    assert after == before
    log = mkg("review", "log", "--json").json
    assert [entry["step"] for entry in log[:2]] == ["undo", "accept"]


def test_an_edge_is_removed_by_a_proposal_and_comes_back_by_an_undo(mkg: Run, loaded: Settings) -> None:
    def symptoms() -> set[str]:
        return set(mkg("ask", 'disease "J20" | symptoms', "--json").json["answer"])

    before = symptoms()
    made = mkg(
        "review", "propose", "removal", "HAS_SYMPTOM", "J20", "cough", "--reference", "a test", "--by", "anna", "--json"
    )  # fmt: skip
    assert made.code == 0, made.err
    assert made.json["title"].startswith("remove: ")
    accepted = mkg("review", "accept", made.json["id"], "--by", "boris", "--json")
    assert accepted.code == 0, accepted.err
    gone = before - symptoms()
    assert gone == {accepted.json["what"]["end"]}
    assert mkg("review", "undo", made.json["id"], "--by", "boris").code == 0
    assert symptoms() == before


def test_hetionet_and_the_disease_ontology_load_and_answer(
    mkg: Run, loaded: Settings, neo4j_address: Address, shared_data: Path, tmp_path: Path
) -> None:
    hetionet = mkg("load", "hetionet", str(shared_data / "hetionet"), "--json")
    assert hetionet.code == 0, hetionet.err
    ontology = mkg("load", "obo", str(shared_data / "disease-ontology-2015" / "HumanDO.obo"), "--json")
    assert ontology.code == 0, ontology.err
    assert (
        hetionet.json["nodes"]["new"] + hetionet.json["nodes"]["unchanged"] + hetionet.json["nodes"]["changed"] == 2472
    )
    # Besides, three tables of the folder hold neither nodes nor edges.
    assert hetionet.json["skipped"] == 402 + 3602 + 3

    asthma = mkg("ask", 'disease "DOID:2841" | symptoms top 5', "--json").json
    assert len(asthma["answer"]) == 5

    # Malaria is in Hetionet and not in the shipped graph.
    out = tmp_path / "hetionet.jsonl"
    wrote = mkg("generate", "notes", "--disease", "DOID:12365", "--count", "1", "--out", str(out), "--json")
    assert wrote.json["notes"] == 1
    row = rows_of(out)[0]
    assert row["disease_id"] == "DOID:12365"
    assert any(fact["kind"] == "symptom" and fact["edge_id"].startswith("DOID:12365/") for fact in row["facts"])

    core, hetionet_only = asyncio.run(_over_graphql(neo4j_address, "MKG:acute-bronchitis", "DOID:12365"))
    assert core["name"] == "acute bronchitis"
    assert hetionet_only["name"] == "malaria"
    assert hetionet_only["symptoms"]["edges"][0]["evidence"][0]["source"] == "hetionet"

    again = mkg("load", "hetionet", str(shared_data / "hetionet"), "--json").json
    assert again["change_set"] is None
    assert again["nodes"]["new"] == again["edges"]["new"] == 0
