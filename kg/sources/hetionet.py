"""Hetionet v1.0 as tables: nodes (`id`, `name`, `kind`) and edges (`source`, `metaedge`, `target`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import Final

from kg.sources.cells import Cells, RowRefusedError, each, short
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.metagraph import (
    HELD_EDGES,
    HELD_KINDS,
    METAEDGES,
    METANODES,
    OTHER_METAEDGES,
    OTHER_METANODES,
    SOURCE,
    VERSION,
    node_id,
)
from kg.sources.records import Problem, Record
from kg.values import Edge, Evidence, Node

NODE_COLUMNS: Final = ("id", "name", "kind")
EDGE_COLUMNS: Final = ("source", "metaedge", "target")
LICENCE: Final = "CC0-1.0 and that of each metaedge's own source"


def read(nodes: Sequence[Text], edges: Sequence[Text]) -> Iterator[Record]:
    """Yield the nodes, then the edges; what this graph does not hold is told as skipped."""
    for text in nodes:
        yield from each(text, "\t", NODE_COLUMNS, _node)
    for text in edges:
        yield from each(text, "\t", EDGE_COLUMNS, _edge)


def _node(row: Cells) -> Iterator[Record]:
    metanode = row["kind"]
    if metanode in OTHER_METANODES:
        raise row.other("kind", "kind-not-held", f"{short(row['id'])} is of the kind {metanode}", HELD_KINDS)
    if metanode not in METANODES:
        raise row.refused("kind", "kind-unknown", f"Hetionet has no kind {short(metanode)!r}", HELD_KINDS)
    key = _id_of(row, "id", metanode)
    yield row.record(Node(METANODES[metanode].label, key, {"en": row.filled("name")}))


def _edge(row: Cells) -> Iterator[Record]:
    name = row["metaedge"]
    if name in OTHER_METAEDGES:
        told = f"{short(row['source'])} {name} {short(row['target'])}"
        raise row.other("metaedge", "edge-not-held", f"{told} is an edge that this graph does not hold", HELD_EDGES)
    if name not in METAEDGES:
        raise row.refused("metaedge", "edge-unknown", f"Hetionet has no metaedge {short(name)!r}", HELD_EDGES)
    meta = METAEDGES[name]
    source = _id_of(row, "source", meta.source)
    target = _id_of(row, "target", meta.target)
    start, end = (target, source) if meta.turned else (source, target)
    yield row.record(Edge(meta.kind, start, end, (_evidence(name),)))


@cache
def _evidence(name: str) -> Evidence:
    return Evidence(
        source=SOURCE,
        version=VERSION,
        licence=METAEDGES[name].licence,
        reference=f"hetionet-v{VERSION} {name}",
        asserted_by=f"Hetionet v{VERSION}",
        claims=METAEDGES[name].claims,
    )


def _id_of(row: Cells, column: str, metanode: str) -> str:
    text = row[column]
    before, _, local = text.partition("::")
    if before != metanode:
        fix = f"Write it as {metanode}::{METANODES[metanode].local.pattern}."
        raise row.refused(column, "id-kind", f"{short(text)!r} is not the id of a {metanode}", fix)
    key = node_id(metanode, local, text, row.place(column))
    if isinstance(key, Problem):
        raise RowRefusedError(key)
    return key


def _has(columns: tuple[str, ...], head: Head) -> bool:
    return head.columns("\t") == columns


def _plan(files: Files) -> Sequence[Part]:
    return (Part(SOURCE, VERSION, LICENCE, partial(read, files["nodes"], files["edges"])),)


FORMAT: Final = Format(
    name="hetionet",
    title="Hetionet v1.0, tables of nodes and edges",
    licence="CC0; each metaedge keeps the licence of its source: classes CC BY 4.0, side effects CC BY-NC-SA 4.0.",
    slots=(
        Slot("nodes", "nodes with the columns id, name, kind (.tsv)", partial(_has, NODE_COLUMNS), many=True),
        Slot(
            "edges",
            "edges with the columns source, metaedge, target (.sif, .tsv)",
            partial(_has, EDGE_COLUMNS),
            many=True,
        ),
    ),
    plan=_plan,
)
