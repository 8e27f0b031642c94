"""The pool is read in few questions and holds what the graph holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.errors import GraphChanged, NothingToTell
from generator.patients.pool import Pool
from generator.patients.reading import read_pool
from kg.errors import QuestionTooCostly, UnknownName
from kg.subgraph import Subgraph
from tests.unit.generator.patients.core_asks import Asked, with_parts, without

pytestmark = pytest.mark.anyio


def fresh(graph: Asked) -> Asked:
    return replace(graph, questions=[])


async def test_the_whole_graph_takes_a_few_dozen_questions(core_graph: Asked) -> None:
    graph = fresh(core_graph)
    pool = await read_pool(graph, None)
    assert len(pool.by_code[""]) == 237
    assert pool.questions == len(graph.questions) < 50


def test_a_disease_has_all_its_edges(core_graph: Asked, pool: Pool) -> None:
    for key in pool.by_code[""]:
        illness = pool.illnesses[key]
        edges = [edge for edge in core_graph.edges.values() if key in (edge.start, edge.end)]
        assert {link.edge.id for link in illness.symptoms} == {e.id for e in edges if e.kind == "HAS_SYMPTOM"}
        assert {link.edge.id for link in illness.drugs} == {e.id for e in edges if e.kind == "TREATS"}
        assert {link.edge.id for link in illness.resembling} == {e.id for e in edges if e.kind == "RESEMBLES"}
        assert illness.forbidden == {e.start for e in edges if e.kind == "CONTRAINDICATED_FOR"}
        assert illness.code is not None
        assert illness.icd10 == illness.code.end.removeprefix("ICD10:")
        for way in illness.comorbidities:
            assert (way.treats.kind, way.treats.end) == ("TREATS", key)
            assert (way.forbidden.kind, way.forbidden.start, way.forbidden.end) == (
                "CONTRAINDICATED_FOR",
                way.treats.start,
                way.other,
            )
    for drug, effects in pool.effects.items():
        edges = [edge for edge in core_graph.edges.values() if edge.kind == "CAUSES" and edge.start == drug]
        assert {link.edge.id for link in effects} == {edge.id for edge in edges}


def test_every_disease_of_the_shipped_graph_is_possible_for_somebody(pool: Pool) -> None:
    for illness in pool.illnesses.values():
        assert illness.limit.sexes, illness.id
        assert illness.limit.low <= illness.limit.high, illness.id


async def test_codes_lead_to_their_diseases_and_what_is_around_them(core_graph: Asked) -> None:
    pool = await read_pool(fresh(core_graph), ["J20", "ICD10:I10", "e11"])
    assert {code: [pool.illnesses[key].icd10 for key in keys] for code, keys in pool.by_code.items()} == {
        "J20": ["J20"],
        "ICD10:I10": ["I10"],
        "e11": ["E11"],
    }
    bronchitis = pool.illnesses[pool.by_code["J20"][0]]
    assert all(pool.illnesses[link.node.id].drugs for link in bronchitis.resembling if link.node.name() == "pneumonia")


async def test_a_code_without_a_disease_of_its_own_stands_for_its_parts(core_graph: Asked) -> None:
    pool = await read_pool(fresh(core_graph), ["J20-J22"[:3], "J18"])
    assert len(pool.by_code) == 2
    wider = without(core_graph, "nothing")
    wider.nodes["ICD10:J99"] = replace(core_graph.nodes["ICD10:J20"], id="ICD10:J99")
    edge = core_graph.edges["ICD10:J20/PART_OF/ICD10:J20-J22"]
    wider.edges["x"] = replace(edge, id="x", start="ICD10:J20", end="ICD10:J99")
    wider.__post_init__()
    pool = await read_pool(wider, ["J99"])
    assert [pool.illnesses[key].icd10 for key in pool.by_code["J99"]] == ["J20"]


async def test_the_sub_categories_of_a_category_are_read_when_asked_for(core_graph: Asked) -> None:
    wider = with_parts(core_graph, "J20", "J20.0", "J20.1", "J20.91", "J21.0")
    (key,) = (pool := await read_pool(wider, ["J20"], subcodes=True)).by_code["J20"]
    assert [link.node.id for link in pool.illnesses[key].subcodes] == ["ICD10:J20.0", "ICD10:J20.1"]
    assert {link.edge.kind for link in pool.illnesses[key].subcodes} == {"PART_OF"}
    assert (await read_pool(wider, ["J20"])).illnesses[key].subcodes == ()


async def test_codes_without_a_disease_are_all_named(core_graph: Asked) -> None:
    bare = without(core_graph, "CODED_AS")
    with pytest.raises(NothingToTell, match="no disease for I10, J20"):
        await read_pool(bare, ["J20", "I10"])


async def test_an_unknown_code_and_what_is_no_code_are_refused(core_graph: Asked) -> None:
    with pytest.raises(UnknownName):
        await read_pool(fresh(core_graph), ["Q99"])
    with pytest.raises(NothingToTell, match="'bronchitis' is no ICD-10 code"):
        await read_pool(fresh(core_graph), ["bronchitis"])


async def test_an_answer_that_was_cut_off_is_asked_for_in_halves(core_graph: Asked, pool: Pool) -> None:
    narrow = replace(core_graph, questions=[], most=60)
    assert (await read_pool(narrow, None)).illnesses == pool.illnesses
    assert len(narrow.questions) > 50


class Costly(Asked):
    async def subgraph(self, question: str) -> Subgraph:
        if question.count('"') > 40 and "side_effects" in question:
            raise QuestionTooCostly("too much")
        return await super().subgraph(question)


async def test_a_question_that_costs_too_much_is_asked_in_halves(core_graph: Asked, pool: Pool) -> None:
    costly = Costly(core_graph.nodes, core_graph.edges)
    assert (await read_pool(costly, None)).effects == pool.effects


class Changing(Asked):
    async def subgraph(self, question: str) -> Subgraph:
        self.release += "x"
        return await super().subgraph(question)


async def test_a_graph_that_changes_while_it_is_read_is_refused(core_graph: Asked) -> None:
    with pytest.raises(GraphChanged):
        await read_pool(Changing(core_graph.nodes, core_graph.edges), None)


async def test_an_empty_graph_is_refused() -> None:
    with pytest.raises(NothingToTell, match="no diseases"):
        await read_pool(Asked({}, {}), None)


async def test_a_disease_that_nobody_described_is_one_of_adults(core_graph: Asked) -> None:
    key = "DOID:9352"
    nodes = dict(core_graph.nodes)
    nodes[key] = replace(nodes[key], properties={})
    pool = await read_pool(Asked(nodes, core_graph.edges), ["E11"])
    limit = pool.illnesses[key].limit
    assert (limit.low, limit.high, limit.sexes) == (18, 85, ("female", "male"))


async def test_the_code_limits_a_disease_of_which_the_graph_says_nothing(core_graph: Asked) -> None:
    nodes = {
        key: replace(node, properties={}) if node.kind == "Disease" else node for key, node in core_graph.nodes.items()
    }
    pool = await read_pool(Asked(nodes, core_graph.edges), ["N40", "O14"])
    assert [pool.illnesses[pool.by_code[code][0]].limit.sexes for code in ("N40", "O14")] == [("male",), ("female",)]
