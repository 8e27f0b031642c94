from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.sources import kgx
from kg.values import Same
from tests.unit.kg.sources.collection_records import counts, places, read_all, table
from tests.unit.kg.sources.reading_formats import Opened, Told, slots_of

NODES: list[dict[str, Any]] = [
    {
        "id": "MONDO:1",
        "category": ["biolink:NamedThing", "biolink:Disease"],
        "name": "asthma",
        "xref": ["mesh:D1", "ICD10CM:J45", "http://x"],
        "same_as": ["DOID:1"],
        "synonym": ["Asthma", "wheezing illness"],
        "provided_by": ["infores:mondo"],
    },
    {"id": "HP:1", "category": ["biolink:PhenotypicFeature"], "name": "Cough"},
    {"id": "CHEBI:1", "category": ["biolink:SmallMolecule"], "name": "salbutamol"},
    {"id": "NDFRT:N1", "category": ["biolink:ChemicalEntity"], "name": "agonists"},
    {"id": "HGNC:1", "category": ["biolink:Gene"], "name": "SOCS3"},
]


def lines(name: str, items: list[dict[str, Any]]) -> Any:
    return table(name, *(json.dumps(item) for item in items))


def edge(subject: str, predicate: str, object: str, **fields: Any) -> dict[str, Any]:
    return {"id": "e1", "subject": subject, "predicate": f"biolink:{predicate}", "object": object, **fields}


def read(*edges: dict[str, Any]) -> Told:
    return read_all(kgx.FORMAT, nodes=lines("n.jsonl", NODES), edges=lines("e.jsonl", list(edges)))


def test_a_node_brings_its_codes_synonyms_and_links() -> None:
    told = read(edge("MONDO:1", "has_phenotype", "HP:1"))
    node = told.node("MONDO:1")
    assert node.synonyms == {"en": ("wheezing illness",)}
    assert node.xrefs == ("DOID:1", "MESH:D1")
    assert told.links == [Same("Disease", "MONDO:1", "DOID:1", "exact"), Same("Disease", "MONDO:1", "MESH:D1", "xref")]
    (coded,) = told.edges_of("CODED_AS")
    assert (coded.id, coded.evidence[0].source) == ("MONDO:1/CODED_AS/ICD10CM:J45", "mondo")
    assert told.rules == [("xref-not-held", "skipped"), ("kind-not-held", "skipped")]


@pytest.mark.parametrize(
    ("item", "key", "claims"),
    [
        (
            edge("MONDO:1", "has_phenotype", "HP:1", has_count=3, has_total=4),
            "MONDO:1/HAS_SYMPTOM/HP:1",
            {"weight": 0.75},
        ),
        (edge("MONDO:1", "has_phenotype", "HP:1", has_percentage=40.0), "MONDO:1/HAS_SYMPTOM/HP:1", {"weight": 0.4}),
        (edge("MONDO:1", "has_phenotype", "HP:1", has_quotient=0.5), "MONDO:1/HAS_SYMPTOM/HP:1", {"weight": 0.5}),
        (edge("MONDO:1", "has_phenotype", "HP:1", has_count=3), "MONDO:1/HAS_SYMPTOM/HP:1", {}),
        (
            edge("MONDO:1", "has_phenotype", "HP:1", frequency_qualifier="HP:0040283"),
            "MONDO:1/HAS_SYMPTOM/HP:1",
            {"weight": 0.17},
        ),
        (edge("HP:1", "phenotype_of", "MONDO:1"), "MONDO:1/HAS_SYMPTOM/HP:1", {}),
        (edge("CHEBI:1", "treats", "MONDO:1"), "CHEBI:1/TREATS/MONDO:1", {"purpose": "unknown"}),
        (edge("CHEBI:1", "ameliorates_condition", "MONDO:1"), "CHEBI:1/TREATS/MONDO:1", {"purpose": "symptomatic"}),
        (edge("CHEBI:1", "contraindicated_in", "MONDO:1"), "CHEBI:1/CONTRAINDICATED_FOR/MONDO:1", {}),
        (edge("CHEBI:1", "subclass_of", "NDFRT:N1"), "CHEBI:1/IN_CLASS/NDFRT:N1", {}),
        (edge("MONDO:1", "subclass_of", "MONDO:2"), "MONDO:1/IS_A/MONDO:2", {}),
        (edge("CHEBI:1", "has_side_effect", "HP:1"), "CHEBI:1/CAUSES/HP.SE:1", {}),
    ],
)
def test_a_predicate_becomes_an_edge_with_its_claims(item: dict[str, Any], key: str, claims: dict[str, Any]) -> None:
    told = read(item)
    (found,) = (edge for edge in told.edges if edge.kind != "CODED_AS")
    assert (found.id, dict(found.evidence[0].claims)) == (key, claims)


