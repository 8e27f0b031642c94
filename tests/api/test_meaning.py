"""Search by meaning as a client sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from generator.errors import ModelMissing
from kg.embedding import embed
from kg.graph import Graph
from tests.unit.kg.embedding.bag import Bag

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]

ASK = "query Ask($text: String!, $kinds: [Kind!]) { semanticSearch(text: $text, kinds: $kinds, first: 3) { %s } }"
HITS = ASK % "matched score node { id kind name }"

Serve = Callable[..., Any]


def prepared(graph: Graph, bag: Bag) -> Graph:
    return Graph(graph.store, encoder=lambda: bag)


async def test_hits_come_nearest_first_and_cost_one_statement(own_graph: Graph, serve: Serve) -> None:
    bag = Bag()
    await embed(own_graph.store, bag, progress=lambda *_: None)
    client = serve(prepared(own_graph, bag))
    data = await client.data(HITS, {"text": "shortness of breath", "kinds": ["SYMPTOM"]})
    first = data["semanticSearch"][0]
    assert first["node"] == {"id": "HP:0002094", "kind": "SYMPTOM", "name": "dyspnea"}
    assert first["matched"] == "shortness of breath"
    scores = [hit["score"] for hit in data["semanticSearch"]]
    assert scores == sorted(scores, reverse=True)
    assert client.statements == 1


async def test_a_hit_leads_on_into_the_graph(own_graph: Graph, serve: Serve) -> None:
    bag = Bag()
    await embed(own_graph.store, bag, progress=lambda *_: None)
    data = await serve(prepared(own_graph, bag)).data(
        ASK % "node { ... on Disease { symptoms(first: 1) { nodes { name } } } }",
        {"text": "chest cold", "kinds": ["DISEASE"]},
    )
    assert data["semanticSearch"][0]["node"] == {"symptoms": {"nodes": [{"name": "cough"}]}}


async def test_a_graph_that_was_not_prepared_says_what_to_run(own_graph: Graph, serve: Serve) -> None:
    answer = await serve(prepared(own_graph, Bag())).ask(HITS, {"text": "cough"})
    told = answer["errors"][0]["extensions"]
    assert told["code"] == "SERVICE_UNAVAILABLE"
    assert "mkg embed" in told["hint"]


async def test_without_the_package_the_answer_says_what_to_install(own_graph: Graph, serve: Serve) -> None:
    def missing() -> Bag:
        raise ModelMissing("search by meaning needs a package", hint="Install it.")

    answer = await serve(Graph(own_graph.store, encoder=missing)).ask(HITS, {"text": "cough"})
    assert answer["errors"][0]["message"] == "search by meaning needs a package"
    assert answer["errors"][0]["extensions"] == {"code": "SERVICE_UNAVAILABLE", "hint": "Install it."}


async def test_a_text_in_russian_is_the_senders_mistake(own_graph: Graph, serve: Serve) -> None:
    assert await serve(prepared(own_graph, Bag())).code(HITS, {"text": "кашель"}) == "BAD_USER_INPUT"


async def test_a_model_with_too_much_to_do_says_when_to_come_back(own_graph: Graph, serve: Serve) -> None:
    bag = Bag()
    await embed(own_graph.store, bag, progress=lambda *_: None)
    client = serve(prepared(own_graph, bag))
    bag.go.clear()
    asked = [asyncio.create_task(client.ask(HITS, {"text": f"cough {number}"})) for number in range(40)]
    await asyncio.sleep(0.5)
    bag.go.set()
    answers = await asyncio.gather(*asked)
    refused = [answer["errors"][0]["extensions"] for answer in answers if "errors" in answer]
    assert len(refused) == 7
    assert {(told["code"], told["retryAfter"]) for told in refused} == {("BUSY", 2)}
