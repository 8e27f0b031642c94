"""Puts nodes, edges and aliases straight into the database, in the layout in which they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.changes import State, merged_edge, merged_node
from kg.statements import Statement
from kg.store import Store
from kg.stored import alias_row, edge_row, node_row
from kg.values import NOTHING, Edge, Evidence, Node

_NODES = "UNWIND $rows AS row CREATE (n:Entity:$(row.kind)) SET n = row.properties"
_EDGES = """UNWIND $rows AS row MATCH (a:Entity {id: row.start}) MATCH (b:Entity {id: row.end})
CREATE (a)-[r:$(row.kind)]->(b) SET r = row.properties"""
_ALIASES = "UNWIND $rows AS row CREATE (a:Alias) SET a = row"


def said(source: str = "clinic", licence: str = "CC0-1.0", *, against: bool = False, **claims: Any) -> Evidence:
    """Evidence of that source."""
    return Evidence(
        source, "1", licence, f"{source}, page 1", source, direction="against" if against else "for", claims=claims
    )


def node(kind: str, key: str, name: str | None = None, **properties: Any) -> Node:
    """A node with an English name."""
    return Node(kind, key, {"en": name or f"name of {key}"}, properties=properties)


def code(key: str, level: str, name: str = "") -> Node:
    """A code of ICD-10."""
    return node("IcdCode", key, name or f"name of {key}", system=key.partition(":")[0], level=level)


def edge(kind: str, start: str, end: str, *evidence: Evidence) -> Edge:
    """An edge; with evidence of its own if none is given."""
    return Edge(kind, start, end, evidence or (said(),))


async def plant(
    store: Store,
    records: Iterable[Node | Edge],
    aliases: Iterable[State] = (),
    *,
    source: str = "clinic",
    change_set: str = "CS:planted",
    at: str = "2026-01-01T00:00:00+00:00",
) -> None:
    """Write the records and aliases; nodes before edges."""
    nodes: list[Mapping[str, Any]] = []
    edges: list[Mapping[str, Any]] = []
    for record in records:
        if isinstance(record, Node):
            row = node_row(record.id, merged_node(None, record, source), 1)
            nodes.append({"kind": record.kind, "properties": row})
        else:
            edges.append({**edge_row(merged_edge(None, record, change_set, at), 1), "kind": record.kind})
    await put(store, _NODES, rows=nodes)
    await put(store, _EDGES, rows=edges)
    await put(store, _ALIASES, rows=[alias_row(state, 1) for state in aliases])


async def put(store: Store, text: Any, **values: Any) -> None:
    """Run one writing statement."""
    await store.command(Statement(text, values or NOTHING))


def alias(kind: str, other: str, of: str, *, source: str = "clinic") -> dict[str, str]:
    """Another id of a node."""
    return {"kind": kind, "id": other, "of": of, "why": "exact", "source": source}
