"""What the service expects of whoever writes notes, held against the real writer with the real model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from graphql_api.app import create_app
from graphql_api.settings import load_api_settings
from kg.graph import Graph
from kg.load import load, plan_load
from kg.settings import Settings
from kg.store import Address, Store
from mkg.writing import NoteWriter

pytestmark = [pytest.mark.neo4j, pytest.mark.model, pytest.mark.anyio]

NOTE = """mutation($icd10: String, $id: ID, $recipe: String) {
  generateNote(icd10: $icd10, diseaseId: $id, seed: 7, recipe: $recipe) {
    note { id icd10 diseaseId language text passed check question recipe recipeHash model seed graphRelease row
           facts { id kind text told edgeId } }
    errors { code message hint }
  }
}"""


@pytest.fixture(scope="module")
async def ask(
    neo4j_server: Settings, neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]
) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    async with Store.at(neo4j_address, deadline=60) as store:
        await emptied(store)
        graph = Graph(store)
        await load(graph.ledger, store, plan_load("core"), by="test")
        settings = load_api_settings(log_level="warning", note_deadline=300)
        app = create_app(graph, NoteWriter(graph, neo4j_server), settings)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=600) as client:

            async def asked(**variables: str) -> Any:
                told = (await client.post("/graphql", json={"query": NOTE, "variables": variables})).json()
                assert "errors" not in told, told
                return told["data"]["generateNote"]

            yield asked


async def test_a_note_over_graphql_is_a_row_of_the_data_set(ask: Callable[..., Awaitable[Any]]) -> None:
    told = await ask(icd10="J20")
    assert told["errors"] == []
    note = told["note"]
    row = note["row"]
    assert (note["id"], note["text"], note["passed"]) == (row["id"], row["text"], row["check"]["passed"])
    assert note["seed"] == row["seed"]
    assert (note["icd10"], note["diseaseId"]) == ("J20", "MKG:acute-bronchitis")
    assert [fact["edgeId"] for fact in note["facts"]] == [fact["edge_id"] for fact in row["facts"]]
    assert "symptoms" in note["question"]


async def test_the_same_seed_writes_the_same_note_by_id_as_well(ask: Callable[..., Awaitable[Any]]) -> None:
    first, again = await ask(id="MKG:acute-bronchitis"), await ask(id="MKG:acute-bronchitis")
    assert first == again


async def test_a_recipe_that_is_not_there_is_told_in_the_payload(ask: Callable[..., Awaitable[Any]]) -> None:
    told = await ask(icd10="J20", recipe="none")
    assert told["note"] is None
    assert told["errors"][0]["message"] == "there is no recipe 'none'"
    assert "outpatient-en" in told["errors"][0]["hint"]
