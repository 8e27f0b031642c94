from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg.sources import hetionet
from kg.sources.records import Found, Problem, Record
from kg.values import Edge, Node
from tests.unit.kg.sources.collection_records import counts, places, read_all, records_of, table
from tests.unit.kg.sources.reading_formats import Opened

NODES = [
    "id\tname\tkind\r\n",
    "Disease::DOID:2841\tasthma\tDisease\r\n",
    "Symptom::D003371\tCough\tSymptom\r\n",
    "Compound::DB01001\tSalbutamol\tCompound\r\n",
    "Pharmacologic Class::N0000175779\tbeta2-Adrenergic Agonist\tPharmacologic Class\r\n",
    "Side Effect::C0040822\tTremor\tSide Effect\r\n",
]
EDGES = ["source\tmetaedge\ttarget\r\n"]


def read(nodes: list[str] = NODES, edges: list[str] | None = None) -> list[Record]:
    return records_of(
        hetionet.FORMAT, nodes=table("nodes.tsv", *nodes), edges=table("edges.sif", *EDGES, *(edges or []))
    )


def nodes_of(records: list[Record]) -> dict[str, Node]:
    return {
        item.record.id: item.record for item in records if isinstance(item, Found) and isinstance(item.record, Node)
    }


def edges_of(records: list[Record]) -> list[Edge]:
    return [item.record for item in records if isinstance(item, Found) and isinstance(item.record, Edge)]


def problems_of(records: list[Record]) -> list[tuple[str, int, str, str, str, str]]:
    return [
        (item.place.file, item.place.line, item.place.column, item.rule, item.value, item.severity)
        for item in records
        if isinstance(item, Problem)
    ]


def test_every_kind_gets_the_label_and_the_prefix_of_its_vocabulary() -> None:
    assert {key: (node.kind, node.names["en"]) for key, node in nodes_of(read()).items()} == {
        "DOID:2841": ("Disease", "asthma"),
        "MESH:D003371": ("Symptom", "Cough"),
        "DRUGBANK:DB01001": ("Drug", "Salbutamol"),
        "NDFRT:N0000175779": ("DrugClass", "beta2-Adrenergic Agonist"),
        "UMLS:C0040822": ("SideEffect", "Tremor"),
    }


@pytest.mark.parametrize(
    ("line", "edge", "claims", "licence"),
    [
        ("Disease::DOID:2841\tDpS\tSymptom::D003371", "DOID:2841/HAS_SYMPTOM/MESH:D003371", {}, "CC0-1.0"),
        (
            "Compound::DB01001\tCtD\tDisease::DOID:2841",
            "DRUGBANK:DB01001/TREATS/DOID:2841",
            {"purpose": "disease_modifying"},
            "CC0-1.0",
        ),
        (
            "Compound::DB01001\tCpD\tDisease::DOID:2841",
            "DRUGBANK:DB01001/TREATS/DOID:2841",
            {"purpose": "symptomatic"},
            "CC0-1.0",
        ),
        (
            "Pharmacologic Class::N0000175779\tPCiC\tCompound::DB01001",
            "DRUGBANK:DB01001/IN_CLASS/NDFRT:N0000175779",
            {},
            "CC BY 4.0",
        ),
        (
            "Compound::DB01001\tCcSE\tSide Effect::C0040822",
            "DRUGBANK:DB01001/CAUSES/UMLS:C0040822",
            {},
            "CC BY-NC-SA 4.0",
        ),
        ("Disease::DOID:9\tDrD\tDisease::DOID:10", "DOID:10/RESEMBLES/DOID:9", {}, "CC0-1.0"),
    ],
)
def test_every_metaedge_becomes_an_edge_with_its_own_evidence(
    line: str, edge: str, claims: dict[str, str], licence: str
) -> None:
    (found,) = edges_of(read(edges=[line + "\r\n"]))
    (evidence,) = found.evidence
    metaedge = line.split("\t")[1]
    assert (found.id, dict(evidence.claims), evidence.licence) == (edge, claims, licence)
    assert (evidence.source, evidence.version, evidence.asserted_by) == ("hetionet", "1.0", "Hetionet v1.0")
    assert evidence.reference == f"hetionet-v1.0 {metaedge}"


def test_treats_and_palliates_of_one_pair_are_one_edge_with_two_items_of_evidence() -> None:
    first, second = edges_of(
        read(
            edges=[
                "Compound::DB01001\tCtD\tDisease::DOID:2841\n",
                "Compound::DB01001\tCpD\tDisease::DOID:2841\n",
            ]
        )
    )
    assert first.id == second.id
    assert first.evidence[0].id_for(first.id) != second.evidence[0].id_for(second.id)


def test_several_files_of_nodes_and_of_edges_are_one_graph() -> None:
    told = read_all(
        hetionet.FORMAT,
        nodes=[table("a.tsv", NODES[0], NODES[1]), table("b.tsv", NODES[0], NODES[2])],
        edges=[table("a.sif", *EDGES), table("b.sif", *EDGES, "Disease::DOID:2841\tDpS\tSymptom::D003371\n")],
    )
    assert counts(told) == ({"Disease": 1, "Symptom": 1}, {"HAS_SYMPTOM": 1}, {})


