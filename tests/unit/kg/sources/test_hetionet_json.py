from __future__ import annotations

import json
from typing import Any

import pytest

from kg.sources import hetionet_json
from tests.unit.kg.sources.collection_records import counts, places, read_all, table
from tests.unit.kg.sources.reading_formats import Told, slots_of

NODES: list[Any] = [
    {"kind": "Disease", "identifier": "DOID:2841", "name": "asthma", "data": {"source": "Disease Ontology"}},
    {"kind": "Symptom", "identifier": "D003371", "name": "Cough", "data": {}},
    {"kind": "Gene", "identifier": 9021, "name": "SOCS3", "data": {}},
    {"kind": "Pharmacologic Class", "identifier": "N0000175779", "name": "Agonist", "data": {}},
    {"kind": "Compound", "identifier": "DB01001", "name": "Salbutamol", "data": {}},
]


def edge(start: list[Any], kind: str, end: list[Any], /, **data: Any) -> dict[str, Any]:
    return {"source_id": start, "target_id": end, "kind": kind, "direction": "both", "data": data}


ASTHMA, COUGH, DRUG = ["Disease", "DOID:2841"], ["Symptom", "D003371"], ["Compound", "DB01001"]


def document(nodes: list[Any] = NODES, edges: list[Any] | None = None) -> str:
    head = {"metanode_kinds": ["Disease"], "metaedge_tuples": [], "kind_to_abbrev": {}}
    return json.dumps({**head, "nodes": nodes, "edges": edges or []}, indent=1)


def read(text: str) -> Told:
    return read_all(hetionet_json.FORMAT, document=table("h.json", text))


def test_nodes_and_edges_are_those_of_the_tables() -> None:
    told = read(
        document(
            edges=[
                edge(ASTHMA, "presents", COUGH, source="MEDLINE cooccurrence", unbiased=False),
                edge(["Pharmacologic Class", "N0000175779"], "includes", DRUG),
                edge(DRUG, "palliates", ASTHMA, sources=["PharmacotherapyDB", "x"], license="CC BY 3.0"),
            ]
        )
    )
    assert counts(told)[0] == {"Disease": 1, "Symptom": 1, "DrugClass": 1, "Drug": 1}
    first, second, third = told.edges
    assert first.id == "DOID:2841/HAS_SYMPTOM/MESH:D003371"
    assert (first.evidence[0].source, first.evidence[0].licence) == ("medline-cooccurrence", "CC0-1.0")
    assert second.id == "DRUGBANK:DB01001/IN_CLASS/NDFRT:N0000175779"
    assert second.evidence[0].source == "hetionet"
    assert [(item.source, item.licence) for item in third.evidence] == [
        ("pharmacotherapydb", "CC BY 3.0"),
        ("x", "CC BY 3.0"),
    ]
    assert places(told) == [("h.json", 3, "nodes.kind", "kind-not-held", "Gene", "skipped")]


@pytest.mark.parametrize(
    ("item", "column", "rule", "severity"),
    [
        (edge(ASTHMA, "associates", ["Gene", 9021]), "edges.kind", "edge-not-held", "skipped"),
        (edge(ASTHMA, "presents", ["Virus", "x"]), "edges.kind", "edge-unknown", "error"),
        (edge(ASTHMA, "presents", ["Symptom", "cough"]), "edges.target_id", "id-form", "error"),
        (edge(["Disease"], "presents", COUGH), "edges.source_id", "end-form", "error"),
        ("no edge", "edges", "item-form", "error"),
    ],
)
def test_an_edge_that_is_not_taken_is_told_with_its_number(item: Any, column: str, rule: str, severity: str) -> None:
    told = read(document([], [edge(ASTHMA, "presents", COUGH), item]))
    ((_, number, *where, _, how),) = places(told)
    assert (number, where, how) == (2, [column, rule], severity)
    assert len(told.edges) == 1


def test_a_document_that_is_cut_short_is_told_after_what_stands_before() -> None:
    text = document(edges=[edge(ASTHMA, "presents", COUGH)] * 30)
    told = read(text[: len(text) * 2 // 3])
    assert told.ids("Disease") == {"DOID:2841"}
    assert [problem.rule for problem in told.errors] == ["json-form"]


def test_the_metagraph_which_has_no_nodes_is_not_taken_for_the_graph() -> None:
    assert slots_of(hetionet_json.FORMAT, table("h.json", document())) == ["document"]
    assert slots_of(hetionet_json.FORMAT, table("h.json", '{"metanode_kinds": []}')) == []
