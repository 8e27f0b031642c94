from __future__ import annotations

from pathlib import Path

import pytest

from kg.sources import neo4j_admin
from kg.sources.format import Text
from tests.unit.kg.sources.collection_records import counts, places, read_all, table
from tests.unit.kg.sources.reading_formats import Opened, Told, slots_of

DISEASES = table(
    "diseases.csv",
    "id:ID(Disease),name,name_ru,synonyms:string[],mesh:string[],sex,age_min:int,:LABEL",
    'DOID:1,"asthma, all",астма,wheezing;Asthma2,D1;D000002,female,18,Disease;Thing',
    "x7,flu,,,,,,Disease",
)
SYMPTOMS = table("symptoms.csv", "id:ID(Symptom),name,:LABEL", "D003371,Cough,Symptom")
GENES = table("genes.csv", ":ID(Gene),name,:LABEL", "HGNC:1,SOCS3,Gene")
HAS = ":START_ID(Disease),:END_ID(Symptom),weight:double,source,:TYPE"


def read(*edges: str, header: str = HAS) -> Told:
    tables: list[Text] = [DISEASES, SYMPTOMS, GENES, table("has.csv", header, *edges)]
    return read_all(neo4j_admin.FORMAT, tables=tables)


def test_a_node_is_read_by_the_types_of_its_columns() -> None:
    told = read()
    node = told.node("DOID:1")
    assert node.names == {"en": "asthma, all", "ru": "астма"}
    assert node.synonyms == {"en": ("wheezing", "Asthma2")}
    assert node.properties == {"sex": "female", "age_min": 18}
    assert node.xrefs == ("MESH:D000002", "MESH:D1")
    assert told.ids("Symptom") == {"MESH:D003371"}


def test_an_id_without_a_vocabulary_stays_in_its_space_and_edges_find_it() -> None:
    told = read("x7,D003371,0.5,Hetionet,HAS_SYMPTOM")
    (edge,) = told.edges
    assert edge.id == "LOCAL.Disease:x7/HAS_SYMPTOM/MESH:D003371"
    assert (edge.evidence[0].source, edge.evidence[0].licence) == ("hetionet", "CC0-1.0")
    assert edge.evidence[0].claims == {"weight": 0.5}


def test_weights_that_are_no_shares_are_made_relative_within_each_disease() -> None:
    told = read("DOID:1,D003371,40,a,HAS_SYMPTOM", "DOID:1,D003371,10,b,HAS_SYMPTOM", "x7,D003371,8,a,HAS_SYMPTOM")
    assert [edge.evidence[0].claims["weight"] for edge in told.edges] == [1.0, 0.25, 1.0]


@pytest.mark.parametrize(
    ("codes", "system"), [(["J45", "J45.9"], "ICD10"), (["J45", "J84.112"], "ICD10CM"), (["J45", "M1A.9"], "ICD10CM")]
)
def test_codes_are_of_the_clinical_modification_once_one_can_be_of_no_other(codes: list[str], system: str) -> None:
    rows = [f"DOID:{number},x,{code},Disease" for number, code in enumerate(codes)]
    told = read_all(neo4j_admin.FORMAT, tables=table("d.csv", ":ID,name,icd10,:LABEL", *rows))
    assert {edge.end.partition(":")[0] for edge in told.edges_of("CODED_AS")} == {system}
    assert told.dangling() == set()


@pytest.mark.parametrize(
    ("kind", "purpose"), [("DM", "disease_modifying"), ("SYM", "symptomatic"), ("", "unknown"), ("NOT", None)]
)
def test_what_a_drug_is_given_for_is_read_in_the_words_of_curators(kind: str, purpose: str | None) -> None:
    drugs = table("drugs.csv", "id:ID(Drug),name,:LABEL", "DB00001,x,Drug")
    treats = table("treats.csv", ":START_ID(Drug),:END_ID(Disease),kind,:TYPE", f"DB00001,DOID:1,{kind},TREATS")
    told = read_all(neo4j_admin.FORMAT, tables=[DISEASES, drugs, treats])
    assert [edge.evidence[0].claims["purpose"] for edge in told.edges_of("TREATS")] == ([purpose] if purpose else [])
    assert told.rules == ([] if purpose else [("purpose-not-held", "skipped")])


