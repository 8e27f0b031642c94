"""Tables with fixed columns: PharmacotherapyDB, LabeledIn, ATC, MKB-10, MeSH symptoms, RuMedBench."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg.sources import atc, labeledin, mesh_symptoms, mkb10, pharmacotherapydb, rumed
from kg.sources.format import Format
from kg.sources.ids import by_code, by_name
from kg.sources.records import Place
from tests.unit.kg.sources.reading_formats import Opened, Told, told
from tests.unit.kg.sources.text_in_memory import InMemory


def read(format: Format, slot: str, *lines: str) -> Told:
    return told(format, {slot: [InMemory("table", lines)]})


def tabs(*lines: str) -> tuple[str, ...]:
    return tuple(line.replace(" ", "\t").replace("~", " ") for line in lines)


INDICATIONS = tabs(
    "doid_id drugbank_id disease drug category n_curators n_resources",
    "DOID:1 DB00001 asthma salbutamol SYM 2 1",
    "DOID:1 DB00002 asthma budesonide DM 2 1",
    "DOID:1 DB00003 asthma aspirin NOT 2 1",
)


def test_pharmacotherapydb_tells_the_purpose_and_no_edge_for_not() -> None:
    found = read(pharmacotherapydb.FORMAT, "indications", *INDICATIONS)
    claims = {edge.id: edge.evidence[0].claims for edge in found.edges}
    assert claims == {
        "DRUGBANK:DB00001/TREATS/DOID:1": {"purpose": "symptomatic"},
        "DRUGBANK:DB00002/TREATS/DOID:1": {"purpose": "disease_modifying"},
    }
    (problem,) = found.problems
    assert (problem.rule, problem.severity, problem.place) == (
        "no-indication",
        "skipped",
        Place("table", 4, "category"),
    )


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ("DOID:x DB00004 asthma aspirin DM 1 1", "id-form", "doid_id"),
        ("DOID:1 DB4 asthma aspirin DM 1 1", "id-form", "drugbank_id"),
        ("DOID:1 DB00004 asthma aspirin MAYBE 1 1", "category-unknown", "category"),
        ("DOID:2 DB00004  aspirin DM 1 1", "empty-cell", "disease"),
        ("DOID:1 DB00004 asthma", "row-width", ""),
    ],
)
def test_a_faulty_row_is_told_and_the_next_is_read(row: str, rule: str, column: str) -> None:
    last = "DOID:3 DB00009 fever paracetamol SYM 1 1"
    found = read(pharmacotherapydb.FORMAT, "indications", *INDICATIONS, *tabs(row, last))
    assert [(problem.rule, problem.place) for problem in found.errors] == [(rule, Place("table", 5, column))]
    assert found.errors[0].fix
    assert found.edges[-1].id == "DRUGBANK:DB00009/TREATS/DOID:3"


def test_a_wrong_header_is_a_problem() -> None:
    found = read(pharmacotherapydb.FORMAT, "indications", "doid_id\tdrugbank_id")
    assert {rule for rule, _ in found.rules} == {"missing-column"}


def test_pharmacotherapydb_is_read_whole(shared_data: Path) -> None:
    folder = shared_data / "pharmacotherapydb"
    names = ("indications", "diseases", "drugs")
    found = told(pharmacotherapydb.FORMAT, {name: [Opened(folder / f"{name}.tsv")] for name in names})
    assert Counter(edge.evidence[0].claims["purpose"] for edge in found.edges) == {
        "disease_modifying": 755,
        "symptomatic": 390,
    }
    assert found.rules == [("no-indication", "skipped")] * 243
    assert (len(found.ids("Disease")), len(found.ids("Drug"))) == (97, 601)
    assert found.dangling() == set()


LABELED = tabs(
    "rxnorm_id disease_cui n_labels expert crowd disease_mesh_name rxnorm_name",
    "10 C0000001 2 1 0 Ulcer sucralfate",
    "10 C0000002 2 1 0  sucralfate",
    "10;11 C0000002 2 1 0  ",
)


def test_labeledin_tells_a_disease_without_a_name_by_its_id_and_skips_combinations() -> None:
    found = read(labeledin.FORMAT, "indications", *LABELED)
    assert [edge.id for edge in found.edges] == ["RXNORM:10/TREATS/UMLS:C0000001", "RXNORM:10/TREATS/UMLS:C0000002"]
    assert found.dangling() == {"UMLS:C0000002"}
    assert found.rules == [("combination", "skipped")]


def test_labeledin_is_read_whole(shared_data: Path) -> None:
    found = told(labeledin.FORMAT, {"indications": [Opened(shared_data / "labeledin" / "indications.tsv")]})
    assert len(found.edges) == 2810
    # One concept has a digit too few in the file itself.
    assert [(problem.rule, problem.value) for problem in found.errors] == [("id-form", "C000296")]
    assert len(found.problems) == 40


def test_atc_has_classes_in_four_levels_and_drugs_in_the_fifth() -> None:
    rows = ("atc_code,atc_name,ddd,uom,adm_r,note", "J,INFECTIONS,NA,NA,NA,NA", "J01,BACTERIA,NA,NA,NA,NA")
    more = ("J01C,penicillins,NA,NA,NA,NA", "J01CA,wide ones,NA,NA,NA,NA", "J01CA04,amoxicillin,1.5,g,O,NA")
    found = read(atc.FORMAT, "index", *rows, *more, "J01CA04,amoxicillin,3,g,P,NA")
    assert found.problems == []
    assert found.node("ATC:J01CA04").properties == {"atc": "J01CA04"}
    assert {node.id: node.kind for node in found.nodes}["ATC:J01CA"] == "DrugClass"
    assert {edge.start: edge.end for edge in found.edges} == {
        "ATC:J01": "ATC:J",
        "ATC:J01C": "ATC:J01",
        "ATC:J01CA": "ATC:J01C",
        "ATC:J01CA04": "ATC:J01CA",
    }


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("J1,wrong", "atc-form"),
        ("J02,NA", "empty-cell"),
        ("J01CA04,amoxicillin", "unknown-class"),
        ("J,OTHER", "name-twice"),
    ],
)
def test_a_faulty_code_of_atc_is_told(row: str, rule: str) -> None:
    found = read(atc.FORMAT, "index", "atc_code,atc_name", "J,INFECTIONS", row)
    assert found.rules == [(rule, "error")]


def test_atc_is_read_whole(shared_data: Path) -> None:
    found = told(atc.FORMAT, {"index": [Opened(shared_data / "nc-atc" / "WHO ATC-DDD 2026-04-25.csv")]})
    assert found.problems == []
    assert len(found.nodes) == 6996
    assert len(found.edges) == 6996 - 14
    assert found.dangling() == set()
    assert found.edges[0].evidence[0].version == "2026-04-25"


MKB = (
    "ID;REC_CODE;MKB_CODE;MKB_NAME;ID_PARENT;ADDL_CODE;ACTUAL;DATE",
    '1;10;"X";"БОЛЕЗНИ";;;1;',
    '2;1001;"J95-J95";"БЛОК";1;;1;',
    '3;1002;"J95";"Болезнь";2;1;1;',
    '4;1003;"J95.0";"Первая";3;;1;',
    '5;1004;"J95.1";"Бывшая";3;;0;01.01.2020',
)


def test_mkb10_tells_codes_in_force_with_russian_names() -> None:
    found = read(mkb10.FORMAT, "codes", *MKB)
    assert found.node("ICD10:J95").names == {"ru": "Болезнь"}
    assert {edge.start: edge.end for edge in found.edges} == {
        "ICD10:J95-J95": "ICD10:X",
        "ICD10:J95": "ICD10:J95-J95",
        "ICD10:J95.0": "ICD10:J95",
    }
    assert sorted(found.rules) == [("code-withdrawn", "skipped"), ("mark-not-held", "skipped")]


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ('6;1;"J9";"Имя";3;;1;', "icd-form", "MKB_CODE"),
        ('6;1;"J95";"Имя";2;;1;', "code-twice", "MKB_CODE"),
        ('6;1;"J96";;2;;1;', "empty-cell", "MKB_NAME"),
        ('6;1;"J96";"Имя";5;;1;', "unknown-parent", "ID_PARENT"),
    ],
)
def test_a_faulty_row_of_mkb10_is_told(row: str, rule: str, column: str) -> None:
    found = read(mkb10.FORMAT, "codes", *MKB, row)
    assert [(problem.rule, problem.place) for problem in found.errors] == [(rule, Place("table", 7, column))]


def test_mkb10_is_read_whole(shared_data: Path) -> None:
    found = told(mkb10.FORMAT, {"codes": [Opened(shared_data / "icd10-ru" / "1.2.643.5.1.13.13.11.1005_2.27.csv")]})
    assert found.errors == []
    levels = Counter(node.properties["level"] for node in found.nodes)
    assert levels == {"chapter": 22, "block": 274, "category": 2054, "subcategory": 12_309 + 278}
    assert len(found.edges) == 14_937 - 22
    assert found.dangling() == set()
    assert found.edges[0].evidence[0].version == "2.27"
    assert sorted(problem.message.split("(")[1] for problem in found.problems) == [
        "101 rows, this is the first)",
        "450 rows, this is the first)",
    ]


SYMPTOMS = tabs("mesh_id mesh_name in_hsdn", "D000001 Pain,~Acute 1", "D000002 Pain 1")
TREE = tabs(
    "mesh_id mesh_name mesh_tree_number",
    "D000009 Signs C23.888",
    "D000002 Pain C23.888.100",
    "D000001 Pain,~Acute C23.888.100.200",
)


def test_a_mesh_heading_is_also_known_the_other_way_round() -> None:
    found = read(mesh_symptoms.FORMAT, "symptoms", *SYMPTOMS)
    assert found.node("MESH:D000001").names == {"en": "Pain, Acute"}
    assert found.node("MESH:D000001").synonyms == {"en": ("Acute Pain",)}
    assert found.node("MESH:D000002").synonyms == {}


def test_tree_numbers_tell_what_is_a_case_of_what() -> None:
    found = read(mesh_symptoms.FORMAT, "tree", *TREE)
    assert [(edge.start, edge.end) for edge in found.edges] == [
        ("MESH:D000002", "MESH:D000009"),
        ("MESH:D000001", "MESH:D000002"),
    ]
    assert found.problems == []


def test_a_tree_number_with_nothing_above_it_is_told() -> None:
    found = read(mesh_symptoms.FORMAT, "tree", *TREE, *tabs("D000003 Itch C23.888.300.400"))
    assert found.rules == [("unknown-parent", "error")]


def test_the_real_headings_are_read_whole(shared_data: Path) -> None:
    folder = shared_data / "mesh-symptoms"
    files = {"symptoms": [Opened(folder / "symptoms.tsv")], "tree": [Opened(folder / "tree-numbers.C23.888.tsv")]}
    found = told(mesh_symptoms.FORMAT, files)
    assert found.problems == []
    assert (len(found.ids("Symptom")), len(found.edges)) == (439, 367)
    assert found.dangling() == set()


COUNTS = tabs(
    "icd10 symptom_ru n_events n_code_events n_symptom_events p_symptom_given_code",
    "J20 кашель 8 10 20 0.8000",
    'J20 "свист"~в~груди 2 10 20 0.2000',
)


def test_a_weight_is_relative_to_the_most_frequent_symptom_of_the_code() -> None:
    found = read(rumed.FORMAT, "counts", *COUNTS)
    assert found.problems == []
    weights = {edge.end: edge.evidence[0].claims["weight"] for edge in found.edges}
    assert weights == {by_name("Symptom", "кашель"): 1.0, by_name("Symptom", '"свист" в груди'): 0.25}
    assert {edge.start for edge in found.edges} == {by_code("ICD10", "J20")}
    assert found.edges[0].evidence[0].licence == "CC BY-NC 4.0"


def test_a_count_that_is_no_number_is_told() -> None:
    found = read(rumed.FORMAT, "counts", *COUNTS, *tabs("J21 кашель 1 1 1 often", "Q кашель 1 1 1 0.5"))
    assert [(problem.rule, problem.place.column) for problem in found.problems] == [
        ("not-a-number", "p_symptom_given_code"),
        ("icd-form", "icd10"),
    ]


def test_the_real_counts_are_read_whole(shared_data: Path) -> None:
    folder = shared_data / "rumedbench" / "derived"
    counts, names = Opened(folder / "icd10_symptom_ru_counts.tsv"), Opened(folder / "top3_train_codes.tsv")
    found = told(rumed.FORMAT, {"counts": [counts], "names": [names]})
    assert found.problems == []
    assert (len(found.ids("Symptom")), len(found.ids("Disease"))) == (141, 105)
    assert len(found.edges_of("HAS_SYMPTOM")) == 970
    assert found.dangling() == set()
    strongest: dict[str, float] = {}
    for edge in found.edges_of("HAS_SYMPTOM"):
        strongest[edge.start] = max(strongest.get(edge.start, 0.0), edge.evidence[0].claims["weight"])
    assert set(strongest.values()) == {1.0}
