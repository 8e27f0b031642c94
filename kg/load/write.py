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
# The names under which changes lie in the spool, in the order in which they are written.
NODES_FIRST: Final = "changed-nodes"
ALIASES: Final = "aliases"
GONE: Final = "gone-edges"
REST: Final = "changed-edges"
GONE_NODES: Final = "gone-nodes"
TURNS: Final = (NODES_FIRST, ALIASES, GONE, REST, GONE_NODES)


async def write(bulk: Bulk, disk: Spool, batch: int, progress: Callable[[str, int, int], None]) -> None:
    """Write all changes of the spool, `batch` of them in a transaction; `progress` is told how many are done."""
    total = sum(disk.count(name) for name in TURNS)
    done = 0

    def told(number: int) -> None:
        nonlocal done
        done += number
        progress("write", done, total)

    for name in TURNS:
        await bulk.write(_batches(disk.read(name), batch, bulk), told)


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
