from __future__ import annotations

from typing import Any

import pytest

from kg.sources.mapping import read_mapping
from kg.sources.records import Found, Problem, Record
from kg.sources.table import read
from kg.values import Edge, Node

SOURCE = """source: {name: clinic, version: "1", licence: CC0-1.0, asserted_by: us, reference: "{@file} {@line}"}
tables:
  - file: t.csv
"""


def made(table: str, *lines: str) -> list[Record]:
    mapping = read_mapping(SOURCE + "\n".join(f"    {line}" for line in table.splitlines()), "m.yaml")
    return list(read(mapping, {"t.csv": [f"{line}\n" for line in lines]}))


def records(found: list[Record], kind: type[Any]) -> list[Any]:
    return [item.record for item in found if isinstance(item, Found) and isinstance(item.record, kind)]


def problems(found: list[Record]) -> list[tuple[int, str, str, str]]:
    return [(item.place.line, item.place.column, item.rule, item.value) for item in found if isinstance(item, Problem)]


NODE = """nodes:
  - kind: Disease
    id: "DOID:{n}"
    names: {en: "{name}", ru: "{имя}"}
    synonyms: {en: "{also}"}
    split: "|"
    xrefs: ["MESH:{mesh}"]
    properties: {age_min: "{from}", sex: "{sex}", prior: "{prior}"}
"""
HEAD = "n,name,имя,also,mesh,from,sex,prior"


def test_a_row_becomes_a_node_with_numbers_where_the_schema_has_them() -> None:
    (node,) = records(made(NODE, HEAD, "1,flu,грипп,grippe|Flu|Grippe| |influenza,D7251,18.0,male,0.5"), Node)
    assert node.id == "DOID:1"
    assert node.names == {"en": "flu", "ru": "грипп"}
    assert node.synonyms == {"en": ("grippe", "influenza")}
    assert node.properties == {"age_min": 18, "sex": "male", "prior": 0.5}
    assert isinstance(node.properties["age_min"], int)
    assert node.xrefs == ("MESH:D7251",)


def test_empty_cells_leave_out_what_is_made_of_them() -> None:
    assert records(made(NODE, HEAD, "1,,грипп,,,,,"), Node) == [Node("Disease", "DOID:1", {"ru": "грипп"})]


@pytest.mark.parametrize(
    ("row", "column", "rule", "value"),
    [
        (",x,,,,,,", "n", "empty-cell", ""),
        ("a b,x,,,,,,", "n", "id-form", "DOID:a b"),
        ("1,,,,,,,", "name", "empty-cell", ""),
        ("1,x,,,a b,,,", "mesh", "id-form", "MESH:a b"),
        ("1,x,,,,old,,", "from", "property", "old"),
        ("1,x,,,,1.5,,", "from", "property", "1.5"),
        ("1,x,,,,-1,,", "from", "property", "-1"),
        ("1,x,,,,,Male,", "sex", "property", "Male"),
        ("1,x,,,,,,nan", "prior", "property", "nan"),
        ("1,x,,,,,,inf", "prior", "property", "inf"),
        ("1,x,,a\x07b,,,,", "also", "text", "a\x07b"),
    ],
)
def test_a_wrong_cell_is_told_with_its_column(row: str, column: str, rule: str, value: str) -> None:
    found = made(NODE, HEAD, row)
    assert problems(found) == [(2, column, rule, value)]
    assert not records(found, Node)


def test_an_infinite_age_is_told_and_does_not_break_the_load() -> None:
    assert problems(made(NODE, HEAD, "1,x,,,,inf,,")) == [(2, "from", "property", "inf")]


EDGE = """edges:
  - kind: HAS_SYMPTOM
    each: {column: symptoms, by: ";"}
    start: "DOID:{n}"
    end: "OWN:{symptoms|slug}"
    claims: {weight: "{w}"}
    evidence: {source: "{src}", snippet: "{quote}", direction: against, version: "2"}
"""
EDGE_HEAD = "n,symptoms,w,src,quote"


def test_each_part_of_a_cell_becomes_an_edge_with_its_evidence() -> None:
    edges = records(made(EDGE, EDGE_HEAD, "1,cough; fever ;,0.5,paper,seen"), Edge)
    assert [edge.end for edge in edges] == ["OWN:cough", "OWN:fever"]
    (evidence,) = edges[0].evidence
    assert (evidence.source, evidence.version, evidence.licence) == ("paper", "2", "CC0-1.0")
    assert (evidence.reference, evidence.snippet, evidence.direction) == ("t.csv 2", "seen", "against")
    assert evidence.claims == {"weight": 0.5}


def test_an_empty_cell_of_the_evidence_falls_back_to_the_source() -> None:
    (edge,) = records(made(EDGE, EDGE_HEAD, "1,cough,,,"), Edge)
    assert edge.evidence[0].source == "clinic"
    assert edge.evidence[0].snippet is None
    assert edge.evidence[0].claims == {}


@pytest.mark.parametrize(
    ("row", "column", "rule", "value"),
    [
        ("1,cough,2,,", "w", "property", "2.0"),
        ('1,cough,"0,5",,', "w", "property", "0,5"),
        (",cough,,,", "n", "empty-cell", ""),
        ("1,cough,,curation,", "src", "source-reserved", "curation"),
        ("1,cough,,mkg-core,", "src", "source-reserved", "mkg-core"),
        ('1,cough,,,"a\nb"', "quote", "text", "a\nb"),
    ],
)
def test_a_wrong_cell_of_an_edge_is_told_with_its_column(row: str, column: str, rule: str, value: str) -> None:
    lines = [EDGE_HEAD, *row.split("\n")]
    assert problems(made(EDGE, *lines)) == [(2, column, rule, value)]


def test_rows_without_the_asked_for_cell_make_nothing() -> None:
    table = 'edges:\n  - {kind: IS_A, when: up, start: "DOID:{n}", end: "DOID:{up}"}\n'
    found = made(table, "n,up", "1,", "2,1")
    assert [edge.id for edge in records(found, Edge)] == ["DOID:2/IS_A/DOID:1"]
    assert not problems(found)


def test_a_node_told_in_many_rows_is_told_once() -> None:
    assert len(records(made(NODE, HEAD, *["1,flu,,,,,,"] * 3), Node)) == 1


def test_comments_are_passed_over_and_lines_keep_their_numbers() -> None:
    table = 'comment: "#"\ndelimiter: "|"\n' + 'nodes:\n  - {kind: Symptom, id: "OWN:{n}", names: {en: "{name}"}}\n'
    found = made(table, "# made in May", "n|name", "# half", "1|cough", "|x")
    assert [node.id for node in records(found, Node)] == ["OWN:1"]
    assert problems(found) == [(5, "n", "empty-cell", "")]


def test_a_column_that_is_neither_used_nor_ignored_is_told() -> None:
    table = 'ignore: [note]\nnodes:\n  - {kind: Symptom, id: "OWN:{n}", names: {en: "{name}"}}\n'
    (problem,) = (item for item in made(table, "n,name,note,more", "1,cough,a,b") if isinstance(item, Problem))
    assert (problem.place.line, problem.place.column, problem.rule, problem.severity) == (
        1,
        "more",
        "column-not-used",
        "skipped",
    )
