"""Graphs written straight into the database, as the ledger lays them out, for tests that only ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString, cast

from kg.statements import Statement
from kg.store import Store
from kg.stored import draw_number

Record = dict[str, Any]


def node(kind: str, key: str, properties: Mapping[str, Any] | None = None, since: int = 1) -> Record:
    """Return a node with a name in English."""
    given = dict(properties or {})
    name = given.pop("name", key)
    return {
        "kind": kind,
        "properties": {
            "id": key,
            "name": name,
            "folded": name.lower(),
            "name_en": name,
            "draw": draw_number(key),
            "since": since,
        }
        | given,
    }


def edge(kind: str, start: str, end: str, claims: Mapping[str, Any] | None = None, since: int = 1) -> Record:
    """Return an edge with one item of evidence of the source `test`."""
    key = f"{start}/{kind}/{end}"
    told = {"id": key, "evidence": [f"E:{key}"], "sources": ["test"], "told": "[]", "since": since}
    return {"kind": kind, "start": start, "end": end, "properties": told | dict(claims or {})}


async def written(store: Store, nodes: Sequence[Record], edges: Sequence[Record]) -> None:
    """Write them; kinds stand in the text, since these come from the tests themselves."""
    for kind in dict.fromkeys(record["kind"] for record in nodes):
        rows = [record["properties"] for record in nodes if record["kind"] == kind]
        await run(store, f"UNWIND $rows AS row CREATE (n:Entity:{kind}) SET n = row", rows=rows)
    for kind in dict.fromkeys(record["kind"] for record in edges):
        rows = [record for record in edges if record["kind"] == kind]
        text = "UNWIND $rows AS row MATCH (a:Entity {id: row.start}) MATCH (b:Entity {id: row.end})"
        await run(store, f"{text} CREATE (a)-[r:{kind}]->(b) SET r = row.properties", rows=rows)
    await run(store, "MERGE (c:ChangeSet {id: 'CS:one'}) SET c.seq = 1")
    await run(store, "MATCH (m:Meta {id: 'meta'}) SET m.head = 'CS:one', m.seq = 1")


async def run(store: Store, text: str, **values: Any) -> list[dict[str, Any]]:
    """Run one statement of a test."""
    return await store.command(Statement(cast("LiteralString", text), values))
