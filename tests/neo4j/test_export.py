"""What `mkg export` writes, from graphs that are in the database."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kg.errors import DataError, StoreConflict
from kg.export import export
from kg.store import Store
from kg.values import Edge, Node
from tests.neo4j.planted import alias, code, edge, node, plant, put, said

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]

ASTHMA = Node(
    "Disease",
    "DOID:2841",
    {"en": "asthma", "ru": "астма"},
    {"en": ("bronchial asthma; allergic", "wheezing|tight chest")},
    {"prior": 0.25, "age_min": 5},
    ("MESH:D001249",),
)
GRAPH: Sequence[Node | Edge] = (
    ASTHMA,
    node("Disease", "DOID:1", "bronchitis"),
    node("Symptom", "HP:1", "cough"),
    node("Symptom", "HP:2", "wheeze"),
    node("Drug", "DRUGBANK:DB1", "salbutamol", atc="R03AC02"),
    code("ICD10:J45", "category", "Asthma"),
    edge("HAS_SYMPTOM", "DOID:2841", "HP:1", said("mesh", weight=0.5), said("sider", "CC BY-NC-SA 4.0", weight=0.9)),
    edge("HAS_SYMPTOM", "DOID:2841", "HP:2", said("sider", "CC BY-NC-SA 4.0", weight=0.9)),
    edge("HAS_SYMPTOM", "DOID:1", "HP:1", said("mesh", against=True)),
    edge("TREATS", "DRUGBANK:DB1", "DOID:2841", said("dc", "CC BY 4.0", purpose="symptomatic", dose="2 puffs")),
    edge("CODED_AS", "DOID:2841", "ICD10:J45"),
    edge("RESEMBLES", "DOID:1", "DOID:2841", said(score=0.5)),
)


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def lines(store: Store, path: Path, **chosen: Any) -> list[dict[str, Any]]:
    await export(store, "jsonl", path, **chosen)
    return [json.loads(line) for line in _text(path).splitlines()]


def ids(rows: Sequence[dict[str, Any]], what: str) -> list[str]:
    return [row["id"] for row in rows if row["type"] == what]


async def test_jsonl_has_a_line_for_each_node_and_then_for_each_edge(store: Store, tmp_path: Path) -> None:
    await plant(store, GRAPH, [alias("Disease", "MONDO:4979", "DOID:2841")])

    rows = await lines(store, tmp_path / "graph.jsonl")

    assert ids(rows, "node") == sorted(ids(rows, "node"))
    assert ids(rows, "edge") == [
        "DOID:1/HAS_SYMPTOM/HP:1",
        "DOID:1/RESEMBLES/DOID:2841",
        "DOID:2841/CODED_AS/ICD10:J45",
        "DOID:2841/HAS_SYMPTOM/HP:1",
        "DOID:2841/HAS_SYMPTOM/HP:2",
        "DRUGBANK:DB1/TREATS/DOID:2841",
    ]
    asthma = next(row for row in rows if row["id"] == "DOID:2841")
    assert asthma == {
        "type": "node",
        "kind": "Disease",
        "id": "DOID:2841",
        "names": {"en": "asthma", "ru": "астма"},
        "synonyms": {"en": ["bronchial asthma; allergic", "wheezing|tight chest"]},
        "properties": {"age_min": 5, "prior": 0.25},
        "xrefs": ["MESH:D001249"],
        "aliases": [{"id": "MONDO:4979", "why": "exact", "source": "clinic"}],
        "sources": ["clinic"],
    }
    cough = next(row for row in rows if row["id"] == "DOID:2841/HAS_SYMPTOM/HP:1")
    assert cough["properties"] == {"weight": 0.9}
    assert [item["source"] for item in sorted(cough["evidence"], key=lambda item: item["source"])] == ["mesh", "sider"]
    assert set(cough["evidence"][0]) == {
        *("id", "source", "version", "licence", "reference", "snippet", "direction", "asserted_by", "claims"),
    }


@pytest.mark.parametrize("format", ["jsonl", "kgx", "kgx-jsonl", "neo4j-admin"])
async def test_graphs_that_tell_the_same_are_the_same_bytes_whatever_their_history(
    store: Store, tmp_path: Path, format: str
) -> None:
    aliases = [alias("Disease", "MONDO:4979", "DOID:2841"), alias("Disease", "OMIM:1", "DOID:2841")]
    await plant(store, GRAPH, aliases)
    first = await export(store, format, tmp_path / "first")
    await put(store, "MATCH (n) WHERE n:Entity OR n:Alias DETACH DELETE n")
    await plant(store, GRAPH[::-1], aliases[::-1], change_set="CS:other", at="2027-02-02T00:00:00+00:00")
    await put(store, "MATCH (n:Entity) SET n.since = 7")
    await put(
        store, "MATCH (a {id: 'DOID:1'}), (b {id: 'HP:2'}) CREATE (a)-[:WAS_HAS_SYMPTOM {id: 'x', until: 3}]->(b)"
    )

    second = await export(store, format, tmp_path / "second")

    assert [file["sha256"] for file in first.files] == [file["sha256"] for file in second.files]


async def test_without_a_licence_its_evidence_is_gone_and_so_is_an_edge_without_other(
    store: Store, tmp_path: Path
) -> None:
    await plant(store, GRAPH)

    rows = await lines(store, tmp_path / "open.jsonl", without=["NonCommercial"])

    cough = next(row for row in rows if row["id"] == "DOID:2841/HAS_SYMPTOM/HP:1")
    assert cough["properties"] == {"weight": 0.5}
    assert [item["source"] for item in cough["evidence"]] == ["mesh"]
    assert "DOID:2841/HAS_SYMPTOM/HP:2" not in ids(rows, "edge")
    assert "NC" not in (tmp_path / "open.jsonl").read_text("utf-8")


async def test_the_summary_tells_what_was_left_out_and_under_which_licences_the_rest_is(
    store: Store, tmp_path: Path
) -> None:
    await plant(store, (*GRAPH, edge("IS_A", "DOID:1", "DOID:2841", said("x", "as they please"))))

    told = await export(store, "jsonl", tmp_path / "open.jsonl", without=["non-commercial", "CC BY 4.0"])

    assert told.left_out == {"edges": 2, "evidence": 3, "nodes": 0}
    assert (told.nodes, told.edges, told.evidence) == (6, 5, 5)
    assert told.licences == {"CC0-1.0": 4, "as they please": 1}
    assert told.unrecognised == ("as they please",)


async def test_what_only_a_closed_source_knows_goes_with_its_edges(store: Store, tmp_path: Path) -> None:
    await plant(store, GRAPH)
    await plant(store, [node("SideEffect", "UMLS:1", "tremor")], source="sider")
    await plant(store, [edge("CAUSES", "DRUGBANK:DB1", "UMLS:1")])
    about = json.dumps({"sources": [{"name": "sider", "version": "4.1", "licence": "CC BY-NC-SA 4.0"}]})
    await put(store, "CREATE (:ChangeSet {id: 'CS:1', seq: 1, about: $about})", about=about)

    whole = await lines(store, tmp_path / "all.jsonl")
    rows = await lines(store, tmp_path / "open.jsonl", without=["NonCommercial"])

    assert "UMLS:1" in ids(whole, "node")
    assert "UMLS:1" not in ids(rows, "node")
    assert "DRUGBANK:DB1/CAUSES/UMLS:1" not in ids(rows, "edge")


async def test_a_licence_that_is_nowhere_is_refused_and_nothing_is_written(store: Store, tmp_path: Path) -> None:
    await plant(store, GRAPH)

    with pytest.raises(DataError, match="NonComercial"):
        await export(store, "jsonl", tmp_path / "open.jsonl", without=["NonComercial"])

    assert _inside(tmp_path) == []


@pytest.mark.parametrize(
    ("only", "nodes", "edges"),
    [
        (["Disease"], 2, 1),
        (["Disease", "Symptom"], 4, 4),
        (["HAS_SYMPTOM"], 4, 3),
        (["HAS_SYMPTOM", "Disease"], 2, 0),
        (["TREATS", "CODED_AS"], 4, 2),
    ],
    ids=str,
)
async def test_only_some_kinds_and_never_an_edge_without_its_ends(
    store: Store, tmp_path: Path, only: list[str], nodes: int, edges: int
) -> None:
    await plant(store, GRAPH)

    rows = await lines(store, tmp_path / "part.jsonl", only=only)

    assert (len(ids(rows, "node")), len(ids(rows, "edge"))) == (nodes, edges)
    ends = {row[end] for row in rows if row["type"] == "edge" for end in ("start", "end")}
    assert ends <= set(ids(rows, "node"))


async def test_a_kind_or_a_format_that_does_not_exist_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no kind 'Dragon'"):
        await export(store, "jsonl", tmp_path / "x", only=["Dragon"])
    with pytest.raises(DataError, match="no format 'xml'"):
        await export(store, "xml", tmp_path / "x")


async def test_pages_lose_nothing_and_repeat_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = [node("Disease", "D:hub"), *(node("Symptom", f"S:{number:03}") for number in range(50))]
    links = [edge("HAS_SYMPTOM", "D:hub", f"S:{number:03}") for number in range(50)]
    chain = [edge("IS_A", f"S:{number:03}", f"S:{number + 1:03}") for number in range(49)]
    await plant(store, [*hub, *links, *chain])
    await export(store, "jsonl", tmp_path / "large.jsonl")
    monkeypatch.setattr("kg.export.rows._NODES", 7)
    monkeypatch.setattr("kg.export.rows._EDGES", 4)

    rows = await lines(store, tmp_path / "small.jsonl")

    assert (tmp_path / "small.jsonl").read_bytes() == (tmp_path / "large.jsonl").read_bytes()
    assert len(ids(rows, "edge")) == len(set(ids(rows, "edge"))) == 99


async def test_a_name_that_ends_with_gz_is_packed_and_as_stable(store: Store, tmp_path: Path) -> None:
    await plant(store, GRAPH)

    first = await export(store, "jsonl", tmp_path / "one.jsonl.gz")
    second = await export(store, "jsonl", tmp_path / "two.jsonl.gz")
    await export(store, "jsonl", tmp_path / "plain.jsonl")

    assert first.files[0]["sha256"] == second.files[0]["sha256"]
    assert gzip.decompress((tmp_path / "one.jsonl.gz").read_bytes()) == (tmp_path / "plain.jsonl").read_bytes()


async def test_a_graph_that_changes_meanwhile_is_refused_and_nothing_is_left(store: Store, tmp_path: Path) -> None:
    await plant(store, GRAPH)
    places = iter(("one", "two"))

    def changing(what: str, done: int, total: int) -> None:
        del done, total
        if what == "writing nodes":
            changed.append(what)

    changed: list[str] = []

    class Moving(Store):
        async def read(self, statement: Any, *, deadline: float | None = None) -> list[dict[str, Any]]:
            rows = await store.read(statement, deadline=deadline)
            return [{**row, "head": next(places)} for row in rows] if "meta.head" in statement.text else rows

    moving = Moving.__new__(Moving)
    with pytest.raises(StoreConflict, match="changed while it was written"):
        await export(moving, "jsonl", tmp_path / "graph.jsonl", progress=changing)

    assert changed
    assert _inside(tmp_path) == []


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


async def test_kgx_tells_nodes_and_edges_in_the_words_of_biolink(store: Store, tmp_path: Path) -> None:
    await plant(store, GRAPH, [alias("Disease", "MONDO:4979", "DOID:2841")])

    told = await export(store, "kgx", tmp_path / "kgx")

    nodes = {row["id"]: row for row in table(tmp_path / "kgx" / "nodes.tsv")}
    asthma = nodes["DOID:2841"]
    assert asthma["category"] == "biolink:Disease|MKG:Disease"
    assert (asthma["name"], asthma["name_ru"]) == ("asthma", "астма")
    assert (asthma["xref"], asthma["same_as"]) == ("MESH:D001249", "MONDO:4979")
    assert asthma["synonym"] == "bronchial asthma; allergic|wheezing/tight chest"
    edges = table(tmp_path / "kgx" / "edges.tsv")
    treats = next(row for row in edges if row["subject"] == "DRUGBANK:DB1")
    assert treats["predicate"] == "biolink:ameliorates_condition"
    assert (treats["primary_knowledge_source"], treats["license"]) == ("infores:dc", "CC BY 4.0")
    assert (treats["dose"], treats["purpose"]) == ("2 puffs", "symptomatic")
    cough = [row for row in edges if row["edge_id"] == "DOID:2841/HAS_SYMPTOM/HP:1"]
    assert {row["has_quotient"] for row in cough} == {"0.5", "0.9"}
    assert len({row["id"] for row in edges}) == len(edges) == told.evidence == 7
    assert [row["negated"] for row in edges if row["subject"] == "DOID:1"] == ["true", "false"]
    assert sum(told.altered.values()) == 1


async def test_kgx_lines_hold_what_the_tables_cannot(store: Store, tmp_path: Path) -> None:
    await plant(store, GRAPH)

    told = await export(store, "kgx-jsonl", tmp_path / "kgx")

    rows = [json.loads(line) for line in (tmp_path / "kgx" / "nodes.jsonl").read_text("utf-8").splitlines()]
    asthma = next(row for row in rows if row["id"] == "DOID:2841")
    assert asthma["synonym"] == ["bronchial asthma; allergic", "wheezing|tight chest"]
    assert told.altered == {}


async def test_neo4j_admin_has_a_table_with_a_typed_header_for_each_kind(store: Store, tmp_path: Path) -> None:
    await plant(store, GRAPH)

    told = await export(store, "neo4j-admin", tmp_path / "tables")

    with (tmp_path / "tables" / "nodes-Disease.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id:ID"]: row for row in csv.DictReader(file)}
    assert rows["DOID:2841"][":LABEL"] == "Disease"
    assert (rows["DOID:2841"]["prior:double"], rows["DOID:2841"]["age_min:long"]) == ("0.25", "5")
    assert rows["DOID:2841"]["synonyms_en:string[]"] == "bronchial asthma, allergic;wheezing|tight chest"
    with (tmp_path / "tables" / "edges-HAS_SYMPTOM.csv").open(encoding="utf-8", newline="") as file:
        edges = {row["id"]: row for row in csv.DictReader(file)}
    cough = edges["DOID:2841/HAS_SYMPTOM/HP:1"]
    assert (cough["weight:double"], cough["licences:string[]"]) == ("0.9", "CC BY-NC-SA 4.0;CC0-1.0")
    assert len(json.loads(cough["evidence"])) == 2
    assert edges["DOID:1/HAS_SYMPTOM/HP:1"]["negated:boolean"] == "true"
    assert len(told.files) == 6 + 10
    assert sum(told.altered.values()) == 1
