from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources import primekg
from tests.unit.kg.sources.collection_records import counts, places, read_all, table
from tests.unit.kg.sources.reading_formats import Opened, Told

HEAD = ",".join(primekg.KG_COLUMNS)
ASTHMA = "7,4979,disease,asthma,MONDO"
BRONCHIAL = "8,1358,disease,bronchial disease,MONDO"
WHEEZING = "9,30828,effect/phenotype,Wheezing,HPO"
DRUG = "3,DB01001,drug,Salbutamol,DrugBank"
GENE = "5,9021,gene/protein,SOCS3,NCBI"


def both(relation: str, x: str, y: str) -> list[str]:
    return [f"{relation},{relation},{x},{y}", f"{relation},{relation},{y},{x}"]


def read(*rows: str) -> Told:
    return read_all(primekg.FORMAT, kg=table("kg.csv", HEAD, *rows))


@pytest.mark.parametrize(
    ("relation", "x", "y", "edge"),
    [
        ("disease_phenotype_positive", ASTHMA, WHEEZING, "MONDO:0004979/HAS_SYMPTOM/HP:0030828"),
        ("indication", DRUG, ASTHMA, "DRUGBANK:DB01001/TREATS/MONDO:0004979"),
        ("off-label use", DRUG, ASTHMA, "DRUGBANK:DB01001/TREATS/MONDO:0004979"),
        ("contraindication", DRUG, ASTHMA, "DRUGBANK:DB01001/CONTRAINDICATED_FOR/MONDO:0004979"),
        ("drug_effect", DRUG, WHEEZING, "DRUGBANK:DB01001/CAUSES/HP.SE:0030828"),
        ("disease_disease", BRONCHIAL, ASTHMA, "MONDO:0004979/IS_A/MONDO:0001358"),
        ("drug_drug", DRUG, DRUG.replace("3,DB01001", "4,DB00001"), "DRUGBANK:DB00001/INTERACTS_WITH/DRUGBANK:DB01001"),
    ],
)
def test_an_edge_that_stands_in_both_directions_is_one_edge(relation: str, x: str, y: str, edge: str) -> None:
    told = read(*both(relation, x, y))
    assert [item.id for item in told.edges] == [edge]
    assert told.dangling() == set()
    assert not told.problems
    if relation != "disease_disease":
        assert [item.id for item in read(*reversed(both(relation, x, y))).edges] == [edge]


def test_an_absent_phenotype_is_evidence_against() -> None:
    (edge,) = read(*both("disease_phenotype_negative", ASTHMA, WHEEZING)).edges
    assert edge.evidence[0].direction == "against"


def test_a_group_of_diseases_is_a_thing_of_its_own_that_names_its_members() -> None:
    group = "7,13924_12592,disease,asthma group,MONDO_grouped"
    told = read(*both("indication", DRUG, group))
    assert told.node("MONDO.GROUP:13924_12592").xrefs == ("MONDO:0013924", "MONDO:0012592")
    assert not told.links
    many = "_".join(str(10_000 + number) for number in range(80))
    told = read(*both("indication", DRUG, group.replace("13924_12592", many)))
    assert told.edges[0].end == "MONDO.GROUP:10000_and_79_7"


@pytest.mark.parametrize(
    ("row", "column", "rule", "severity"),
    [
        (f"disease_protein,x,{ASTHMA},{GENE}", "relation", "relation-not-held", "skipped"),
        (f"indication,x,{ASTHMA},{GENE}", "y_type", "kind-not-held", "skipped"),
        (f"indication,x,{ASTHMA},{WHEEZING}", "relation", "ends-unfit", "error"),
        (f"indication,x,{DRUG},{ASTHMA.replace('disease', 'sickness')}", "y_type", "kind-unknown", "error"),
        (f"indication,x,{DRUG},{ASTHMA.replace('4979', 'MONDO:1')}", "y_id", "id-form", "error"),
        (f"indication,x,{DRUG},{ASTHMA.replace('MONDO', 'MESH')}", "y_source", "source-unknown", "error"),
        (f"indication,x,{DRUG},{ASTHMA.replace('7,4979', '-7,4979')}", "y_index", "index-form", "error"),
        (f"indication,x,{DRUG},{ASTHMA.replace('asthma', '')}", "y_name", "empty-cell", "error"),
    ],
)
def test_a_row_that_is_not_taken_is_told(row: str, column: str, rule: str, severity: str) -> None:
    told = read(row)
    assert [(line, where, what, how) for _, line, where, what, _, how in places(told)] == [(2, column, rule, severity)]


def test_edges_by_index_find_their_ends_in_the_table_of_nodes() -> None:
    nodes = table("nodes.csv", ",".join(primekg.NODE_COLUMNS), DRUG, ASTHMA, GENE)
    edges = table(
        "edges.csv", ",".join(primekg.EDGE_COLUMNS), "indication,x,3,7", "indication,x,7,3", "indication,x,3,9"
    )
    told = read_all(primekg.FORMAT, nodes=nodes, edges=edges)
    assert [edge.id for edge in told.edges] == ["DRUGBANK:DB01001/TREATS/MONDO:0004979"]
    assert told.rules == [("kind-not-held", "skipped"), ("no-such-node", "error")]
    whole = read_all(
        primekg.FORMAT, nodes=nodes, edges=edges, kg=table("kg.csv", HEAD, *both("indication", DRUG, ASTHMA))
    )
    assert len(whole.edges) == 1
    assert ("told-twice", "skipped") in whole.rules


def test_nodes_alone_are_refused() -> None:
    with pytest.raises(DataError, match=r"kg\.csv"):
        primekg.FORMAT.plan({"kg": (), "nodes": (table("nodes.csv", ""),), "edges": ()})


def test_all_of_the_copy_is_read(shared_data: Path) -> None:
    folder = shared_data / "layouts" / "primekg"
    told = read_all(primekg.FORMAT, kg=Opened(folder / "kg.csv"), nodes=Opened(folder / "nodes.csv"))
    assert counts(told) == ({"Drug": 387, "Disease": 824}, {"TREATS": 1510 // 2, "IS_A": 1418 // 2}, {})
    assert not told.problems
    assert told.dangling() == set()
    assert {"MONDO:0007088/IS_A/MONDO:0004975"} <= {edge.id for edge in told.edges}
