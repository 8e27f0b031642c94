"""Reads the graph page by page in one fixed order, so that any size of graph needs the same memory."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from kg.changes import State
from kg.export.choice import Choice
from kg.statements import fixed
from kg.store import Store
from kg.stored import alias_state, node_state

_NODES: Final = 2_000
_EDGES: Final = 5_000
_DEADLINE: Final = 120.0


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node, and the other ids that it is known by."""

    id: str
    state: State
    aliases: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """An edge with all its evidence, as the graph keeps it."""

    kind: str
    start: str
    end: str
    evidence: tuple[Mapping[str, Any], ...]


async def node_rows(store: Store, chosen: Choice) -> AsyncGenerator[NodeRow]:
    """Yield the nodes by id."""
    after = ""
    while True:
        values = {"after": after, "limit": _NODES, "kinds": list(chosen.nodes)}
        page = await store.read(fixed("export/nodes", **values), deadline=_DEADLINE)
        for row in page:
            aliases = tuple(alias_state(alias) for alias in row["aliases"])
            yield NodeRow(row["properties"]["id"], node_state(row["kind"], row["properties"]), aliases)
        if len(page) < _NODES:
            return
        after = page[-1]["properties"]["id"]


async def edge_rows(store: Store, chosen: Choice) -> AsyncGenerator[EdgeRow]:
    """Yield the edges by start, kind and end."""
    async for starts in _groups(store, chosen):
        kind = end = ""
        while True:
            values = {"starts": starts, "kind": kind, "end": end, "limit": _EDGES}
            kinds = {"kinds": list(chosen.edges), "nodes": list(chosen.nodes)}
            page = await store.read(fixed("export/edges", **values, **kinds), deadline=_DEADLINE)
            for row in page:
                yield EdgeRow(row["kind"], row["start"], row["end"], tuple(orjson.loads(row["told"])))
            # Several nodes fit on one page together; one node alone may need several.
            if len(page) < _EDGES or len(starts) > 1:
                break
            kind, end = page[-1]["kind"], page[-1]["end"]


async def _groups(store: Store, chosen: Choice) -> AsyncGenerator[list[str]]:
    """Yield the ids of the nodes where edges begin, as many at a time as one page has room for, and one at least."""
    after = ""
    group: list[str] = []
    room = _EDGES
    while True:
        values = {"after": after, "limit": _NODES, "nodes": list(chosen.nodes), "kinds": list(chosen.edges)}
        page = await store.read(fixed("export/degrees", **values), deadline=_DEADLINE)
        for row in page:
            if row["degree"] > room and group:
                yield group
                group, room = [], _EDGES
            if row["degree"]:
                group.append(row["id"])
                room -= row["degree"]
        if len(page) < _NODES:
            break
        after = page[-1]["id"]
    if group:
        yield group
