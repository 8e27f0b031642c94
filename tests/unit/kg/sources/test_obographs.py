from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.sources import obo, obographs
from kg.values import Node
from tests.unit.kg.sources.collection_records import places, read_all, table
from tests.unit.kg.sources.reading_formats import Opened, Told, slots_of

OBO = "http://purl.obolibrary.org/obo/"


def node(key: str, label: str | None, kind: str = "CLASS", **meta: Any) -> dict[str, Any]:
    return {"id": OBO + key, "lbl": label, "type": kind, "meta": meta}


def document(nodes: list[Any], edges: list[Any] | None = None) -> str:
    meta = {
        "basicPropertyValues": [{"pred": "x", "val": "https://creativecommons.org/licenses/by/4.0/"}],
        "version": OBO + "mondo/releases/2026-08-04/mondo.owl",
    }
    return json.dumps({"graphs": [{"id": OBO + "mondo.owl", "meta": meta, "nodes": nodes, "edges": edges or []}]})


def read(text: str) -> Told:
    return read_all(obographs.FORMAT, ontologies=table("mondo.json", text))


def plain(node: Node) -> tuple[object, ...]:
    """What a node tells, whatever the order of its synonyms."""
    return node.kind, node.id, dict(node.names), sorted(node.synonyms.get("en", ())), node.xrefs


def test_a_node_tells_what_its_stanza_would() -> None:
    told = read(
        document(
            [
                node(
                    "MONDO_0004979",
                    "asthma",
                    synonyms=[
                        {"pred": "hasExactSynonym", "val": 'the "wheeze" \\ x'},
                        {"pred": "hasNarrowSynonym", "val": "child asthma"},
                    ],
                    xrefs=[{"val": "ICD10CM:J45"}, {"val": "Orphanet:12"}, {"val": "http://x.org"}],
                    basicPropertyValues=[
                        {"pred": "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId", "val": "MONDO:9"}
                    ],
                ),
                node("MONDO_0001358", "bronchial disease"),
                node(
                    "MONDO_0000002",
                    "old asthma",
                    deprecated=True,
                    basicPropertyValues=[{"pred": OBO + "IAO_0100001", "val": OBO + "MONDO_0004979"}],
                ),
            ],
            [
                {"sub": OBO + "MONDO_0004979", "pred": "is_a", "obj": OBO + "MONDO_0001358"},
                {"sub": OBO + "MONDO_0004979", "pred": OBO + "RO_0004026", "obj": OBO + "UBERON_1"},
            ],
        )
    )
    asthma = told.node("MONDO:0004979")
    assert asthma.synonyms == {"en": ('the "wheeze" \\ x',)}
    assert asthma.xrefs == ("MONDO:9", "ORPHA:12")
    assert {edge.id for edge in told.edges} == {
        "MONDO:0004979/IS_A/MONDO:0001358",
        "MONDO:0004979/CODED_AS/ICD10CM:J45",
    }
    evidence = told.edges_of("IS_A")[0].evidence[0]
    assert (evidence.source, evidence.version, evidence.licence) == ("mondo", "2026-08-04", "CC BY 4.0")
    assert {(link.left, link.right, link.why) for link in told.links} == {
        ("MONDO:9", "MONDO:0004979", "replaced"),
        ("MONDO:0004979", "ORPHA:12", "xref"),
        ("MONDO:0000002", "MONDO:0004979", "replaced"),
    }
    assert {rule for rule, _ in told.rules} == {"obsolete", "xref-not-held", "synonym-scope", "relationship-not-held"}


@pytest.mark.parametrize(
    ("item", "column", "rule", "severity"),
    [
        (node("RO_0004026", "located in", "PROPERTY"), "type", "stanza-not-held", "skipped"),
        (node("UBERON_1", "nose"), "id", "id-outside", "skipped"),
        (node("MONDO_7", None), "name", "no-name", "error"),
        (node("MONDO_1", "again"), "id", "id-twice", "error"),
        ("no node", "graphs.item.nodes", "item-form", "error"),
    ],
)
def test_a_node_that_is_not_taken_is_told_with_its_number(item: Any, column: str, rule: str, severity: str) -> None:
    told = read(document([node("MONDO_1", "disease"), item]))
    assert [(line, where, what, how) for _, line, where, what, _, how in places(told)] == [(2, column, rule, severity)]
    assert told.ids("Disease") == {"MONDO:1"}


def test_another_ontology_and_damage_are_told() -> None:
    other = '{"graphs": [{"id": "http://purl.obolibrary.org/obo/go.owl", "nodes": []}]}'
    assert read(other).rules == [("ontology-unknown", "error")]
    text = document([node(f"MONDO_{number}", "x") for number in range(1, 90)])
    told = read(text[:-200])
    assert [rule for rule, severity in told.rules if severity == "error"] == ["json-form"]
    assert len(told.nodes) > 50


@pytest.mark.parametrize(
    "name",
    ["disease-ontology/DO_RAD_slim", "disease-ontology/DO_infectious_disease_slim", "symptom-ontology/symp"],
)
def test_both_formats_of_an_ontology_tell_the_same(name: str, shared_data: Path) -> None:
    text = Opened(shared_data / f"{name}.json")
    assert slots_of(obographs.FORMAT, text) == ["ontologies"]
    first = read_all(obographs.FORMAT, ontologies=text)
    second = read_all(obo.FORMAT, ontologies=Opened(shared_data / f"{name}.obo"))
    assert sorted(map(plain, first.nodes), key=str) == sorted(map(plain, second.nodes), key=str)
    assert {(edge.id, str(edge.evidence)) for edge in first.edges} == {
        (edge.id, str(edge.evidence)) for edge in second.edges
    }
    assert set(first.links) == set(second.links)
    assert len(first.nodes) > 100