def test_a_phenotype_that_a_drug_causes_is_a_side_effect_with_its_name() -> None:
    told = read(edge("CHEBI:1", "has_side_effect", "HP:1"))
    effect = told.node("HP.SE:1")
    assert (effect.kind, effect.names["en"], effect.xrefs) == ("SideEffect", "Cough", ("HP:1",))


def test_the_primary_source_its_licence_and_publications_are_the_evidence() -> None:
    told = read(
        edge(
            *("MONDO:1", "has_phenotype", "HP:1"),
            primary_knowledge_source="infores:hpo-annotations",
            publications=["PMID:1", "PMID:2"],
            agent_type="manual_agent",
        ),
        edge("CHEBI:1", "treats", "MONDO:1", primary_knowledge_source="infores:x", license="CC BY 1"),
    )
    first, second = (item.evidence[0] for item in told.edges if item.kind != "CODED_AS")
    assert (first.source, first.licence, first.reference) == ("hpo-annotations", "HPO licence", "PMID:1|PMID:2")
    assert first.asserted_by == "manual_agent"
    assert (second.source, second.licence, second.reference) == ("x", "CC BY 1", "e1")


@pytest.mark.parametrize("fields", [{"negated": True, "has_quotient": 0.5}, {"has_quotient": 0.0}])
def test_what_is_negated_or_never_seen_is_evidence_against(fields: dict[str, Any]) -> None:
    (found,) = read(edge("MONDO:1", "has_phenotype", "HP:1", **fields)).edges_of("HAS_SYMPTOM")
    assert (found.evidence[0].direction, dict(found.evidence[0].claims)) == ("against", {})


@pytest.mark.parametrize(
    ("line", "column", "rule", "severity"),
    [
        (edge("MONDO:1", "located_in", "HP:1"), "predicate", "edge-not-held", "skipped"),
        (edge("HGNC:1", "has_phenotype", "HP:1"), "predicate", "ends-not-held", "skipped"),
        (edge("MONDO:1", "treats", "HP:1"), "predicate", "ends-not-held", "skipped"),
        (edge("a b", "treats", "HP:1"), "subject", "id-form", "error"),
        (edge("MONDO:1", "has_phenotype", "HP:1", has_quotient="much"), "has_quotient", "not-a-number", "error"),
        (edge("MONDO:1", "has_phenotype", "HP:1", has_count=5, has_total=4), "has_total", "not-a-share", "error"),
        (
            edge("MONDO:1", "has_phenotype", "HP:1", frequency_qualifier="HP:1"),
            "frequency_qualifier",
            "frequency-form",
            "error",
        ),
        ({"id": "x"}, "subject", "missing-field", "error"),
        ('{"id": ', "", "json-form", "error"),
        ("[1]", "", "item-form", "error"),
        ("[" * 100_000, "", "json-form", "error"),
    ],
)
def test_an_edge_that_is_not_taken_is_told_with_its_line(line: Any, column: str, rule: str, severity: str) -> None:
    good = edge("MONDO:1", "has_phenotype", "HP:1")
    text = line if isinstance(line, str) else json.dumps(line)
    files = table("e.jsonl", json.dumps(good), text, json.dumps(good))
    told = read_all(kgx.FORMAT, nodes=lines("n.jsonl", NODES), edges=files)
    found = [item for item in places(told) if item[0] == "e.jsonl"]
    assert [(at, where, what, how) for _, at, where, what, _, how in found] == [(2, column, rule, severity)]
    assert len(told.edges_of("HAS_SYMPTOM")) == 2


@pytest.mark.parametrize("ending", ["tsv", "jsonl"])
def test_both_spellings_of_a_real_graph_are_read_whole(ending: str, shared_data: Path) -> None:
    folder = shared_data / "layouts" / "kgx"
    nodes, edges = Opened(folder / f"mkg_nodes.{ending}"), Opened(folder / f"mkg_edges.{ending}")
    assert (slots_of(kgx.FORMAT, nodes), slots_of(kgx.FORMAT, edges)) == (["nodes"], ["edges"])
    told = read_all(kgx.FORMAT, nodes=nodes, edges=edges)
    assert counts(told) == (
        {"Disease": 137, "Symptom": 438, "Drug": 1552, "DrugClass": 345, "IcdCode": 125},
        {"HAS_SYMPTOM": 3357, "TREATS": 755 + 390, "IN_CLASS": 1029, "RESEMBLES": 543, "CODED_AS": 126},
        {"xref": 338},
    )
    assert not told.problems
    assert told.dangling() == set()
