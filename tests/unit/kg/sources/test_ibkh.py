from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources import ibkh
from kg.sources.format import Text
from tests.unit.kg.sources.collection_records import counts, places, read_all, table
from tests.unit.kg.sources.reading_formats import Opened, Told, slots_of

DISEASES = "primary,name,do_id,kegg_id,pharmgkb_id,mesh_id,umls_cui,icd_10,icd_9,omim_id,iDISK_id"
DRUG_DISEASE = (
    "Drug,Disease,Treats,Palliates,Effect,Associate,Inferred_Relation,treatment/therapy (including investigatory),"
    'inhibits cell growth (esp. cancers),"alleviates, reduces",biomarkers (of disease progression),'
    '"prevents, suppresses",role in disease pathogenesis,Source,Inference_Score'
)


def drugs(*rows: str) -> Told:
    return read_all(ibkh.FORMAT, drug_disease=table("D_Di_res.csv", DRUG_DISEASE, *rows))


def test_a_disease_brings_its_codes_and_links_to_its_other_ids() -> None:
    row = "DOID:2841,asthma,DOID:2841,,,D001249,C0004096|C1,J45.9;J45,493,600807,"
    told = read_all(ibkh.FORMAT, diseases=table("disease_vocab.csv", DISEASES, row))
    node = told.node("DOID:2841")
    assert node.xrefs == ("ICD9:493", "MESH:D001249", "OMIM:600807", "UMLS:C0004096", "UMLS:C1")
    assert {link.right for link in told.links} == set(node.xrefs) - {"ICD9:493"}
    assert {edge.end for edge in told.edges_of("CODED_AS")} == {"ICD10CM:J45.9", "ICD10CM:J45"}
    assert told.dangling() == set()


def test_every_1_is_an_edge_and_every_source_an_item_of_evidence() -> None:
    told = drugs("DrugBank:DB1,DOID:1,1,0,0,0,0,0,0,1,0,0,0,DrugBank|Hetionet,")
    treats, eases = told.edges
    assert treats.id == eases.id == "DRUGBANK:DB1/TREATS/DOID:1"
    assert [(item.source, item.licence, dict(item.claims)) for item in treats.evidence] == [
        ("drugbank", "CC BY-NC 4.0", {"purpose": "disease_modifying"}),
        ("hetionet", "CC0-1.0", {"purpose": "disease_modifying"}),
    ]
    assert eases.evidence[0].claims == {"purpose": "symptomatic"}


@pytest.mark.parametrize(
    ("row", "column", "rule", "severity"),
    [
        ("DrugBank:DB1,DOID:1,0,0,0,0,1,0,0,0,0,0,0,CTD,3.5", "Inferred_Relation", "relation-not-held", "skipped"),
        ("DrugBank:DB1,DOID:1,0,0,0,0,0,0,0,0,0,0,0,CTD,", "", "no-relation", "skipped"),
        ("DrugBank:DB1,DOID:1,yes,0,0,0,0,0,0,0,0,0,0,CTD,", "Treats", "flag-form", "error"),
        ("DB 1,DOID:1,1,0,0,0,0,0,0,0,0,0,0,CTD,", "Drug", "id-form", "error"),
        ("DrugBank:DB1,DOID:1,1", "", "row-width", "error"),
    ],
)
def test_a_row_that_is_not_taken_is_told(row: str, column: str, rule: str, severity: str) -> None:
    told = drugs(row)
    assert [(line, where, what, how) for _, line, where, what, _, how in places(told)] == [(2, column, rule, severity)]
    assert not told.edges


def test_without_any_file_the_load_is_refused() -> None:
    with pytest.raises(DataError, match="no file of iBKH"):
        ibkh.FORMAT.plan({slot.name: () for slot in ibkh.FORMAT.slots})


def test_every_file_of_a_copy_is_taken_by_its_own_slot(shared_data: Path) -> None:
    files: dict[str, Text | list[Text]] = {}
    for path in sorted((shared_data / "layouts" / "ibkh").rglob("*.csv")):
        (slot,) = slots_of(ibkh.FORMAT, Opened(path))
        files[slot] = Opened(path)
    assert set(files) == {"diseases", "symptoms", "drugs", "disease_symptom", "drug_disease", "disease_disease"}
    told = read_all(ibkh.FORMAT, **files)
    assert counts(told) == (
        {"Disease": 137, "Symptom": 438, "Drug": 1552, "IcdCode": 109},
        {"HAS_SYMPTOM": 3357, "TREATS": 1145, "RESEMBLES": 543, "CODED_AS": 110},
        {"xref": 315},
    )
    assert not told.problems
    assert told.dangling() == set()
    side_effects = table("side_effect_vocab.csv", "primary,umls_cui,name", "UMLS:C1,C1,x")
    assert slots_of(ibkh.FORMAT, side_effects) == ["side_effects"]
