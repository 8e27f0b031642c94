"""Tables of the Disease Ontology: parents by label, symptoms, cross-references once each."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources.do_tables import FORMAT
from tests.unit.kg.sources.reading_formats import Opened, Told, told
from tests.unit.kg.sources.text_in_memory import InMemory


def read(**tables: str) -> Told:
    return told(FORMAT, {slot: [InMemory.of(f"{slot}.tsv", text.replace("|", "\t"))] for slot, text in tables.items()})


TREE = 'id|label|subClassOf\n"DOID:1"|"lung disease"|"disease"\n"DOID:2"|"asthma"|"lung disease"\n'


def test_a_parent_is_found_by_its_label_and_the_root_is_none() -> None:
    found = read(tree=TREE)
    assert [edge.id for edge in found.edges] == ["DOID:2/IS_A/DOID:1"]
    assert found.problems == []


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("DOID:3|croup|throat disease", "unknown-parent"),
        ("DOID:3||lung disease", "empty-cell"),
        ("3|croup|lung disease", "id-form"),
        ("DOID:3|lung lung|lung lung", "self-loop"),
    ],
)
def test_a_faulty_row_of_the_tree_is_told(row: str, rule: str) -> None:
    found = read(tree=f"{TREE}{row}\n")
    assert [(problem.rule, problem.place.line) for problem in found.errors] == [(rule, 4)]


def test_symptoms_are_told_without_weights() -> None:
    found = read(symptoms="disease_id|disease_label|symptom_id|symptom_label\nDOID:2|asthma|SYMP:0000614|cough\n")
    (edge,) = found.edges
    assert (edge.id, edge.evidence[0].claims) == ("DOID:2/HAS_SYMPTOM/SYMP:0000614", {})
    assert found.dangling() == set()


XREF = (
    "id|label|xref\n"
    '"DOID:2"|"asthma"|"ICD10CM:J45"\n"DOID:2"|"asthma"|"UMLS_CUI:C0004096"\n"DOID:2"|"asthma"|"NCI:C28397"\n'
    '"DOID:2"|"asthma"|"MIM:600807"\n"DOID:2"|"asthma"|"ICDO:9811/3"\n"DOID:2"|"asthma"|"ICD10CM:J4"\n'
    '"DOID:4"|"uterine"|"ICD10CM:QA0.0151"\n'
)


def test_a_cross_reference_is_a_code_a_link_or_a_mere_note() -> None:
    found = read(xref=XREF)
    assert found.node("DOID:2").xrefs == ("NCIT:C28397", "OMIM:600807", "UMLS:C0004096")
    assert [(link.right, link.why) for link in found.links] == [("UMLS:C0004096", "xref"), ("OMIM:600807", "xref")]
    assert [edge.id for edge in found.edges] == [
        "DOID:2/CODED_AS/ICD10CM:J45",
        "DOID:4/CODED_AS/ICD10CM:QA0.0151",
    ]
    assert found.node("ICD10CM:J45").properties == {"system": "ICD10CM", "level": "category"}
    assert found.rules == [("xref-not-held", "skipped"), ("icd-form", "error")]


def test_what_two_tables_tell_is_told_once() -> None:
    found = read(xref=XREF, xrefs="id|label|xrefs\nDOID:2|asthma|ICD10CM:J45, MESH:D001249\n")
    assert [edge.end for edge in found.edges if edge.start == "DOID:2"] == ["ICD10CM:J45"]
    assert [link.right for link in found.links][-1] == "MESH:D001249"


def test_no_table_is_told() -> None:
    with pytest.raises(DataError):
        told(FORMAT, {})


def test_the_real_tables_are_read_whole(shared_data: Path) -> None:
    folder = shared_data / "disease-ontology"
    files = {
        "tree": [Opened(folder / "HumanDO.tsv")],
        "symptoms": [Opened(folder / "disease-symptom.tsv")],
        "xref": [Opened(folder / "allXREFinDO.tsv")],
        "xrefs": [Opened(folder / "ICD10inDO.tsv"), Opened(folder / "MESHinDO.tsv")],
    }
    found = told(FORMAT, files)
    assert set(found.rules) == {("xref-not-held", "skipped")}
    assert {problem.value.partition(":")[0] for problem in found.problems} == {"ICDO"}
    assert (len(found.edges_of("IS_A")), len(found.edges_of("HAS_SYMPTOM"))) == (12_288, 2222)
    assert len({edge.start for edge in found.edges_of("CODED_AS")}) >= 3563
    assert len(found.ids("Symptom")) == 300
    assert found.dangling() == set()
