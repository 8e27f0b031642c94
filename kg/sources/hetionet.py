"""Hetionet v1.0 as tables: nodes (`id`, `name`, `kind`) and edges (`source`, `metaedge`, `target`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kg.sources.checked import checked, fault, not_held
from kg.sources.records import Found, Place, Problem, Record
from kg.sources.rows import Row, rows
from kg.values import NOTHING, Edge, Evidence, Node

SOURCE: Final = "hetionet"
VERSION: Final = "1.0"
NODE_COLUMNS: Final = ("id", "name", "kind")
EDGE_COLUMNS: Final = ("source", "metaedge", "target")


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a metanode is held: the label, the prefix of its ids, and how its own ids look."""

    label: str
    prefix: str
    local: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Metaedge:
    """How a metaedge is held: its two metanodes, the kind of edge, whether it turns round, its claims and licence."""

    source: str
    target: str
    kind: str
    licence: str
    turned: bool = False
    claims: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


_KINDS: Final[Mapping[str, _Kind]] = {
    "Disease": _Kind("Disease", "", re.compile(r"DOID:\d{1,8}")),
    "Symptom": _Kind("Symptom", "MESH:", re.compile(r"[CD]\d{6,9}")),
    "Compound": _Kind("Drug", "DRUGBANK:", re.compile(r"DB\d{5}")),
    "Pharmacologic Class": _Kind("DrugClass", "NDFRT:", re.compile(r"N\d{10}")),
    "Side Effect": _Kind("SideEffect", "UMLS:", re.compile(r"C\d{7}")),
}
_OTHER_KINDS: Final = frozenset(
    ("Anatomy", "Biological Process", "Cellular Component", "Gene", "Molecular Function", "Pathway")
)

# The licences are those of the sources that Hetionet took each metaedge from.
_METAEDGES: Final[Mapping[str, _Metaedge]] = {
    "DpS": _Metaedge("Disease", "Symptom", "HAS_SYMPTOM", "CC0-1.0"),
    "CtD": _Metaedge("Compound", "Disease", "TREATS", "CC0-1.0", claims={"purpose": "disease_modifying"}),
    "CpD": _Metaedge("Compound", "Disease", "TREATS", "CC0-1.0", claims={"purpose": "symptomatic"}),
    "PCiC": _Metaedge("Pharmacologic Class", "Compound", "IN_CLASS", "CC BY 4.0", turned=True),
    "CcSE": _Metaedge("Compound", "Side Effect", "CAUSES", "CC BY-NC-SA 4.0"),
    "DrD": _Metaedge("Disease", "Disease", "RESEMBLES", "CC0-1.0"),
}
_OTHER_METAEDGES: Final = frozenset(
    (
        *("AdG", "AeG", "AuG", "CbG", "CdG", "CrC", "CuG", "DaG", "DdG"),
        *("DlA", "DuG", "GcG", "GiG", "GpBP", "GpCC", "GpMF", "GpPW", "Gr>G"),
    )
)


def read(
    nodes: Iterable[str],
    edges: Iterable[str],
    *,
    nodes_file: str = "nodes.tsv",
    edges_file: str = "edges.sif",
    version: str = VERSION,
) -> Iterator[Record]:
    """Yield the nodes, then the edges; what this graph does not hold is told as skipped."""
    for row in rows(nodes, nodes_file, "\t", NODE_COLUMNS):
        yield row if isinstance(row, Problem) else _node(row, nodes_file)
    for row in rows(edges, edges_file, "\t", EDGE_COLUMNS):
        yield row if isinstance(row, Problem) else _edge(row, edges_file, version)


def _node(row: Row, file: str) -> Found | Problem:
    name, metanode = row.cells["name"], row.cells["kind"]
    place = Place(file, row.line, "kind")
    if metanode in _OTHER_KINDS:
        return not_held(place, "kind-not-held", metanode, f"{row.cells['id']} is of the kind {metanode}", _HELD_KINDS)
    if metanode not in _KINDS:
        return fault(place, "kind-unknown", metanode, f"Hetionet has no kind {metanode!r}", _HELD_KINDS)
    node_id = _id_of(row.cells["id"], metanode, Place(file, row.line, "id"))
    if isinstance(node_id, Problem):
        return node_id
    if not name:
        return fault(Place(file, row.line, "name"), "empty-cell", "", f"{node_id} has no name", "Write its name.")
    return checked(Node(_KINDS[metanode].label, node_id, {"en": name}), Place(file, row.line))


def _edge(row: Row, file: str, version: str) -> Found | Problem:
    name = row.cells["metaedge"]
    place = Place(file, row.line, "metaedge")
    if name in _OTHER_METAEDGES:
        told = f"{row.cells['source']} {name} {row.cells['target']}"
        return not_held(place, "edge-not-held", name, f"{told} is an edge that this graph does not hold", _HELD_EDGES)
    if name not in _METAEDGES:
        return fault(place, "edge-unknown", name, f"Hetionet has no metaedge {name!r}", _HELD_EDGES)
    meta = _METAEDGES[name]
    source = _id_of(row.cells["source"], meta.source, Place(file, row.line, "source"))
    target = _id_of(row.cells["target"], meta.target, Place(file, row.line, "target"))
    if isinstance(source, Problem):
        return source
    if isinstance(target, Problem):
        return target
    start, end = (target, source) if meta.turned else (source, target)
    evidence = Evidence(
        source=SOURCE,
        version=version,
        licence=meta.licence,
        reference=f"hetionet-v{version} {name}",
        asserted_by=f"Hetionet v{version}",
        claims=meta.claims,
    )
    return checked(Edge(meta.kind, start, end, (evidence,)), Place(file, row.line))


def _id_of(text: str, metanode: str, place: Place) -> str | Problem:
    kind = _KINDS[metanode]
    before, _, local = text.partition("::")
    if before != metanode:
        return fault(
            place,
            "id-kind",
            text,
            f"{text!r} is not the id of a {metanode}",
            f"Write it as {metanode}::{kind.local.pattern}.",
        )
    if not kind.local.fullmatch(local):
        return fault(
            place,
            "id-form",
            text,
            f"{text!r} does not look like an id",
            f"Write it as {metanode}::{kind.local.pattern}.",
        )
    return kind.prefix + local


_HELD_KINDS: Final = f"Held are: {', '.join(_KINDS)}."
_HELD_EDGES: Final = f"Held are: {', '.join(_METAEDGES)}."