def test_a_wrong_header_is_told_and_the_other_files_are_read() -> None:
    told = read_all(
        hetionet.FORMAT,
        nodes=[table("a.tsv", "id\tname\n", NODES[1]), table("b.tsv", NODES[0], NODES[2])],
        edges=table("e.sif", *EDGES),
    )
    assert places(told) == [("a.tsv", 1, "kind", "missing-column", "kind", "error")]
    assert told.ids("Symptom") == {"MESH:D003371"}


def test_what_the_graph_does_not_hold_is_told_as_skipped() -> None:
    records = read(
        [NODES[0], "Gene::9021\tSOCS3\tGene\n", "Anatomy::UBERON:4\tnose\tAnatomy\n"],
        ["Disease::DOID:2841\tDaG\tGene::9021\n", "Compound::DB01001\tCrC\tCompound::DB01002\n"],
    )
    assert problems_of(records) == [
        ("nodes.tsv", 2, "kind", "kind-not-held", "Gene", "skipped"),
        ("nodes.tsv", 3, "kind", "kind-not-held", "Anatomy", "skipped"),
        ("edges.sif", 2, "metaedge", "edge-not-held", "DaG", "skipped"),
        ("edges.sif", 3, "metaedge", "edge-not-held", "CrC", "skipped"),
    ]


@pytest.mark.parametrize(
    ("line", "column", "rule", "value"),
    [
        ("Symptom::D003371\tCough\tSympton", "kind", "kind-unknown", "Sympton"),
        ("Disease::D003371\tCough\tSymptom", "id", "id-kind", "Disease::D003371"),
        ("Symptom::cough\tCough\tSymptom", "id", "id-form", "Symptom::cough"),
        ("Compound::DB1\tx\tCompound", "id", "id-form", "Compound::DB1"),
        ("Symptom::D003371\t \tSymptom", "name", "empty-cell", ""),
        ("Symptom::D003371\tCo\x07ugh\tSymptom", "", "node-schema", "MESH:D003371"),
        ("Symptom::D003371\tCough", "", "row-width", "2"),
    ],
)
def test_a_wrong_node_is_told_with_its_column_and_rule(line: str, column: str, rule: str, value: str) -> None:
    assert problems_of(read([NODES[0], line])) == [("nodes.tsv", 2, column, rule, value, "error")]


@pytest.mark.parametrize(
    ("line", "column", "rule", "value"),
    [
        ("Disease::DOID:1\tDxS\tSymptom::D003371", "metaedge", "edge-unknown", "DxS"),
        ("Symptom::D003371\tDpS\tDisease::DOID:1", "source", "id-kind", "Symptom::D003371"),
        ("Disease::DOID:1\tDpS\tSymptom::cough", "target", "id-form", "Symptom::cough"),
        ("Disease::DOID:1\tDrD\tDisease::DOID:1", "", "self-loop", "DOID:1/RESEMBLES/DOID:1"),
    ],
)
def test_a_wrong_edge_is_told_with_its_column_and_rule(line: str, column: str, rule: str, value: str) -> None:
    assert problems_of(read(edges=[line])) == [("edges.sif", 2, column, rule, value, "error")]


def test_all_of_the_clinical_extract_is_read_or_told(shared_data: Path) -> None:
    folder = shared_data / "hetionet"
    records = records_of(
        hetionet.FORMAT,
        nodes=Opened(folder / "hetionet-v1.0-nodes.clinical.tsv"),
        edges=Opened(folder / "hetionet-v1.0-edges.clinical.sif"),
    )
    assert Counter(node.kind for node in nodes_of(records).values()) == {
        "Drug": 1552,
        "Symptom": 438,
        "DrugClass": 345,
        "Disease": 137,
    }
    assert Counter(edge.kind for edge in edges_of(records)) == {
        "HAS_SYMPTOM": 3357,
        "TREATS": 755 + 390,
        "IN_CLASS": 1029,
        "RESEMBLES": 543,
    }
    assert Counter(problem[3:] for problem in problems_of(records)) == {
        ("kind-not-held", "Anatomy", "skipped"): 402,
        ("edge-not-held", "DlA", "skipped"): 3602,
    }


def test_the_side_effects_are_more_files_of_the_same(shared_data: Path) -> None:
    folder = shared_data / "nc-sider4"
    told = read_all(
        hetionet.FORMAT,
        nodes=Opened(folder / "hetionet-v1.0-nodes.side-effects.tsv"),
        edges=Opened(folder / "hetionet-v1.0-edges.CcSE-5000.sif"),
    )
    assert counts(told) == ({"SideEffect": 5734}, {"CAUSES": 5000}, {})
    assert not told.problems
    assert {edge.evidence[0].licence for edge in told.edges} == {"CC BY-NC-SA 4.0"}