def test_without_columns_of_labels_and_types_the_names_of_the_files_tell() -> None:
    told = read_all(
        neo4j_admin.FORMAT,
        tables=[
            table("Diseases.csv", ":ID\tname", "DOID:1\tasthma"),
            table("symptoms.csv", ":ID\tname", "HP:1\tcough"),
            table("has_symptom.csv", ":START_ID\t:END_ID", "DOID:1\tHP:1"),
        ],
    )
    assert counts(told) == ({"Disease": 1, "Symptom": 1}, {"HAS_SYMPTOM": 1}, {})


@pytest.mark.parametrize(
    ("row", "column", "rule", "severity"),
    [
        ("DOID:1,D003371,0.5,x,LOCATED_IN", ":TYPE", "edge-not-held", "skipped"),
        ("DOID:1,D009999,0.5,x,HAS_SYMPTOM", ":END_ID", "no-such-node", "error"),
        ("DOID:1,D003371,much,x,HAS_SYMPTOM", "weight", "not-a-number", "error"),
        ("DOID:1,D003371,-1,x,HAS_SYMPTOM", "", "edge-schema", "error"),
        ("DOID:1,D003371,0.5,x,TREATS", ":TYPE", "ends-not-held", "skipped"),
        ("DOID:1,D003371", "", "row-width", "error"),
        ('DOID:1,"D003371"x,0.5,x,HAS_SYMPTOM', "", "quoting", "error"),
    ],
)
def test_an_edge_that_is_not_taken_is_told(row: str, column: str, rule: str, severity: str) -> None:
    told = read("DOID:1,D003371,0.5,x,HAS_SYMPTOM", row)
    found = [item for item in places(told) if item[0] == "has.csv"]
    assert [(at, where, what, how) for _, at, where, what, _, how in found] == [(3, column, rule, severity)]
    assert len(told.edges) == 1


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [("a b!,x,Disease", ":ID(Thing)", "id-form"), ("DOID:1,,Disease", "name", "empty-cell")],
)
def test_a_node_that_is_not_taken_is_told(row: str, column: str, rule: str) -> None:
    told = read_all(neo4j_admin.FORMAT, tables=table("d.csv", ":ID(Thing),name,:LABEL", row))
    assert places(told)[0][:4] == ("d.csv", 2, column, rule)


def test_what_is_not_held_is_told_once_for_a_column_and_once_for_a_node() -> None:
    told = read(header=HAS.replace("source", "colour"))
    assert sorted((item[0], item[2], item[3], item[5]) for item in places(told)) == [
        ("genes.csv", ":LABEL", "kind-not-held", "skipped"),
        ("has.csv", "colour", "column-not-used", "skipped"),
    ]


def test_a_header_may_be_a_file_of_its_own() -> None:
    header = table("Disease-header.csv", "id:ID,name,:LABEL")
    rows = [table("Disease-part1.csv", "DOID:1,asthma,Disease"), table("disease-part2.csv", "DOID:2,flu,Disease")]
    assert slots_of(neo4j_admin.FORMAT, header) == ["tables"]
    assert [slots_of(neo4j_admin.FORMAT, row) for row in rows] == [["rows"], ["rows"]]
    told = read_all(neo4j_admin.FORMAT, tables=header, rows=[*rows, table("other-part1.csv", "x,y,z")])
    assert told.ids("Disease") == {"DOID:1", "DOID:2"}
    assert places(told) == [("other-part1.csv", 1, "", "no-header", "other-part1.csv", "error")]


def test_half_a_header_is_told() -> None:
    told = read_all(neo4j_admin.FORMAT, tables=table("e.csv", ":START_ID,:TYPE", "DOID:1,TREATS"))
    assert places(told) == [("e.csv", 1, ":END_ID", "missing-column", ":END_ID", "error")]


def test_a_real_graph_is_read_whole(shared_data: Path) -> None:
    files: list[Text] = [Opened(path) for path in sorted((shared_data / "layouts" / "neo4j-admin").glob("*.csv"))]
    assert [slots_of(neo4j_admin.FORMAT, file) for file in files] == [["tables"]] * 8
    told = read_all(neo4j_admin.FORMAT, tables=files)
    assert counts(told) == (
        {"Disease": 137, "Symptom": 438, "Drug": 1552, "DrugClass": 345, "IcdCode": 125},
        {"HAS_SYMPTOM": 3357, "TREATS": 1145, "IN_CLASS": 1029, "RESEMBLES": 543, "CODED_AS": 126},
        {"xref": 338},
    )
    assert [(item[2], item[3]) for item in places(told)] == [
        ("n_curators", "column-not-used"),
        ("n_resources", "column-not-used"),
    ]
    assert told.dangling() == set()
