from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg.sources import sssom
from kg.values import Same
from tests.unit.kg.sources.collection_records import counts, places, read_all, table
from tests.unit.kg.sources.reading_formats import Opened, Told, slots_of

HEAD = [
    "# curie_map:",
    "#   MONDO: http://purl.obolibrary.org/obo/MONDO_",
    "# license: https://creativecommons.org/publicdomain/zero/1.0/",
    "# mapping_set_version: http://x/releases/2026-08-04/mappings/x.sssom.tsv",
    "# subject_source: infores:mondo",
    "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification",
]


def row(right: str, predicate: str = "skos:exactMatch", left: str = "MONDO:1", label: str = "a disease") -> str:
    return f"{left}\t{label}\t{predicate}\t{right}\tits label\tsemapv:ManualMappingCuration"


def read(*rows: str) -> Told:
    return read_all(sssom.FORMAT, mappings=table("x.sssom.tsv", *HEAD, *rows))


@pytest.mark.parametrize(
    ("right", "usual"),
    [("mesh:D1", "MESH:D1"), ("Orphanet:7", "ORPHA:7"), ("OMIM:7", "OMIM:7"), ("UMLS:C1", "UMLS:C1")],
)
def test_an_exact_match_links_two_ids_and_names_the_disease(right: str, usual: str) -> None:
    told = read(row(right), row(right, "oboInOwl:hasDbXref"))
    assert told.links == [Same("Disease", "MONDO:1", usual, "exact"), Same("Disease", "MONDO:1", usual, "xref")]
    assert [(node.id, dict(node.names)) for node in told.nodes] == [("MONDO:1", {"en": "a disease"})]


@pytest.mark.parametrize("predicate", ["skos:exactMatch", "oboInOwl:hasDbXref"])
def test_a_code_becomes_a_node_and_the_edge_says_how_it_was_mapped(predicate: str) -> None:
    told = read(row("ICD10CM:J450", predicate), row("ICD10WHO:J45", predicate))
    assert {edge.id for edge in told.edges} == {"MONDO:1/CODED_AS/ICD10CM:J45.0", "MONDO:1/CODED_AS/ICD10:J45"}
    evidence = told.edges[0].evidence[0]
    assert (evidence.source, evidence.version, evidence.licence) == ("mondo", "2026-08-04", "CC0-1.0")
    assert evidence.reference == f"MONDO:1 {predicate} ICD10CM:J45.0"
    assert evidence.asserted_by == "semapv:ManualMappingCuration"
    assert told.dangling() == set()


def test_a_match_from_a_code_to_a_disease_is_read_the_other_way_round() -> None:
    told = read(row("MONDO:1", left="ICD10CM:J45"))
    assert told.edges[0].id == "MONDO:1/CODED_AS/ICD10CM:J45"
    assert told.node("MONDO:1").names == {"en": "its label"}


@pytest.mark.parametrize(
    ("line", "column", "rule", "severity"),
    [
        (row("MESH:D1", "skos:broadMatch"), "predicate_id", "predicate-not-held", "skipped"),
        (row("NCIT:C1"), "object_id", "id-outside", "skipped"),
        (row("MESH:D1", left="HP:1"), "subject_id", "id-outside", "skipped"),
        (row("D1"), "object_id", "id-form", "error"),
        (row("ICD10CM:QA0.0142"), "object_id", "id-form", "error"),
        (row("MONDO:1"), "", "mapping-schema", "error"),
        ("MONDO:1\tx", "", "row-width", "error"),
    ],
)
def test_a_row_that_is_not_taken_is_told_with_its_line(line: str, column: str, rule: str, severity: str) -> None:
    told = read(line)
    assert [(at, where, what, how) for _, at, where, what, _, how in places(told)] == [(7, column, rule, severity)]


def test_a_table_without_a_head_tells_neither_version_nor_licence() -> None:
    (part,) = sssom.FORMAT.plan({"mappings": [table("x.tsv", HEAD[-1], row("MESH:D1"))]})
    assert (part.source, part.version, part.licence) == ("sssom", "undated", "not told")


def test_all_mappings_of_mondo_are_one_part_and_read_or_told(shared_data: Path) -> None:
    files = [Opened(path) for path in sorted((shared_data / "mondo-mappings").glob("*.tsv"))]
    assert [slots_of(sssom.FORMAT, file) for file in files] == [["mappings"]] * 8
    (part,) = sssom.FORMAT.plan({"mappings": files})
    assert (part.source, part.version, part.licence) == ("mondo", "2026-08-04", "CC0-1.0")
    told = read_all(sssom.FORMAT, mappings=list(files))
    exact = 11_966 + 8_181 + 10_045 + 9_785 + 21_660
    assert counts(told)[1:] == ({"CODED_AS": 2_038 + 2_142 + 209 - 2}, {"exact": exact})
    # A code of another system, twice.
    assert Counter(told.rules) == {("id-form", "error"): 2}
    assert told.dangling() == set()
