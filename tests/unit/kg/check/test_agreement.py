"""What open sources say is compared with the shipped graph, thing by thing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from kg.check.agreement import Agreement, AgreementReport, agreement
from kg.check.core_graph import CoreGraph, core_graph
from kg.sources.format import Part
from kg.sources.records import Found, Place, Problem, Record
from kg.values import Edge, Evidence, Node, Same

LINES = count(1)


def found(record: Node | Edge | Same) -> Found:
    return Found(record, Place("some.tsv", next(LINES)))


def node(kind: str, id: str, name: str, **properties: object) -> Found:
    synonyms = {"en": tuple(str(properties.pop("synonym")).split(";"))} if "synonym" in properties else {}
    return found(Node(kind, id, {"en": name}, synonyms, properties))


def edge(kind: str, start: str, end: str, *, against: bool = False) -> Found:
    direction = "against" if against else "for"
    return found(Edge(kind, start, end, (Evidence("s", "1", "CC0-1.0", "r", "somebody", direction=direction),)))


def same(kind: str, left: str, right: str, why: str = "exact") -> Found:
    return found(Same(kind, left, right, why))  # pyright: ignore[reportArgumentType]


def part(*records: Record, source: str = "open", version: str = "2") -> Part:
    def read() -> Iterator[Record]:
        yield from records

    return Part(source, version, "CC0-1.0", read)


@pytest.fixture
def core() -> CoreGraph:
    return core_graph(
        [
            node("Disease", "DOID:1", "asthma"),
            node("Disease", "MKG:angina", "angina pectoris"),
            node("Symptom", "MESH:D1", "cough", synonym="coughing fits;hacking"),
            node("Symptom", "MKG:wheeze", "wheezing"),
            node("Drug", "DRUGBANK:DB1", "salbutamol", atc="R03AC02"),
            node("Drug", "DRUGBANK:DB2", "propranolol", atc="C07AA05"),
            node("SideEffect", "MKG:nausea", "nausea"),
            edge("HAS_SYMPTOM", "DOID:1", "MESH:D1"),
            edge("HAS_SYMPTOM", "DOID:1", "MKG:wheeze"),
            edge("TREATS", "DRUGBANK:DB1", "DOID:1"),
            edge("TREATS", "DRUGBANK:DB2", "MKG:angina"),
            edge("CONTRAINDICATED_FOR", "DRUGBANK:DB2", "DOID:1"),
            edge("CAUSES", "DRUGBANK:DB1", "MKG:nausea"),
            edge("RESEMBLES", "DOID:1", "MKG:angina"),
            edge("CODED_AS", "DOID:1", "ICD10:J45"),
            edge("CODED_AS", "MKG:angina", "ICD10:I20"),
        ]
    )


def row(report: AgreementReport, relation: str) -> tuple[int, int, int]:
    (told,) = (row for row in report.rows if row.relation == relation)
    return told.ours, told.shared, told.lacking


def contradictions(report: AgreementReport) -> list[tuple[str, str]]:
    return [(item.rule, item.message) for item in report.disagreements]


def test_what_both_say_is_shared_and_the_rest_is_counted_on_its_side(core: CoreGraph) -> None:
    more = [edge("HAS_SYMPTOM", "DOID:1", "MESH:D1"), edge("HAS_SYMPTOM", "MKG:angina", "MKG:wheeze")]
    report = agreement(core, [part(*more)])
    assert report.rows == (Agreement("open", "2", "HAS_SYMPTOM", ours=2, shared=1, lacking=1),)
    assert report.rows[0].agreement == 0.5


def test_a_source_is_not_asked_about_what_it_never_speaks_of(core: CoreGraph) -> None:
    assert agreement(core, [part(edge("HAS_SYMPTOM", "DOID:1", "MESH:D1"))]).rows[0].ours == 1
    assert agreement(core, [part(edge("TREATS", "DRUGBANK:DB9", "DOID:9"))]).rows == ()


def test_things_are_found_by_mapping_even_over_a_third_id_and_by_exact_name(core: CoreGraph) -> None:
    told = part(
        same("Disease", "MONDO:1", "DOID:1"),
        same("Disease", "MONDO:1", "OMIM:7"),
        node("Symptom", "HP:5", "Coughing  Fits"),
        edge("HAS_SYMPTOM", "OMIM:7", "HP:5"),
    )
    assert row(agreement(core, [told]), "HAS_SYMPTOM") == (1, 1, 0)


def test_what_a_name_finds_is_followed_along_mappings(core: CoreGraph) -> None:
    names = part(node("Symptom", "HP:5", "wheezing"), source="names")
    told = part(same("Symptom", "HP:5", "UMLS:C5"), edge("HAS_SYMPTOM", "DOID:1", "UMLS:C5"))
    assert row(agreement(core, [names, told]), "HAS_SYMPTOM") == (1, 1, 0)


def test_a_cross_reference_counts_only_where_it_is_one_to_one(core: CoreGraph) -> None:
    crowd = [same("Disease", "DOID:1", "UMLS:C1", "xref"), edge("HAS_SYMPTOM", "UMLS:C1", "MESH:D1")]
    assert agreement(core, [part(*crowd)]).rows
    assert not agreement(core, [part(*crowd, same("Disease", "DOID:1", "UMLS:C2", "xref"))]).rows


def test_an_id_that_could_mean_two_things_means_none(core: CoreGraph) -> None:
    both = [same("Disease", "DOID:1", "X:1"), same("Disease", "MKG:angina", "X:1")]
    assert not agreement(core, [part(*both, edge("HAS_SYMPTOM", "X:1", "MESH:D1"))]).rows


def test_a_category_that_one_disease_alone_has_makes_it_known_but_not_its_code(core: CoreGraph) -> None:
    told = [edge("CODED_AS", "X:1", "ICD10CM:I20.9"), edge("TREATS", "DRUGBANK:DB2", "X:1")]
    report = agreement(core, [part(*told)])
    assert row(report, "TREATS") == (1, 1, 0)
    assert {told.relation for told in report.rows} == {"TREATS"}
    crowded = agreement(core, [part(*told, edge("CODED_AS", "X:2", "ICD10:I20"))])
    assert crowded.rows == ()


def test_codes_are_compared_by_three_characters_and_blocks_not_at_all(core: CoreGraph) -> None:
    report = agreement(core, [part(edge("CODED_AS", "DOID:1", "ICD10CM:J45.90"))])
    assert row(report, "CODED_AS") == (1, 1, 0)
    assert agreement(core, [part(edge("CODED_AS", "DOID:1", "ICD10:J40-J47"))]).rows == ()


def test_a_disease_that_is_coded_otherwise_is_listed(core: CoreGraph) -> None:
    report = agreement(core, [part(edge("CODED_AS", "DOID:1", "ICD10CM:J44.1"))])
    assert row(report, "CODED_AS") == (1, 0, 1)
    assert contradictions(report) == [("source-codes-otherwise", "asthma is J45 here and J44 in open")]


def test_an_atc_code_is_compared_with_all_that_the_name_has(core: CoreGraph) -> None:
    right = [node("Drug", f"ATC:{code}", "salbutamol", atc=code) for code in ("R03AC02", "R03CC02")]
    wrong = node("Drug", "ATC:X", "Propranolol", atc="C07AB01")
    report = agreement(core, [part(*right, wrong)])
    assert row(report, "ATC code") == (2, 1, 2)
    assert contradictions(report) == [("source-other-atc", "propranolol is C07AA05 here and C07AB01 in open")]


def test_side_effects_and_look_alikes_are_compared_whatever_way_they_stand(core: CoreGraph) -> None:
    told = [
        node("SideEffect", "UMLS:C1", "Nausea"),
        edge("CAUSES", "DRUGBANK:DB1", "UMLS:C1"),
        edge("RESEMBLES", "MKG:angina", "DOID:1"),
    ]
    report = agreement(core, [part(*told)])
    assert row(report, "CAUSES") == row(report, "RESEMBLES") == (1, 1, 0)


def test_use_and_danger_contradict_one_another_and_a_denied_symptom_does(core: CoreGraph) -> None:
    told = [
        edge("CONTRAINDICATED_FOR", "DRUGBANK:DB1", "DOID:1"),
        edge("TREATS", "DRUGBANK:DB2", "DOID:1"),
        edge("HAS_SYMPTOM", "DOID:1", "MESH:D1", against=True),
    ]
    report = agreement(core, [part(*told)])
    assert contradictions(report) == [
        ("source-denies", "asthma has cough here, open says that it does not"),
        ("source-forbids", "salbutamol is given for asthma here, open calls it a danger"),
        ("source-gives", "propranolol is a danger in asthma here, open gives it"),
    ]
    assert all(item.severity == "warning" for item in report.disagreements)


def test_rows_that_a_source_could_not_read_are_passed_over(core: CoreGraph) -> None:
    problem = Problem(Place("x", 1), "bad", "", "no", "mend", "error")
    assert agreement(core, [part(problem)]).rows == ()


def test_parts_of_one_source_are_one_source_and_each_is_announced(core: CoreGraph) -> None:
    parts = [part(edge("HAS_SYMPTOM", "DOID:1", id)) for id in ("MESH:D1", "MKG:wheeze")]
    heard: list[str] = []
    report = agreement(core, parts, heard.append)
    assert row(report, "HAS_SYMPTOM") == (2, 2, 0)
    assert heard == ["open", "open"]
