from __future__ import annotations

import pytest

from kg.sources import drkg
from tests.unit.kg.sources.collection_records import places, read_all, table
from tests.unit.kg.sources.reading_formats import Told, slots_of

PRESENTS = "Disease::DOID:2841\tHetionet::DpS::Disease:Symptom\tSymptom::D003371"


def read(*rows: str) -> Told:
    return read_all(drkg.FORMAT, triples=table("drkg.tsv", *rows))


@pytest.mark.parametrize(
    ("row", "edge", "source"),
    [
        (PRESENTS, "DOID:2841/HAS_SYMPTOM/MESH:D003371", "hetionet"),
        (
            "Compound::DB01001\tDRUGBANK::treats::Compound:Disease\tDisease::MESH:D001249",
            "DRUGBANK:DB01001/TREATS/MESH:D001249",
            "drugbank",
        ),
        ("Compound::DB2\tGNBR::Pa::Compound:Disease\tDisease::DOID:1", "DRKG.COMPOUND:DB2/TREATS/DOID:1", "gnbr"),
        (
            "Compound::DB01001\tDRUGBANK::x-atc::Compound:Atc\tAtc::R03AC02",
            "DRUGBANK:DB01001/IN_CLASS/ATC:R03AC",
            "drugbank",
        ),
        (
            "Pharmacologic Class::N0000175779\tHetionet::PCiC::Pharmacologic Class:Compound\tCompound::DB01001",
            "DRUGBANK:DB01001/IN_CLASS/NDFRT:N0000175779",
            "hetionet",
        ),
    ],
)
def test_a_relation_becomes_an_edge_with_both_its_ends(row: str, edge: str, source: str) -> None:
    told = read(row)
    assert [(item.id, item.evidence[0].source) for item in told.edges] == [(edge, source)]
    assert told.dangling() == set()


def test_things_are_told_once_and_named_by_their_id() -> None:
    told = read(PRESENTS, PRESENTS)
    assert [(node.id, dict(node.names)) for node in told.nodes] == [
        ("DOID:2841", {"en": "DOID:2841"}),
        ("MESH:D003371", {"en": "MESH:D003371"}),
    ]


@pytest.mark.parametrize(
    ("row", "column", "rule", "severity"),
    [
        ("Gene::1\tbioarx::HumGenHumGen:Gene:Gene::Gene:Gene\tGene::2", "relation", "relation-not-held", "skipped"),
        ("Gene::1\tnonsense\tGene::2", "relation", "relation-form", "error"),
        (PRESENTS.replace("Symptom::D", "Gene::D"), "tail", "id-kind", "error"),
        (PRESENTS.replace("DOID:2841", "a b"), "head", "id-form", "error"),
        (PRESENTS.replace("DOID:2841", "SARS:1"), "head", "id-outside", "skipped"),
        ("one\ttwo", "", "row-width", "error"),
    ],
)
def test_a_row_that_is_not_taken_is_told_with_its_own_line(row: str, column: str, rule: str, severity: str) -> None:
    told = read(PRESENTS, row)
    assert [(line, where, what, how) for _, line, where, what, _, how in places(told)] == [(2, column, rule, severity)]


def test_a_table_without_header_is_recognised_by_its_first_row() -> None:
    assert slots_of(drkg.FORMAT, table("drkg.tsv", PRESENTS)) == ["triples"]
    assert slots_of(drkg.FORMAT, table("x.sif", "Disease::DOID:2841\tDpS\tSymptom::D003371")) == []
