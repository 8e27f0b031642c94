"""Questions answered in memory have the answers that the graph gives, by the same edges."""

from __future__ import annotations

import asyncio

import pytest

from generator.errors import NothingToTell
from generator.instructions.net import Net, length_of
from generator.instructions.reading import read_net
from kg.query.build import Question, ask
from tests.unit.generator.patients import core_asks


@pytest.fixture(scope="module")
def bronchitis(net: Net) -> str:
    return next(end for end in net.next("ICD10:J20", "diseases"))


def test_every_node_and_edge_of_the_graph_is_read(net: Net) -> None:
    graph = core_asks.core()
    assert net.nodes.keys() == graph.nodes.keys()
    assert net.edges.keys() == graph.edges.keys()
    assert net.questions < 80


def test_a_graph_without_diseases_is_refused() -> None:
    with pytest.raises(NothingToTell, match="no diseases"):
        asyncio.run(read_net(core_asks.asked([], [])))


@pytest.mark.parametrize(
    "question",
    [
        ask("icd", "ICD10:J20").step("diseases").step("symptoms"),
        ask("icd", "ICD10:J20").step("diseases").step("resembling").step("drugs"),
        ask("icd", "ICD10:J20").step("part_of", high=3),
        ask("symptom", "MESH:D003371").step("diseases").step("drugs").step("side_effects"),
    ],
    ids=str,
)
def test_a_path_leads_where_it_leads_in_the_graph(net: Net, question: Question) -> None:
    found = net.answer(question)
    told = asyncio.run(core_asks.core().subgraph(str(question)))
    assert set(found.ids) == set(told.answer)
    assert set(found.edges) <= set(told.edges)
    assert found.hops == length_of(question) or "1..3" in str(question)


def test_set_operators_and_limits_keep_what_they_say(net: Net, bronchitis: str) -> None:
    own = ask("disease", bronchitis).step("symptoms")
    every = net.answer(own).ids
    top = net.answer(own.top(3)).ids
    assert every[:3] == top
    assert net.answer(own - ask("symptom", *top)).ids == every[3:]
    assert set(net.answer(own & ask("symptom", *top)).ids) == set(top)
    assert net.answer(own + ask("drug", "DRUGBANK:DB00316")).ids == (*every, "DRUGBANK:DB00316")
    assert net.answer(own & ask("drug", "DRUGBANK:DB00316")).ids == ()
    weights = {key: net.edge(bronchitis, "symptoms", key).properties["weight"] for key in every}
    assert list(weights.values()) == sorted(weights.values(), reverse=True)
    strong = net.answer(own.where("weight", ">=", 0.5)).ids
    assert strong == tuple(key for key, weight in weights.items() if weight >= 0.5)
    assert 0 < len(strong) < len(every)


def test_what_many_share_is_counted_by_the_nodes_before(net: Net) -> None:
    symptoms = ("MESH:D003371", "MESH:D005334")
    both = net.answer(ask("symptom", *symptoms).step("diseases").shared(2)).ids
    assert both
    assert all(set(symptoms) <= set(net.next(disease, "symptoms")) for disease in both)


def test_a_name_is_found_in_any_language_and_spelling(net: Net) -> None:
    assert net.named("Symptom", "Cough") == net.named("Symptom", "кашель") == "MESH:D003371"
    assert net.named("Drug", "cough") is None
