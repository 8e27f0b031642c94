"""DrugCentral: ids of drugs, diseases by the best id of a row, relations and classes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg.sources.drugcentral import FORMAT
from kg.sources.ids import by_name
from tests.unit.kg.sources.reading_formats import Opened, Told, told
from tests.unit.kg.sources.text_in_memory import InMemory

IDENTIFIERS = (
    "DRUG_ID|DRUG_NAME|ID_TYPE|IDENTIFIER",
    '1|"valproic acid"|"DRUGBANK_ID"|"DB00313"',
    '2|"sodium valproate"|"DRUGBANK_ID"|"DB00313"',
    '3|"mixture"|"DRUGBANK_ID"|"DB00001"',
    '3|"mixture"|"DRUGBANK_ID"|"DB00002"',
    '1|"valproic acid"|"CHEBI"|"CHEBI:39867"',
    '1|"valproic acid"|"RXNORM"|"11118"',
    '1|"valproic acid"|"VANDF"|"401"',
    '1|"valproic acid"|"MMSL"|"402"',
)
INDICATIONS = (
    "DRUG_ID|DRUG_NAME|INDICATION_FDB|UMLS_CUI|SNOMEDCT_CUI|DOID",
    "1|valproic acid|Epilepsy|C0014544|84757009|DOID:1826",
    "2|sodium valproate|Epilepsy|C0014544|84757009|DOID:1826",
    "2|sodium valproate|Seizure Disorder|C0014544|84757009|DOID:1826",
    "3|mixture|Sunscreen agent|C0038818|49663007|",
    "3|mixture|Rare Thing|||",
)


def table(*lines: str) -> InMemory:
    return InMemory("table.tsv", tuple(line.replace("|", "\t") for line in lines))


def read(**tables: tuple[str, ...]) -> Told:
    return told(FORMAT, {slot.replace("_", "-"): [table(*lines)] for slot, lines in tables.items()})


def test_a_drug_goes_by_drugbank_where_it_has_exactly_one_id() -> None:
    found = read(identifiers=IDENTIFIERS)
    assert found.ids("Drug") == {"DRUGBANK:DB00313", "DRUGCENTRAL:3"}
    exact = {(link.left, link.right) for link in found.links if link.why == "exact"}
    assert exact == {("DRUGCENTRAL:1", "DRUGBANK:DB00313"), ("DRUGCENTRAL:2", "DRUGBANK:DB00313")}
    others = {(link.left, link.right) for link in found.links if link.why == "xref"}
    assert others == {
        ("DRUGCENTRAL:3", "DRUGBANK:DB00001"),
        ("DRUGCENTRAL:3", "DRUGBANK:DB00002"),
        ("DRUGBANK:DB00313", "CHEBI:39867"),
        ("DRUGBANK:DB00313", "RXNORM:11118"),
    }
    assert found.rules == [("ids-of-vandf", "skipped"), ("ids-of-mmsl", "skipped")]


def test_salts_under_one_id_are_other_names_of_the_first() -> None:
    first, second = (node for node in read(identifiers=IDENTIFIERS).nodes if node.id == "DRUGBANK:DB00313")
    assert first.names == second.names == {"en": "valproic acid"}
    assert second.synonyms == {"en": ("sodium valproate",)}


def test_a_disease_goes_by_the_best_id_of_its_row_and_by_its_most_frequent_label() -> None:
    found = read(indications=INDICATIONS, identifiers=IDENTIFIERS)
    assert found.errors == []
    assert found.node("DOID:1826").names == {"en": "Epilepsy"}
    assert found.ids("Disease") == {"DOID:1826", "UMLS:C0038818", by_name("Disease", "rare thing")}
    assert [(link.left, link.right) for link in found.links if link.kind == "Disease"] == [
        ("DOID:1826", "UMLS:C0014544"),
        ("DOID:1826", "SNOMEDCT:84757009"),
        ("UMLS:C0038818", "SNOMEDCT:49663007"),
    ]
    labels = [edge.evidence[0].snippet for edge in found.edges if edge.end == "DOID:1826"]
    assert labels == ["Epilepsy", "Seizure Disorder"]
    assert found.dangling() == set()


RELATIONS = "struct_id|relationship_name|concept_name|umls_cui|snomed_conceptid|doid"


@pytest.mark.parametrize(
    ("relation", "kind", "claims"),
    [
        ("indication", "TREATS", {"purpose": "unknown"}),
        ("off-label use", "TREATS", {"purpose": "unknown"}),
        ("symptomatic treatment", "TREATS", {"purpose": "symptomatic"}),
        ("contraindication", "CONTRAINDICATED_FOR", {}),
    ],
)
def test_a_relation_of_a_newer_release_is_mapped(relation: str, kind: str, claims: dict[str, str]) -> None:
    found = read(relations=(RELATIONS, f"7|{relation}|Asthma|C0004096|195967001|"))
    (edge,) = found.edges
    assert edge.id == f"DRUGCENTRAL:7/{kind}/UMLS:C0004096"
    assert edge.evidence[0].claims == claims
    assert edge.evidence[0].reference == f"drugcentral {relation}"


def test_a_relation_that_is_not_kept_is_skipped_and_an_unknown_one_is_an_error() -> None:
    found = read(relations=(RELATIONS, "7|reduce risk|Asthma|C0004096||", "7|likes|Asthma|C0004096||"))
    assert found.rules == [("relation-unknown", "error"), ("reduce-risk", "skipped")]


def test_classes_go_by_the_vocabulary_that_their_ids_are_of() -> None:
    classes = (
        "DRUG_ID|DRUG_NAME|TYPE|CLASS_SOURCE_ID|CLASS|SOURCE",
        "1|a|EPC|N0000175655|agonist|FDA",
        "1|a|PA|D000970|antineoplastic|MeSH",
        "1|a|has role|CHEBI:22153|acaricide|CHEBI",
        "1|a|PA|X1|odd|MeSH",
    )
    found = read(classes=classes)
    assert [edge.end for edge in found.edges] == ["NDFRT:N0000175655", "MESH:D000970", "CHEBI:22153"]
    assert found.rules == [("id-form", "error")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("x|a|Asthma|C0004096||", "DRUG_ID"),
        ("1|a|Asthma|C4||", "UMLS_CUI"),
        ("1|a|Asthma|||DOID:", "DOID"),
        ("1|a||||", "INDICATION_FDB"),
    ],
)
def test_a_faulty_row_is_told_with_its_column(row: str, column: str) -> None:
    found = read(indications=(INDICATIONS[0], row))
    assert [(problem.place.line, problem.place.column) for problem in found.errors] == [(2, column)]


def test_the_real_files_are_read_whole(shared_data: Path) -> None:
    files = {
        "indications": "drug_indication",
        "classes": "pharm_class",
        "identifiers": "identifiers",
        "id-types": "idtype",
        "rephetio-classes": "rephetio-classes",
        "rephetio-members": "rephetio-drug-to-class",
    }
    folder = shared_data / "drugcentral"
    found = told(FORMAT, {slot: [Opened(folder / f"{name}.tsv")] for slot, name in files.items()})
    assert found.errors == []
    assert found.dangling() == set()
    assert len([link for link in found.links if link.why == "exact"]) == 2289
    assert len(found.edges_of("TREATS")) == 11_641
    assert len(found.edges_of("IN_CLASS")) == 27_922
    prefixes = Counter(key.partition(":")[0] for key in found.ids("Disease"))
    assert prefixes["DOID"] == 524
    # Each id goes by one name.
    names: dict[str, set[str]] = {}
    for node in found.nodes:
        if node.kind == "Drug":
            names.setdefault(node.id, set()).add(node.names["en"].casefold())
    assert max(map(len, names.values())) == 1
