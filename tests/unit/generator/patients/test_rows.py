"""A row tells what was drawn, and every statement of it leads to an edge and its evidence."""

from __future__ import annotations

import pytest

from generator.jsonl import Row
from generator.patients.alike import content_of
from generator.patients.chance import Chance
from generator.patients.demography import Demography
from generator.patients.draw import Drawn, Options, draw
from generator.patients.group import Group
from generator.patients.pool import Pool
from generator.patients.rows import RowWriter
from kg.query.parse import parse
from tests.unit.generator.patients.core_asks import Asked

OPTIONS = Options(lookalike=0.5, comorbidity=0.5)
Both = list[tuple[Drawn, Row]]


@pytest.fixture(scope="module")
def both(pool: Pool, demography: Demography) -> Both:
    group = Group.of([pool.illnesses[key] for key in pool.by_code[""]], demography)
    writer = RowWriter(("en", "ru"), "ru", OPTIONS, pool.release)
    drawn = [draw(pool, group, demography, OPTIONS, Chance(seed), seed) for seed in range(600)]
    return [(one, writer.row(one, index, 0)) for index, one in enumerate(drawn) if one]


def test_every_fact_leads_to_an_edge_and_to_its_evidence(both: Both, core_graph: Asked) -> None:
    for _, row in both:
        assert [fact["id"] for fact in row["facts"]] == [f"F{n}" for n in range(1, len(row["facts"]) + 1)]
        for fact in row["facts"]:
            edge = core_graph.edges[fact["edge_id"]]
            assert fact["evidence_ids"] == list(edge.evidence_ids)
            assert fact["text"].endswith(".")
            assert set(fact["term_ids"]) <= {edge.start, edge.end}


def test_all_that_is_said_of_a_patient_is_among_the_facts(both: Both) -> None:
    for drawn, row in both:
        told = {fact["edge_id"] for fact in row["facts"]}
        assert {item["edge_id"] for kind in ("symptoms", "side_effects") for item in row[kind]} <= told
        assert {edge for drug in row["drugs"] for edge in drug["edge_ids"]} <= told
        assert [item["role"] for item in row["diseases"]] == ["main", "comorbidity"][: 1 + bool(drawn.second)]
        if drawn.second:
            assert {drawn.second[0].treats.id, drawn.second[0].forbidden.id} <= told
        assert len(told) == len(row["facts"])


@pytest.mark.anyio
async def test_the_questions_of_a_row_hold_every_edge_of_it(both: Both, core_graph: Asked) -> None:
    for drawn, row in both[:80]:
        edges: set[str] = set()
        for name, question in row["question"].items():
            # A draw happens in the database; tests/neo4j compares it.
            plain = question.partition(" sample")[0] if name == "symptoms" else question
            assert parse(question)
            edges |= set((await core_graph.subgraph(plain)).edges)
        assert {fact["edge_id"] for fact in row["facts"]} <= edges
        assert drawn.illness.id in row["question"]["symptoms"]


def test_a_drug_says_by_which_relations_it_came(both: Both) -> None:
    drugs = [(drawn, drug) for drawn, row in both for drug in row["drugs"]]
    assert {tuple(drug["relations"]) for _, drug in drugs} == {("TREATS",), ("RESEMBLES", "TREATS")}
    for drawn, drug in drugs:
        over = drug["relations"] == ["RESEMBLES", "TREATS"]
        assert (drug["for"] != drawn.illness.id) == over
        assert drug["purpose"] in ("disease_modifying", "symptomatic", "unknown")


def test_doses_are_those_of_adults(both: Both) -> None:
    for drawn, row in both:
        for drug in row["drugs"]:
            assert bool(drug["dose"]) == (drawn.person.age >= 18)


def test_names_are_in_every_language_and_sentences_in_the_first(pool: Pool, both: Both) -> None:
    drawn, row = both[0]
    assert set(row["symptoms"][0]["names"]) == {"en", "ru"}
    russian = RowWriter(("ru",), "ru", OPTIONS, pool.release).row(drawn, 0, 0)
    assert russian["facts"][0]["text"].startswith("Диагноз: ")
    assert set(russian["patient"]["location_names"]) == {"ru"}
    assert [fact["edge_id"] for fact in russian["facts"]] == [fact["edge_id"] for fact in row["facts"]]


def test_an_id_follows_from_the_content(pool: Pool, both: Both) -> None:
    drawn, row = both[0]
    writer = RowWriter(("en", "ru"), "ru", OPTIONS, pool.release)
    assert writer.row(drawn, 0, 0) == row
    assert writer.row(drawn, 1, 0)["id"] != row["id"]


def test_patients_who_differ_in_where_they_live_alone_are_alike(both: Both) -> None:
    row = both[0][1]
    moved = {**row, "index": 9, "patient": {**row["patient"], "location": "moon", "smoker": None, "marital_state": ""}}
    assert content_of(moved) == content_of(row)
    assert content_of({**row, "patient": {**row["patient"], "age": 130}}) != content_of(row)
    assert content_of({**row, "symptoms": row["symptoms"][1:]}) != content_of(row)
    assert content_of({**row, "symptoms": row["symptoms"][::-1]}) == content_of(row)
