"""Writes the changes that lie in a spool: nodes, then the edges that need them, last what nothing holds any more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import islice
from typing import Any, Final

from kg.changes import Change
from kg.ledger import Bulk
from kg.spool import Spool

# Changes in one transaction: fewer cost more commits, more cost the server memory.
BATCH: Final = 5_000
# The names under which changes lie in the spool, in the order in which they are written; new edges lie there packed.
NODES_FIRST: Final = "changed-nodes"
ALIASES: Final = "aliases"
GONE: Final = "gone-edges"
NEW_EDGES: Final = "new-edges"
REST: Final = "changed-edges"
GONE_NODES: Final = "gone-nodes"
TURNS: Final = (NODES_FIRST, ALIASES, GONE, NEW_EDGES, REST, GONE_NODES)
EDGES: Final = (GONE, NEW_EDGES, REST)


async def write(
    bulk: Bulk, disk: Spool, batch: int, progress: Callable[[str, int, int], None], done_with: Callable[[str], None]
) -> None:
    """Write all changes of the spool, `batch` of them in a transaction.

    `progress` is told how many are done, `done_with` after each turn whether it was of `nodes` or of `edges`.
    """
    total = sum(disk.count(name) for name in TURNS)
    done = 0

    def told(number: int) -> None:
        nonlocal done
        done += number
        progress("write", done, total)

    for name in TURNS:
        if name == NEW_EDGES:
            await bulk.make(_lines(disk.lines(name), batch), told)
        else:
            await bulk.write(_batches(disk.read(name), batch, bulk), told)
        done_with("edges" if name in EDGES else "nodes")


async def _lines(items: Iterator[bytes], size: int) -> AsyncIterator[list[bytes]]:
    while some := list(islice(items, size)):
        yield some


async def _batches(items: Iterator[Any], size: int, bulk: Bulk) -> AsyncIterator[list[Change]]:
    while some := list(islice(items, size)):
        yield [_dated(Change.of_json(item), bulk) for item in some]


def _dated(change: Change, bulk: Bulk) -> Change:
    """Return the change with the change set and its time in the evidence that comes in with it."""
    if change.target == "edge" and change.after is not None:
        for item in change.after["evidence"]:
            if not item["change_set"]:
                item["change_set"] = bulk.change_set
                item["at"] = bulk.place.at
    return change
