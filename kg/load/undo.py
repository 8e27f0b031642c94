"""Takes a load back, however large: checks that nothing was changed later, then writes the opposite of its changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

from kg.changes import Change
from kg.curation.log import LogEntry
from kg.curation.steps import Step
from kg.curation.undo import check_unchanged, conflicts, taken_back
from kg.degrees import keep_degrees
from kg.errors import StepRefused
from kg.ledger import Draft, Ledger
from kg.ledger.states import Run, states
from kg.load.write import ALIASES, BATCH, GONE, GONE_NODES, NODES_FIRST, REST, write
from kg.spool import Spool, share_of, spool
from kg.statements import Statement, fixed
from kg.store import Store

_SHARE: Final = 20_000
_AT_ONCE: Final = 5_000
_SECONDS: Final = 120.0
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken back, or with `dry_run` would be: the change set, by which one, how many nodes and edges."""

    undoes: str
    title: str
    change_set: str | None
    nodes: int
    edges: int
    dry_run: bool


async def undo_load(
    ledger: Ledger,
    store: Store,
    change_set: str,
    *,
    by: str,
    note: str = "",
    dry_run: bool = False,
    progress: Progress,
) -> TakenBack:
    """Take a load back by a change set of its own, so that the graph is as it was before; memory does not grow with it.

    Raises CurationError when there is no such change set, and StepRefused with a line for each thing that was changed
    later, or when it is no load or not finished; then nothing is taken back.
    """
    head = await ledger.change_set(change_set)
    about: dict[str, Any] = orjson.loads(head["about"])
    _check(head, about)
    seen = (await ledger.quiet())["lock"]
    with spool() as disk:
        await _sorted_out(ledger, store, head, disk, progress)
        nodes = disk.count(NODES_FIRST) + disk.count(GONE_NODES)
        edges = disk.count(GONE) + disk.count(REST)
        if dry_run:
            return TakenBack(head["id"], head["title"], None, nodes, edges, dry_run)
        step = Step.RESTORE if about.get("step") == Step.UNDO else Step.UNDO
        told = {"undoes": head["id"], "note": note, "step": step.value}
        draft = Draft("undo", head["title"], by, head["id"], told)
        async with ledger.bulk(draft, seen=seen) as bulk:
            await write(bulk, disk, BATCH, progress, lambda what: None)
            entry = LogEntry(bulk.place.at, by, step.value, head["title"], note, None, bulk.change_set)
            await bulk.also(fixed("curation/note_down", properties={"id": f"D:{entry.at}", **asdict(entry)}))
        await keep_degrees(store)
        return TakenBack(head["id"], head["title"], bulk.change_set, nodes, edges, dry_run)


def _check(head: dict[str, Any], about: dict[str, Any]) -> None:
    if head["kind"] == "proposal" or about.get("proposal"):
        hint = f"Take it back at the desk: mkg review undo {head['id']}"
        raise StepRefused(f"{head['id']} is no load: it brought in a proposal", hint=hint)
    if head["status"] != "done":
        raise StepRefused(f"{head['id']} is not finished", hint="Run the same load again, then take it back.")


async def _sorted_out(ledger: Ledger, store: Store, head: dict[str, Any], disk: Spool, progress: Progress) -> None:
    """Put the opposite of each change into the spool, under the name of the turn in which it is written."""
    shares = head["changed"] // _SHARE + 1
    async for batch in ledger.batches(head["id"]):
        for change in batch:
            disk.write(f"share-{share_of(change.id, shares)}", change.as_json())

    async def read(statement: Statement) -> list[dict[str, Any]]:
        return await store.read(statement, deadline=_SECONDS)

    later: list[str] = []
    done = 0
    for share in range(shares):
        wanted = taken_back(Change.of_json(item) for item in disk.read(f"share-{share}"))
        disk.drop(f"share-{share}")
        for at in range(0, len(wanted), _AT_ONCE):
            some = wanted[at : at + _AT_ONCE]
            later += conflicts(some, await states(read, ((change.target, change.id) for change in some)))
            for change in some:
                disk.write(_turn(change), change.as_json())
            done += len(some)
            progress("compare", done, head["changed"])
    later += await _held(read, disk)
    check_unchanged(sorted(later))


async def _held(read: Run, disk: Spool) -> list[str]:
    """Return a line for each node that is to go and has an edge that stays: somebody hung it there later."""
    going: Counter[str] = Counter({item["id"]: 0 for item in disk.read(GONE_NODES)})
    for item in disk.read(GONE):
        start, _, end = item["id"].split("/")
        going.update(key for key in (start, end) if key in going)
    held: list[str] = []
    keys = sorted(going)
    for at in range(0, len(keys), _AT_ONCE):
        for row in await read(fixed("read/nodes_degree", ids=keys[at : at + _AT_ONCE])):
            others = row["degree"] - going[row["id"]]
            if others:
                held.append(f"{row['id']}: got {others} more edge{'s' if others > 1 else ''}")
    return held


def _turn(change: Change) -> str:
    match change.target:
        case "node":
            return GONE_NODES if change.after is None else NODES_FIRST
        case "edge":
            return GONE if change.after is None else REST
        case "alias":
            return ALIASES
