"""Writes changes into the graph inside a transaction, one statement for each kind of thing, and logs them."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import orjson

from kg.changes import Change, State
from kg.errors import StoreConflict
from kg.ledger.new_edges import NewEdge, new_edge, statements
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL
from kg.statements import fixed, fixed_for
from kg.store import Transaction
from kg.stored import alias_row, edge_row, node_row
from kg.values import edge_id

_SHOWN: Final = 5
# Least work: a log is written once and hardly ever read.
_LEVEL: Final = 1


async def apply(transaction: Transaction, changes: Sequence[Change], seq: int) -> None:
    """Make the graph tell what these changes say, for the change set of that number.

    Nodes come before the edges that need them, and edges go before the nodes they hold. Raises StoreConflict when an
    end of an edge is not there, or when a node that is to go is still held.
    """
    by_target = _grouped(changes, lambda change: change.target)
    nodes = by_target.get("node", ())
    edges = by_target.get("edge", ())
    aliases = by_target.get("alias", ())
    await _write_nodes(transaction, nodes, seq)
    gone = [change for change in edges if change.after is None]
    for kind, some in _grouped(gone, lambda change: _kind(change.before)).items():
        rows = [_ends(change.id) for change in some]
        await transaction.run(fixed_for("write/edges_gone", EDGE_BY_TYPE[kind].type, rows=rows, seq=seq))
    await _write_edges(transaction, [change for change in edges if change.after is not None], seq)
    await _take_nodes(transaction, [change for change in nodes if change.after is None], seq)
    kept = [alias_row(change.after, seq) for change in aliases if change.after is not None]
    if kept:
        await transaction.run(fixed("write/aliases", rows=kept))
    lost = [change.id for change in aliases if change.after is None]
    if lost:
        await transaction.run(fixed("write/aliases_gone", keys=lost))


async def log(transaction: Transaction, change_set: str, number: int, changes: Sequence[Change]) -> None:
    """Append the changes to the log of the change set as its batch of that number."""
    await log_text(
        transaction, change_set, number, orjson.dumps([change.as_json() for change in changes]), len(changes)
    )


async def log_text(transaction: Transaction, change_set: str, number: int, text: bytes, changed: int) -> None:
    """Append so many changes (a JSON list) to the log of the change set as its batch of that number."""
    packed = zlib.compress(text, _LEVEL)
    values = {"change_set": change_set, "number": number, "changes": packed, "changed": changed}
    await transaction.run(fixed("write/change_batch", **values))


def unpacked(changes: bytes) -> list[Change]:
    """Return the changes of a batch of the log."""
    return [Change.of_json(item) for item in orjson.loads(zlib.decompress(changes))]


async def _write_nodes(transaction: Transaction, changes: Sequence[Change], seq: int) -> None:
    for kind, some in _grouped(_kept(changes), lambda change: _kind(change.after)).items():
        label = NODE_BY_LABEL[kind].label
        new = {change.id: node_row(change.id, _state(change), seq) for change in some if _is_new(change)}
        same = [node_row(change.id, _state(change), seq) for change in some if not _is_new(change)]
        if new and (await transaction.run(fixed("read/gone")))[0]["number"]:
            for row in await transaction.run(fixed_for("write/nodes_back", label, rows=list(new.values()))):
                del new[row["id"]]
        if new:
            await transaction.run(fixed_for("write/nodes_new", label, rows=list(new.values())))
        if same:
            await transaction.run(fixed_for("write/nodes_set", label, rows=same, seq=seq))


async def _write_edges(transaction: Transaction, changes: Sequence[Change], seq: int) -> None:
    for kind, some in _grouped(changes, lambda change: _kind(change.after)).items():
        same = [edge_row(_state(change), seq) for change in some if not _is_new(change)]
        if same:
            await transaction.run(fixed_for("write/edges_set", EDGE_BY_TYPE[kind].type, rows=same, seq=seq))
    await make(transaction, [new_edge(_state(change)) for change in changes if _is_new(change)], seq)


async def make(transaction: Transaction, edges: Sequence[NewEdge], seq: int) -> None:
    """Make edges that the graph does not have; raise StoreConflict when an end is not there."""
    for statement, some in statements(edges, seq):
        rows = await transaction.run(statement)
        if not rows or rows[0]["number"] < len(some):
            await _refuse_homeless(transaction, some)


async def _refuse_homeless(transaction: Transaction, edges: Sequence[NewEdge]) -> None:
    ends = sorted({end for edge in edges for end in (edge.start, edge.end)})
    there = {row["id"] for row in await transaction.run(fixed("read/nodes_state", ids=ends))}
    homeless = [edge_id(edge.kind, edge.start, edge.end) for edge in edges if not {edge.start, edge.end} <= there]
    raise StoreConflict(f"an end is not in the graph: {', '.join(homeless[:_SHOWN])}", hint="Load the nodes first.")


async def _take_nodes(transaction: Transaction, changes: Sequence[Change], seq: int) -> None:
    if not changes:
        return
    ids = [change.id for change in changes]
    held = await transaction.run(fixed("read/nodes_held", ids=ids, limit=_SHOWN))
    if held:
        raise StoreConflict(
            f"still has edges: {', '.join(row['id'] for row in held)}", hint="Take back what made them first."
        )
    for kind, some in _grouped(changes, lambda change: _kind(change.before)).items():
        gone = [change.id for change in some]
        await transaction.run(fixed_for("write/nodes_gone", NODE_BY_LABEL[kind].label, ids=gone, seq=seq))


def _is_new(change: Change) -> bool:
    return change.before is None


def _state(change: Change) -> State:
    assert change.after is not None, "the caller has looked"
    return change.after


def _kept(changes: Iterable[Change]) -> list[Change]:
    return [change for change in changes if change.after is not None]


def _kind(state: State | None) -> str:
    assert state is not None, "the caller has looked"
    return state["kind"]


def _ends(edge: str) -> dict[str, str]:
    start, _, end = edge.split("/")
    return {"start": start, "end": end}


def _grouped(changes: Iterable[Change], by: Callable[[Change], str]) -> dict[str, list[Change]]:
    groups: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        groups[by(change)].append(change)
    return groups
