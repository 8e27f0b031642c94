"""The shipped graph keeps its promises, and what breaks one is found."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kg.check.core import check_core
from kg.check.core_graph import CoreGraph, core_graph, shipped
from kg.check.core_limits import RUMED_TOP3, band, in_pregnancy, sex_of_category
from kg.sources.records import Place, Problem
from kg.values import Edge, Node

ASTHMA = "DOID:2841"


@pytest.fixture(scope="module")
def graph() -> CoreGraph:
    return shipped()


def without(graph: CoreGraph, type: str, gone: Callable[[Edge], bool]) -> CoreGraph:
    """The graph without some edges of a type."""
    return replace(graph, edges={**graph.edges, type: tuple(edge for edge in graph.of_type(type) if not gone(edge))})


def claiming(graph: CoreGraph, type: str, **claims: object) -> CoreGraph:
    """The graph with other words in the first edge of a type."""
    first, *rest = graph.of_type(type)
    told = replace(first.evidence[0], claims={**first.evidence[0].claims, **claims})
    return replace(graph, edges={**graph.edges, type: (replace(first, evidence=(told,)), *rest)})


def other(graph: CoreGraph, node: Node) -> CoreGraph:
    """The graph with this node in the place of the one with its id."""
    return replace(graph, nodes={**graph.nodes, node.id: node})


def rules(graph: CoreGraph) -> set[str]:
    return {item.rule for item in check_core(graph).findings}


def weight(edge: Edge) -> float:
    return edge.evidence[0].claims["weight"]


# What ships


def test_nothing_is_wrong_with_the_shipped_graph() -> None:
    report = check_core()
    assert report.findings == ()
    assert report.whole


def test_the_counts_are_those_the_issue_asks_for(graph: CoreGraph) -> None:
    counts = check_core(graph).counts
    assert counts["ICD-10 categories"] >= 219
    assert counts["of RuMedTop3"] == 105
    assert counts["Disease"] == len(graph.of_kind("Disease"))
    assert counts["RESEMBLES"] == len(graph.of_type("RESEMBLES"))


def test_the_list_of_categories_is_that_of_rumedtop3(shared_data: Path) -> None:
    with (shared_data / "rumedbench/derived/top3_train_codes.tsv").open(encoding="utf-8", newline="") as file:
        assert {row["icd10"] for row in csv.DictReader(file, delimiter="\t")} == RUMED_TOP3


def test_every_atc_code_of_the_tables_exists(graph: CoreGraph, shared_data: Path) -> None:
    with next((shared_data / "nc-atc").glob("*.csv")).open(encoding="utf-8-sig", newline="") as file:
        known = {row["atc_code"] for row in csv.DictReader(file)}
    assert {drug.properties["atc"] for drug in graph.of_kind("Drug")} <= known
    assert {group.id.removeprefix("ATC:") for group in graph.of_kind("DrugClass")} <= known


# What breaks a promise


def test_a_refused_row_is_told_with_its_place() -> None:
    problem = Problem(Place("drugs.csv", 7, "atc"), "bad-atc", "R05", "'R05' is not a code", "Mend it.", "error")
    report = check_core(core_graph([problem]))
    (found,) = (item for item in report.findings if item.rule == "core-refused-row")
    assert found.message == "drugs.csv, line 7: 'R05' is not a code"
    assert found.fix == "Mend it."
    assert not report.whole


def test_a_missing_category_is_named(graph: CoreGraph) -> None:
    broken = without(graph, "CODED_AS", lambda edge: edge.end == "ICD10:M54")
    found = {item.rule: item for item in check_core(broken).findings}
    assert found["core-missing-category"].subject == ("ICD10:M54",)
    assert "core-no-code" in found


def test_too_few_categories_are_told(graph: CoreGraph) -> None:
    assert "core-few-categories" in rules(without(graph, "CODED_AS", lambda edge: edge.end > "ICD10:M"))


@pytest.mark.parametrize(
    ("type", "gone", "rule"),
    [
        ("HAS_SYMPTOM", lambda edge: edge.start == ASTHMA and weight(edge) < 0.7, "core-few-symptoms"),
        ("HAS_SYMPTOM", lambda edge: edge.start == ASTHMA and weight(edge) >= 0.3, "core-no-common-symptom"),
        ("HAS_SYMPTOM", lambda edge: edge.start == ASTHMA and 0.05 <= weight(edge) < 0.3, "core-no-occasional-symptom"),
        ("HAS_SYMPTOM", lambda edge: edge.start == ASTHMA and weight(edge) < 0.05, "core-no-rare-symptom"),
        ("TREATS", lambda edge: edge.end == ASTHMA, "core-no-drug"),
        ("TREATS", lambda edge: edge.start == "DRUGBANK:DB00945", "core-unused-drug"),
        ("CONTRAINDICATED_FOR", lambda edge: edge.start == "DRUGBANK:DB00945", "core-no-contraindication"),
        ("CAUSES", lambda edge: edge.start == "DRUGBANK:DB00945", "core-no-side-effect"),
        ("IN_CLASS", lambda edge: edge.start == "DRUGBANK:DB00945", "core-no-class"),
        ("RESEMBLES", lambda edge: ASTHMA in (edge.start, edge.end), "core-few-resembling"),
        ("CAUSES", lambda edge: True, "core-unused-node"),
    ],
)
def test_what_is_missing_is_told(graph: CoreGraph, type: str, gone: Callable[[Edge], bool], rule: str) -> None:
    assert rule in rules(without(graph, type, gone))


@pytest.mark.parametrize(
    ("type", "claims", "rule"),
    [
        ("TREATS", {"purpose": "unknown"}, "core-no-purpose"),
        ("TREATS", {"dose": ""}, "core-no-dose"),
        ("RESEMBLES", {"sign": ""}, "core-no-sign"),
    ],
)
def test_an_edge_that_says_too_little_is_told(
    graph: CoreGraph, type: str, claims: dict[str, object], rule: str
) -> None:
    (found,) = check_core(claiming(graph, type, **claims)).findings
    assert (found.rule, found.subject) == (rule, (graph.of_type(type)[0].id,))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"names": {"en": "asthma"}}, "core-no-name-ru"),
        ({"names": {"en": "asthma", "ru": "asthma"}}, "core-wrong-letters-ru"),
        ({"names": {"en": "астма", "ru": "астма"}}, "core-wrong-letters-en"),
        ({"synonyms": {"en": ("x",)}}, "core-no-synonym-ru"),
        ({"properties": {"age_min": 60, "age_max": 20, "prior": 0.1}}, "core-wrong-ages"),
        ({"properties": {}}, "core-no-prior"),
        ({"properties": {"prior": 0.9}}, "core-no-prior"),
    ],
)
def test_a_disease_that_is_told_wrongly_is_found(graph: CoreGraph, change: dict[str, object], rule: str) -> None:
    broken = other(graph, replace(graph.nodes[ASTHMA], **change))  # pyright: ignore[reportArgumentType]
    assert {(item.rule, item.subject) for item in check_core(broken).findings} == {(rule, (ASTHMA,))}


def test_a_disease_of_one_sex_must_be_told_for_it(graph: CoreGraph) -> None:
    (prostate,) = graph.categories()["N40"]
    broken = other(graph, replace(graph.nodes[prostate], properties={"sex": "female", "prior": 0.01}))
    assert rules(broken) == {"core-wrong-sex"}


def test_a_pregnancy_has_its_ages(graph: CoreGraph) -> None:
    (preeclampsia,) = graph.categories()["O14"]
    said = {"sex": "female", "age_min": 5, "age_max": 80, "prior": 0.01}
    assert rules(other(graph, replace(graph.nodes[preeclampsia], properties=said))) == {"core-pregnancy-ages"}


def test_a_drug_without_a_code_of_level_five_is_told(graph: CoreGraph) -> None:
    aspirin = replace(graph.nodes["DRUGBANK:DB00945"], properties={"atc": "B01AC"})
    assert rules(other(graph, aspirin)) == {"core-no-atc"}


def test_a_drug_that_is_given_where_it_is_dangerous_is_told(graph: CoreGraph) -> None:
    danger = graph.of_type("CONTRAINDICATED_FOR")[0]
    given = replace(graph.of_type("TREATS")[0], start=danger.start, end=danger.end)
    broken = replace(graph, edges={**graph.edges, "TREATS": (*graph.of_type("TREATS"), given)})
    assert rules(broken) == {"core-given-and-forbidden"}


def test_an_edge_into_nothing_is_told(graph: CoreGraph) -> None:
    lost = replace(graph.of_type("HAS_SYMPTOM")[0], end="MKG:nowhere")
    broken = replace(graph, edges={**graph.edges, "HAS_SYMPTOM": (*graph.of_type("HAS_SYMPTOM"), lost)})
    (found,) = check_core(broken).findings
    assert (found.rule, found.subject) == ("core-dangling-edge", (lost.id,))


# Bands and categories


@pytest.mark.parametrize(
    ("share", "name"), [(0.3, "common"), (0.29, "occasional"), (0.05, "occasional"), (0.049, "rare")]
)
def test_a_share_falls_into_one_band(share: float, name: str) -> None:
    assert band(share) == name


@pytest.mark.parametrize(
    ("code", "sex"), [("N80", "female"), ("O14", "female"), ("C61", "male"), ("N60", None), ("J45", None)]
)
def test_the_categories_of_one_sex_are_known(code: str, sex: str | None) -> None:
    assert sex_of_category(code) == sex
    assert in_pregnancy(code) == code.startswith("O")
