"""Impossible patients cannot arise, and what is drawn follows weights, scores and frequencies."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.patients.chance import Chance
from generator.patients.demography import Demography
from generator.patients.draw import Drawn, Options, draw
from generator.patients.group import Group
from generator.patients.limits import apart, drug_limit, needs_proof, opposed, term_limit
from generator.patients.pool import Illness, Pool
from generator.patients.reading import read_pool
from generator.patients.rows import RowWriter
from kg.weights import probabilities
from tests.unit.generator.patients.chi_square import fits
from tests.unit.generator.patients.core_asks import Asked, with_parts

PARTS = ("ICD10:J20.0", "ICD10:J20.1", "ICD10:J20.8")
WILD = Options(max_symptoms=12, max_drugs=5, max_side_effects=50, lookalike=0.5, comorbidity=0.9)


@pytest.fixture(scope="module")
def everything(pool: Pool, demography: Demography) -> Group:
    return Group.of([pool.illnesses[key] for key in pool.by_code[""]], demography)


def of_code(pool: Pool, code: str) -> Illness:
    (illness,) = [one for one in pool.illnesses.values() if one.icd10 == code]
    return illness


def drawn_of(
    pool: Pool, group: Group, demography: Demography, count: int, options: Options | None = None
) -> list[Drawn]:
    found = (draw(pool, group, demography, options or Options(), Chance(seed), seed) for seed in range(count))
    return [drawn for drawn in found if drawn is not None]


def assert_possible(pool: Pool, drawn: Drawn, options: Options) -> None:
    person, illness = drawn.person, drawn.illness
    having = [illness] + ([drawn.second[1]] if drawn.second else [])

    for one in having:
        node = one.node.properties
        assert node.get("sex") in (None, person.sex)
        assert (node.get("age_min") or 0) <= person.age <= (node.get("age_max") or 130)
    assert drawn.pregnant == any(one.limit.pregnant is True for one in having)
    if drawn.pregnant:
        assert person.sex == "female"
        assert 12 <= person.age <= 55
        assert all(one.limit.pregnant is not False for one in having)

    if drawn.second:
        way, other = drawn.second
        assert other.id not in {illness.id, *illness.kin, *illness.lookalikes}
        assert not apart(illness.icd10 or "", other.icd10 or "")
        assert way.treats.end == illness.id
        assert way.forbidden.end == other.id
        assert way.treats.start == way.forbidden.start

    names = [link.node.name() for link in drawn.symptoms]
    assert 1 <= len(set(names)) == len(names) <= options.max_symptoms
    assert all(link.edge.start == illness.id and link.edge.end == link.node.id for link in drawn.symptoms)
    assert all(term_limit(name).allows(person.sex, person.age, drawn.pregnant) for name in names)
    assert not any(opposed(one, other) for one, other in permutations(names, 2))

    drugs = [drug.treats.node.id for drug in drawn.drugs]
    assert len(set(drugs)) == len(drugs) <= options.max_drugs
    assert not any(frozenset(pair) in pool.interacting for pair in permutations(drugs, 2))
    effects = [link for drug in drawn.drugs for link in drug.effects]
    assert len({link.node.id for link in effects}) == len(effects) <= options.max_side_effects
    for drug in drawn.drugs:
        atc = str(drug.treats.node.properties["atc"])
        assert all(drug.treats.node.id not in one.forbidden for one in having)
        assert drug_limit(atc).allows(person.sex, person.age, drawn.pregnant)
        source = illness
        if drug.over:
            assert {drug.over.edge.start, drug.over.edge.end} == {illness.id, drug.over.node.id}
            assert not needs_proof(atc)
            source = pool.illnesses[drug.over.node.id]
            assert source.limit.allows(person.sex, person.age, illness.limit.pregnant is True)
        assert (drug.treats.edge.start, drug.treats.edge.end) == (drug.treats.node.id, source.id)
        for link in drug.effects:
            assert (link.edge.start, link.edge.end) == (drug.treats.node.id, link.node.id)
            assert link.edge.properties["frequency"] > 0
            assert term_limit(link.node.name()).allows(person.sex, person.age, drawn.pregnant)


def test_no_patient_is_impossible_whatever_is_asked_for(pool: Pool, everything: Group, demography: Demography) -> None:
    # The fixtures stay outside, so that a failure shows what was drawn and not the whole graph.
    @settings(max_examples=300, deadline=None)
    @given(
        seed=st.integers(0, 2**31 - 1),
        options=st.builds(
            Options,
            temperature=st.sampled_from([0.01, 0.5, 1.0, 100.0]),
            max_symptoms=st.integers(1, 50),
            max_drugs=st.integers(0, 10),
            lookalike=st.sampled_from([0.0, 0.5, 1.0]),
            comorbidity=st.sampled_from([0.0, 0.5, 1.0]),
        ),
    )
    def check(seed: int, options: Options) -> None:
        drawn = draw(pool, everything, demography, options, Chance(seed), seed)
        if drawn is not None:
            assert_possible(pool, drawn, options)

    check()


def test_none_of_many_patients_of_the_shipped_graph_is_impossible(
    pool: Pool, everything: Group, demography: Demography
) -> None:
    patients = drawn_of(pool, everything, demography, 4000, WILD)
    for drawn in patients:
        assert_possible(pool, drawn, WILD)
    # The rules were put to work: each kind of thing did come.
    assert sum(drawn.pregnant for drawn in patients) > 10
    assert sum(bool(drawn.second) for drawn in patients) > 1000
    assert sum(any(drug.over for drug in drawn.drugs) for drawn in patients) > 800


@pytest.mark.parametrize("code", ["O14", "O21", "O24", "N40", "N46", "C53", "N76", "F90", "H25", "N45"])
def test_none_of_the_diseases_of_few_has_an_impossible_patient(pool: Pool, demography: Demography, code: str) -> None:
    group = Group.of([of_code(pool, code)], demography)
    for drawn in drawn_of(pool, group, demography, 300, WILD):
        assert_possible(pool, drawn, WILD)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_first_symptom_comes_by_the_softmax_of_its_weight(
    pool: Pool, demography: Demography, temperature: float
) -> None:
    illness = of_code(pool, "M54")
    group = Group.of([illness], Demography(demography.population, 30, 60))
    options = Options(temperature=temperature, max_symptoms=1, max_drugs=0, comorbidity=0)
    first = Counter(drawn.symptoms[0].node.id for drawn in drawn_of(pool, group, demography, 8000, options))
    shares = probabilities([link.edge.properties["weight"] for link in illness.symptoms], temperature)
    assert fits(first, dict(zip([link.node.id for link in illness.symptoms], shares, strict=True)))


def test_the_number_of_symptoms_is_drawn_evenly(pool: Pool, demography: Demography) -> None:
    group = Group.of([of_code(pool, "M54")], Demography(demography.population, 30, 60))
    counts = Counter(len(drawn.symptoms) for drawn in drawn_of(pool, group, demography, 6000))
    assert fits(counts, dict.fromkeys((1, 2, 3, 4), 1.0))


def test_a_category_is_spread_evenly_over_its_parts_and_nothing_else_is_drawn_otherwise(
    core_graph: Asked, demography: Demography
) -> None:
    graph = with_parts(core_graph, "J20", "J20.0", "J20.1", "J20.8")
    pool = asyncio.run(read_pool(graph, ["J20", "I10"], subcodes=True))
    bronchitis = Group.of([of_code(pool, "J20")], demography)
    drawn = drawn_of(pool, bronchitis, demography, 3000, Options(subcodes=True))
    assert fits(Counter(one.subcode.node.id for one in drawn if one.subcode), dict.fromkeys(PARTS, 1.0))
    plain = drawn_of(pool, bronchitis, demography, 3000)
    assert [replace(one, subcode=None) for one in drawn] == plain

    whole = drawn_of(pool, Group.of([of_code(pool, "I10")], demography), demography, 50, Options(subcodes=True))
    assert whole
    assert not any(one.subcode for one in whole)


@pytest.mark.parametrize("asked", [True, False])
def test_a_row_tells_the_part_with_its_edge_and_a_question_for_it(
    core_graph: Asked, demography: Demography, *, asked: bool
) -> None:
    graph = with_parts(core_graph, "J20", "J20.1")
    pool = asyncio.run(read_pool(graph, ["J20"], subcodes=True))
    options = Options(subcodes=asked)
    (drawn,) = drawn_of(pool, Group.of([of_code(pool, "J20")], demography), demography, 1, options)
    row = RowWriter(("en", "ru"), "ru", options, pool.release).row(drawn, 0, 0)
    assert row["icd10"] == "J20"
    assert ("subcode" in row) == ("subcode" in row["question"]) == asked
    if asked:
        told = row["subcode"]
        assert (told["id"], told["icd10"]) == ("ICD10:J20.1", "J20.1")
        answer = asyncio.run(graph.subgraph(row["question"]["subcode"]))
        assert told["edge_id"] in answer.edges


def test_side_effects_come_with_their_frequency(pool: Pool, demography: Demography) -> None:
    group = Group.of([of_code(pool, "I10")], demography)
    options = Options(max_drugs=1, max_side_effects=50, lookalike=0, comorbidity=0)
    drawn = drawn_of(pool, group, demography, 12_000, options)
    for key in sorted({one.drugs[0].treats.node.id for one in drawn if one.drugs}):
        patients = [one.drugs[0] for one in drawn if one.drugs and one.drugs[0].treats.node.id == key]
        for link in pool.effects[key]:
            had = sum(link in drug.effects for drug in patients)
            frequency = link.edge.properties["frequency"]
            assert fits(Counter({True: had, False: len(patients) - had}), {True: frequency, False: 1 - frequency})


def test_the_options_say_how_often_a_second_disease_and_a_look_alike_come(pool: Pool, demography: Demography) -> None:
    group = Group.of([of_code(pool, "I10")], demography)
    drawn = drawn_of(pool, group, demography, 6000, Options(lookalike=0.3, comorbidity=0.6))
    second = sum(bool(one.second) for one in drawn) / len(drawn)
    over = sum(any(drug.over for drug in one.drugs) for one in drawn) / len(drawn)
    assert second == pytest.approx(0.6, abs=0.03)
    assert 0.2 < over < 0.33  # a look-alike may have no drug that is allowed
    plain = drawn_of(pool, group, demography, 500, Options(lookalike=0, comorbidity=0))
    assert not any(one.second or any(drug.over for drug in one.drugs) for one in plain)


def test_a_drug_that_one_of_the_diseases_forbids_is_not_given_though_it_treats_the_other(
    pool: Pool, demography: Demography
) -> None:
    group = Group.of([of_code(pool, "I10")], demography)
    drawn = drawn_of(pool, group, demography, 3000, Options(comorbidity=1, lookalike=0))
    barred = [one for one in drawn if one.second]
    assert barred
    for one in barred:
        assert one.second
        assert one.second[0].treats.start not in {drug.treats.node.id for drug in one.drugs}


def test_without_weights_symptoms_come_alike(pool: Pool, demography: Demography) -> None:
    illness = of_code(pool, "M54")
    bare = replace(
        illness,
        symptoms=tuple(replace(link, edge=replace(link.edge, properties={})) for link in illness.symptoms),
    )
    group = Group.of([bare], Demography(demography.population, 30, 60))
    options = Options(max_symptoms=1, max_drugs=0, comorbidity=0)
    first = Counter(drawn.symptoms[0].node.id for drawn in drawn_of(pool, group, demography, 6000, options))
    assert fits(first, {link.node.id: 1.0 for link in illness.symptoms})


def test_a_symptom_that_nobody_may_have_leaves_no_patient(pool: Pool, demography: Demography) -> None:
    illness = of_code(pool, "N40")
    womanly = [link for link in of_code(pool, "N76").symptoms if term_limit(link.node.name()).sexes == ("female",)]
    group = Group.of([replace(illness, symptoms=tuple(womanly))], demography)
    assert womanly
    assert drawn_of(pool, group, demography, 50) == []


def test_a_drug_without_code_is_given_to_adults_alone_and_never_over_a_look_alike(
    pool: Pool, demography: Demography
) -> None:
    illness = of_code(pool, "J20")
    bare = [
        replace(link, node=replace(link.node, properties={})) for link in (*illness.drugs, *of_code(pool, "J18").drugs)
    ]
    known = {**pool.illnesses, **{key: replace(one, drugs=tuple(bare)) for key, one in pool.illnesses.items()}}
    group = Group.of([known[illness.id]], demography)
    for drawn in drawn_of(replace(pool, illnesses=known), group, demography, 500, WILD):
        assert not any(drug.over for drug in drawn.drugs)
        assert drawn.person.age >= 18 or not drawn.drugs
