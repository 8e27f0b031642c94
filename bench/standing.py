"""All that a graph tells at present as sorted lines of JSON, so that two graphs can be compared byte by byte."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import orjson

from kg.schema import EDGE_KINDS
from kg.statements import Statement
from kg.store import Store
from kg.stored import alias_state, edge_state, node_state

_SECONDS: Final = 120.0
_NODES: Final = Statement(
    "MATCH (n:Entity) RETURN n.id AS id, [label IN labels(n) WHERE label <> 'Entity'][0] AS kind, "
    "properties(n) AS properties"
)
_EDGES: Final = Statement(
    "MATCH (a:Entity)-[r]->(b:Entity) WHERE type(r) IN $kinds "
    "RETURN r.id AS id, a.id AS start, type(r) AS kind, b.id AS end, r.told AS told",
    {"kinds": [kind.type for kind in EDGE_KINDS]},
)
_ALIASES: Final = Statement("MATCH (a:Alias) RETURN a.key AS key, properties(a) AS properties")
# Times of the clock: they differ between two runs of one thing.
TIMES: Final = frozenset({"at"})


async def standing(store: Store, *, without: Collection[str] = ()) -> bytes:
    """Return the state of every node, edge and alias, a line each; fields named in `without` are left out everywhere.

    How a thing came about, its earlier versions and the log are no part of it.
    """
    found: list[dict[str, Any]] = [
        {"node": row["id"], **node_state(row["kind"], row["properties"])}
        for row in await store.read(_NODES, deadline=_SECONDS)
    ]
    for row in await store.read(_EDGES, deadline=_SECONDS):
        state = edge_state(row["kind"], row["start"], row["end"], row["told"])
        found.append({"edge": row["id"], **state})
    found += [
        {"alias": row["key"], **alias_state(row["properties"])} for row in await store.read(_ALIASES, deadline=_SECONDS)
    ]
    hidden = frozenset(without)
    lines = (orjson.dumps(_left(state, hidden), option=orjson.OPT_SORT_KEYS) for state in found)
    return b"\n".join(sorted(lines))


def _left(value: Any, hidden: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: _left(item, hidden) for key, item in value.items() if key not in hidden}
    return [_left(item, hidden) for item in value] if isinstance(value, list) else value
