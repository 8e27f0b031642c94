"""Reads how nodes, edges and aliases stand at present, as states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from kg.changes import State, Target
from kg.schema import EDGE_BY_TYPE
from kg.statements import Statement, fixed, fixed_for
from kg.stored import alias_state, edge_state, node_state

Run = Callable[[Statement], Awaitable[list[dict[str, Any]]]]
"""Runs a statement: a store's read, or the run of a transaction."""


async def states(run: Run, wanted: Iterable[tuple[Target, str]]) -> dict[str, State]:
    """Return the present state of those things that the graph has, by id; one statement for each kind of edge."""
    nodes: list[str] = []
    aliases: list[str] = []
    edges: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for target, key in sorted(set(wanted)):
        match target:
            case "node":
                nodes.append(key)
            case "alias":
                aliases.append(key)
            case "edge":
                start, kind, _ = key.split("/")
                edges[kind][start].append(key)
    found: dict[str, State] = {}
    if nodes:
        for row in await run(fixed("read/nodes_state", ids=nodes)):
            found[row["id"]] = node_state(row["kind"], row["properties"])
    for kind, starts in edges.items():
        rows = [{"start": start, "ids": ids} for start, ids in starts.items()]
        for row in await run(fixed_for("read/edges_state", EDGE_BY_TYPE[kind].type, rows=rows)):
            start, _, end = row["id"].split("/")
            found[row["id"]] = edge_state(kind, start, end, row["told"])
    if aliases:
        for row in await run(fixed("read/aliases_state", keys=aliases)):
            found[row["key"]] = alias_state(row["properties"])
    return found
