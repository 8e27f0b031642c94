from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from kg.sources import hpoa
from tests.unit.kg.sources.collection_records import counts, places, read_all, table
from tests.unit.kg.sources.reading_formats import Opened, Told, slots_of

HEAD = ["#description: x", "#version: 2025-01-16", "\t".join(hpoa.COLUMNS)]


def row(
    disease: str = "OMIM:1",
    name: str = "a disease",
    *,
    qualifier: str = "",
    sign: str = "HP:0002094",
    reference: str = "PMID:1",
    code: str = "PCS",
    frequency: str = "",
    aspect: str = "P",
) -> str:
    return "\t".join(
        (disease, name, qualifier, sign, reference, code, "", frequency, "", "", aspect, "HPO:x[2021-06-21]")
    )


def read(*rows: str) -> Told:
    return read_all(hpoa.FORMAT, annotations=table("phenotype.hpoa", *HEAD, *rows))


def told_errors(told: Told) -> list[tuple[int, str, str, str]]:
    return [
        (line, column, rule, severity)
        for _, line, column, rule, _, severity in places(told)
        if rule != "column-not-used"
    ]


def test_a_row_becomes_an_edge_with_its_frequency_reference_and_code() -> None:
    told = read(row(frequency="3/4"), row("ORPHA:2", "another", code="TAS"))
    first, second = told.edges
    evidence = first.evidence[0]
    assert first.id == "OMIM:1/HAS_SYMPTOM/HP:0002094"
    assert (evidence.source, evidence.version, evidence.licence) == ("hpo-annotations", "2025-01-16", "HPO licence")
    assert (evidence.reference, evidence.asserted_by, evidence.snippet) == ("PMID:1", "HPO PCS", "frequency 3/4")
    assert evidence.claims == {"weight": 0.75}
    assert second.evidence[0].claims == {}
    assert {node.id: node.names["en"] for node in told.nodes} == {"OMIM:1": "a disease", "ORPHA:2": "another"}


@pytest.mark.parametrize("cells", [{"qualifier": "NOT", "frequency": "1/2"}, {"frequency": "0/9"}, {"frequency": "0%"}])
def test_what_is_absent_is_evidence_against_without_a_weight(cells: dict[str, str]) -> None:
    (edge,) = read(row(**cells)).edges
    assert edge.evidence[0].direction == "against"
    assert edge.evidence[0].claims == {}


def test_rows_from_omim_keep_the_limit_of_their_licence() -> None:
    (edge,) = read(row(code="IEA")).edges
    assert "OMIM" in edge.evidence[0].licence


def test_a_second_name_of_a_disease_is_told_as_well() -> None:
    told = read(row(), row(), row(name="its other name"))
    assert [node.names["en"] for node in told.nodes] == ["a disease", "its other name"]


@pytest.mark.parametrize(
    ("line", "column", "rule", "severity"),
    [
        (row(aspect="I"), "aspect", "aspect-not-held", "skipped"),
        (row(aspect="Z"), "aspect", "aspect-unknown", "error"),
        (row("MIM 1"), "database_id", "id-form", "error"),
        (row("OMIM:a b"), "database_id", "id-form", "error"),
        (row(sign="MP:1"), "hpo_id", "id-form", "error"),
        (row(frequency="often"), "frequency", "frequency-form", "error"),
        (row(code="XYZ"), "evidence", "evidence-unknown", "error"),
        (row(qualifier="MAYBE"), "qualifier", "qualifier-unknown", "error"),
        (row(reference=""), "", "edge-schema", "error"),
        (row(name=""), "disease_name", "node-schema", "error"),
        ("OMIM:1\ttoo short", "", "row-width", "error"),
        ('OMIM:1\t"open', "", "quoting", "error"),
    ],
)
def test_a_row_that_is_not_taken_is_told_each_time(line: str, column: str, rule: str, severity: str) -> None:
    told = read(row("OMIM:9", "x", sign="HP:0000001", reference="PMID:7"), line, line)
    expected = [(5, column, rule, severity), (6, column, rule, severity)]
    # A name is told once, and so is what is wrong with it.
    if rule == "node-schema":
        expected = expected[:1]
    assert [(item[0], item[2], item[3]) for item in told_errors(told)] == [
        (at, what, how) for at, _, what, how in expected
    ]
    assert told_errors(told)[0] == expected[0]


def test_quoted_cells_and_carriage_returns_are_read() -> None:
    told = read(row(name='"a ""rare"" disease"') + "\r\n")
    assert told.nodes[0].names["en"] == 'a "rare" disease'


def test_a_wrong_header_is_told_and_ends_the_file() -> None:
    told = read_all(hpoa.FORMAT, annotations=table("x.hpoa", "#x", HEAD[-1].replace("aspect", "facet"), row()))
    assert places(told) == [("x.hpoa", 2, "aspect", "missing-column", "aspect", "error")]
    assert read_all(hpoa.FORMAT, annotations=table("x.hpoa", "#x")).rules == [("empty-file", "error")]


def test_all_annotations_are_read_in_a_few_seconds(shared_data: Path) -> None:
    text = Opened(shared_data / "hpo" / "phenotype.hpoa.gz")
    assert slots_of(hpoa.FORMAT, text) == ["annotations"]
    (part,) = hpoa.FORMAT.plan({"annotations": [text]})
    begun = time.process_time()
    number = sum(1 for _ in part.records())
    assert time.process_time() - begun < 6.0
    assert number == 254_621 + 12_741 + 17_081 + 4
    told = read_all(hpoa.FORMAT, annotations=text)
    assert counts(told) == ({"Disease": 12_741}, {"HAS_SYMPTOM": 254_621}, {})
    assert Counter(told.rules) == {("aspect-not-held", "skipped"): 17_081, ("column-not-used", "skipped"): 4}
    assert Counter(edge.evidence[0].direction for edge in told.edges)["against"] == 2_704
