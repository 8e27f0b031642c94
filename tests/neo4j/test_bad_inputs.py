"""Planted faults: a report holds exactly them, by file, line, column and rule, and every other row is taken."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kg.errors import DataError, KgError
from kg.ledger import Ledger
from kg.load import LoadReport, load, plan_load
from kg.store import Address, Store
from kg.values import Node
from tests.neo4j.planted import plant

pytestmark = pytest.mark.neo4j

MAPPING = """
source: {name: clinic, version: "1", licence: CC0-1.0, asserted_by: us, reference: "{@file}"}
tables:
  - file: d.csv
    nodes:
      - {kind: Disease, id: "{id}", names: {en: "{name}"}}
    edges:
      - {kind: IS_A, when: parent, start: "{id}", end: "{parent}"}
"""
GOOD = "id,name,parent\nDOID:4,disease,\nDOID:5,cough disease,DOID:4\n"
NODES = "id\tname\tkind\nDisease::DOID:1\tone\tDisease\nSymptom::D000001\ta\tSymptom\n"
EDGES = "source\tmetaedge\ttarget\nDisease::DOID:1\tDpS\tSymptom::D000001\n"
TERM = "[Term]\nid: DOID:4\nname: disease\n"

Fault = tuple[str, int, str, str]


@dataclass(frozen=True)
class Case:
    """Files, the faults planted in them, and how many nodes and edges are right."""

    name: str
    format: str
    files: Mapping[str, str | bytes]
    faults: tuple[Fault, ...] = ()
    right: tuple[int, int] = (0, 0)
    refused: str = ""
    place: str = ""
    mapping: str = field(default=MAPPING)


def csv(name: str, content: str | bytes, *faults: Fault, right: tuple[int, int], **more: Any) -> Case:
    return Case(name, "csv", {"d.csv": content}, faults, right, **more)


def refused(name: str, content: str | bytes, message: str, place: str = "") -> Case:
    return Case(name, "csv", {"d.csv": content}, refused=message, place=place)


CASES = [
    csv("good", GOOD, right=(2, 1)),
    csv("byte order mark and CR LF", "\ufeff" + GOOD.replace("\n", "\r\n"), right=(2, 1)),
    csv("blank lines", GOOD.replace("\nDOID:5", "\n\n  \nDOID:5"), right=(2, 1)),
    csv("gzip", gzip.compress(GOOD.encode()), right=(2, 1)),
    csv("header only", "id,name,parent\n", right=(0, 0)),
    csv("empty", "", ("d.csv", 1, "", "empty-file"), right=(0, 0)),
    csv("missing column", "id,parent\nDOID:4,\n", ("d.csv", 1, "name", "missing-column"), right=(0, 0)),
    csv("column twice", "id,name,parent,name\nDOID:4,a,,b\n", ("d.csv", 1, "name", "column-twice"), right=(0, 0)),
    csv(
        "extra column",
        "id,name,parent,note\nDOID:4,a,,b\n",
        ("d.csv", 1, "note", "column-not-used"),
        right=(1, 0),
    ),
    csv("missing cell", GOOD + "DOID:6,x\n", ("d.csv", 4, "", "row-width"), right=(2, 1)),
    csv("extra cells", GOOD + "DOID:6,x,,,\n", ("d.csv", 4, "", "row-width"), right=(2, 1)),
    csv("open quote", GOOD + 'DOID:6,"x,\nDOID:7,y,\n', ("d.csv", 4, "", "open-quote"), right=(2, 1)),
    csv("text behind a quote", GOOD + 'DOID:6,"x"y,\nDOID:7,z,\n', ("d.csv", 4, "", "quoting"), right=(3, 1)),
    csv("lone CR", GOOD + "DOID:6,x\ry,\nDOID:7,z,\n", ("d.csv", 4, "", "lone-cr"), right=(3, 1)),
    csv("NUL", GOOD + "DOID:6,x\0y,\nDOID:7,z,\n", ("d.csv", 4, "name", "text"), right=(3, 1)),
    csv("bidi control", GOOD + "DOID:6,x\u202ey,\n", ("d.csv", 4, "name", "text"), right=(2, 1)),
    csv("long name", GOOD + f"DOID:6,{'x' * 301},\n", ("d.csv", 4, "name", "text"), right=(2, 1)),
    csv("long cell", GOOD + f"DOID:6,{'x' * 200_000},\nDOID:7,z,\n", ("d.csv", 4, "", "field-too-long"), right=(3, 1)),
    csv("empty id", GOOD + ",x,\n", ("d.csv", 4, "id", "empty-cell"), right=(2, 1)),
    csv("empty name", GOOD + "DOID:6,,\n", ("d.csv", 4, "name", "empty-cell"), right=(2, 1)),
    csv("no id", GOOD + "asthma,x,\n", ("d.csv", 4, "id", "id-form"), right=(2, 1)),
    csv("formula as id", GOOD + "=1+1,x,\n", ("d.csv", 4, "id", "id-form"), right=(2, 1)),
    csv("same row twice", GOOD + "DOID:5,cough disease,DOID:4\n", ("d.csv", 4, "", "edge-twice"), right=(2, 1)),
    csv("one id, two names", GOOD + "DOID:5,other,\n", ("d.csv", 4, "", "name-conflict"), right=(2, 1)),
    csv("dangling edge", GOOD + "DOID:6,x,DOID:99\n", ("d.csv", 4, "end", "end-missing"), right=(3, 1)),
    csv("self loop", GOOD + "DOID:6,x,DOID:6\n", ("d.csv", 4, "", "self-loop"), right=(3, 1)),
    csv(
        "cycle",
        "id,name,parent\nDOID:1,a,DOID:2\nDOID:2,b,DOID:3\nDOID:3,c,DOID:1\n",
        ("d.csv", 4, "", "cycle"),
        right=(3, 2),
    ),
    csv("edge to another kind", GOOD + "DOID:6,x,MESH:D003371\n", ("d.csv", 4, "end", "end-kind"), right=(3, 1)),
    csv("id of another kind in the graph", GOOD + "MESH:D003371,x,\n", ("d.csv", 4, "", "kind-conflict"), right=(2, 1)),
    csv("an end that only the graph has", "id,name,parent\nDOID:5,x,DOID:4\n", right=(1, 1)),
    refused("windows-1251", GOOD.encode() + "DOID:6,астма,\n".encode("cp1251"), "is not UTF-8", "d.csv, line 4"),
    refused("UTF-16", GOOD.encode("utf-16"), "UTF-16", "d.csv, line 1"),
    refused("truncated gzip", gzip.compress(GOOD.encode() * 50)[:-9], "the packed file ends too early"),
    refused("gzip with junk behind", gzip.compress(GOOD.encode()) + b"junk", "the packed file is corrupt"),
    refused("endless line", GOOD + "x" * 2_000_000, "the line is longer than", "d.csv, line 4"),
    refused("a million columns", "a," * 1_000_000, "the line is longer than", "d.csv, line 1"),
    Case("hetionet, good", "hetionet", {"n.tsv": NODES, "e.sif": EDGES}, right=(2, 1)),
    Case(
        "hetionet, dangling edge",
        "hetionet",
        {"n.tsv": NODES, "e.sif": EDGES + "Disease::DOID:2\tDpS\tSymptom::D000001\n"},
        (("e.sif", 3, "start", "end-missing"),),
        (2, 1),
    ),
    Case(
        "hetionet, one node with two names",
        "hetionet",
        {"n.tsv": NODES + "Disease::DOID:1\ttwo\tDisease\n", "e.sif": EDGES},
        (("n.tsv", 4, "", "name-conflict"),),
        (2, 1),
    ),
    Case("hetionet, no edges", "hetionet", {"n.tsv": NODES}, refused="for one place: edges with the columns"),
    Case(
        "hetionet, nodes in two files",
        "hetionet",
        {"n.tsv": NODES, "m.tsv": NODES, "e.sif": EDGES},
        right=(2, 1),
    ),
    Case("obo, good", "obo", {"x.obo": TERM}, right=(1, 0)),
    Case(
        "obo, parent of another kind",
        "obo",
        {"x.obo": TERM + "\n[Term]\nid: SYMP:1\nname: s\nis_a: DOID:4 ! disease\n"},
        (("x.obo", 8, "is_a", "end-kind"),),
        (2, 0),
    ),
    Case(
        "obo, parent that is nowhere",
        "obo",
        {"x.obo": TERM + "is_a: DOID:77 ! gone\n"},
        (("x.obo", 4, "is_a", "end-missing"),),
        (1, 0),
    ),
    Case(
        "obo, circle over two files",
        "obo",
        {"a.obo": TERM + "is_a: DOID:5\n", "b.obo": "[Term]\nid: DOID:5\nname: b\nis_a: DOID:4\n"},
        (("b.obo", 4, "is_a", "cycle"),),
        (2, 1),
    ),
    Case(
        "obo, another ontology",
        "obo",
        {"x.obo": "[Term]\nid: GO:1\nname: x\n"},
        (("x.obo", 1, "", "ontology-unknown"),),
    ),
]


@pytest.fixture(scope="module")
async def small_graph(
    neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]
) -> AsyncIterator[Callable[[Case, Path], Awaitable[LoadReport]]]:
    """Looks at files as a load into a graph with one disease and one symptom does; nothing is ever written."""
    async with Store.at(neo4j_address, deadline=30.0) as store:
        await emptied(store)
        known = [Node("Disease", "DOID:4", {"en": "DOID:4"}), Node("Symptom", "MESH:D003371", {"en": "cough"})]
        await plant(store, known)

        async def checked(case: Case, folder: Path) -> LoadReport:
            mapping = folder.parent / "mapping.yaml" if case.format == "csv" else None
            return await load(
                Ledger(store), store, plan_load(case.format, [folder], mapping), by="tester", dry_run=True
            )

        yield checked


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_exactly_the_planted_faults_are_told(
    case: Case, tmp_path: Path, small_graph: Callable[[Case, Path], Awaitable[LoadReport]]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in case.files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "mapping.yaml").write_text(case.mapping)

    if case.refused:
        with pytest.raises(DataError) as caught:
            await small_graph(case, folder)
        assert case.refused in caught.value.message
        assert isinstance(caught.value, KgError)
        assert not case.place or caught.value.place == case.place
        return
    report = await small_graph(case, folder)
    told = [(item.place.file, item.place.line, item.place.column, item.rule) for item in report.problems]
    assert told == list(case.faults)
    assert (report.nodes.total, report.edges.total) == case.right
    for item in report.problems:
        assert item.message
        assert item.fix
