"""The only way to write: every change to the graph is part of a change set, kept with what was there before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import uuid4

import orjson

from kg.changes import Change, State, changes_for
from kg.errors import CurationError, StoreConflict, StoreError
from kg.statements import fixed
from kg.store import Store, Transaction
from kg.stored import edge_row, edge_state, evidence_row, node_row, node_state
from kg.values import NOTHING, Edge, Node

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A change set that is about to be made: what kind, what for, by whom, and the hash of what it is made from."""

    kind: Literal["import", "proposal", "undo"]
    title: str
    by: str
    key: str
    about: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch did: the change set it went into (None when nothing had to change) and the number of changes."""

    change_set: str | None
    nodes: int
    edges: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next change set goes: its number and time, and the change set before it."""

    seq: int
    at: str
    parent: str

    def id_for(self, draft: Draft) -> str:
        """Return an id that follows from what is changed and from all that was changed before."""
        return "CS:" + hashlib.sha256("\x1f".join((draft.kind, draft.key, self.parent)).encode()).hexdigest()[:16]


class Ledger:
    """Writes change sets and reads them back."""

    def __init__(self, store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    async def tell(
        self,
        draft: Draft,
        number: int,
        wanted: Sequence[Node | Edge],
        *,
        source: str,
        last: bool,
        deadline: float = 120.0,
    ) -> Recorded:
        """Make the graph tell `wanted` as well, as batch `number` of the change set; `last` closes it.

        One transaction: the nodes and edges, their evidence and the log are all there or none is. A batch that was
        already told, by this run or by one that was killed, changes nothing.
        """

        async def work(transaction: Transaction) -> dict[str, Any]:
            place = await self.lock(transaction)
            opened = await transaction.run(fixed("read/open_change_set", key=draft.key))
            change_set = opened[0]["id"] if opened else place.id_for(draft)
            current = await self._states(transaction, (_address_of(record) for record in wanted))
            changes = changes_for(wanted, current, source=source, change_set=change_set, at=place.at)
            if changes and not opened:
                await self._begin(transaction, draft, place)
            if changes:
                await self._write(transaction, changes)
                await self._log(transaction, change_set, number, changes)
            if last and (changes or opened):
                await transaction.run(fixed("write/change_set_done", id=change_set, at=place.at))
            nodes = sum(change.target == "node" for change in changes)
            touched = change_set if changes or opened else None
            return {"change_set": touched, "nodes": nodes, "edges": len(changes) - nodes}

        # What is told already is no change, so a batch may be repeated under any name; a retry keeps this one.
        return Recorded(**await self._store.write(work, operation=uuid4().hex, deadline=deadline))

    async def lock(self, transaction: Transaction) -> Place:
        """Lock the graph for this transaction and return where its change set will go.

        Times never run backwards and no two are alike, whatever the clock does: they order what experts decided.
        """
        now = (self._now() - _EPOCH) // timedelta(microseconds=1)
        rows = await transaction.run(fixed("write/lock", now=now))
        if not rows:
            raise StoreError("this database holds no graph yet", hint="Run `mkg db start`, which prepares it.")
        head, seq, clock = rows[0]["head"], rows[0]["seq"], rows[0]["clock"]
        at = (_EPOCH + timedelta(microseconds=clock)).isoformat(timespec="microseconds")
        return Place(seq + 1, at, head)

    async def record(
        self, transaction: Transaction, draft: Draft, changes: Sequence[Change], place: Place | None = None
    ) -> str:
        """Write these changes as one closed change set inside a transaction of the caller; return its id.

        `place` is what `lock` gave, when the changes already name the change set or its time. Raises StoreConflict
        when something to be changed is no longer as `before` says.
        """
        place = place or await self.lock(transaction)
        change_set = place.id_for(draft)
        current = await self.states(transaction, changes)
        for change in changes:
            if current.get(change.id) != change.before:
                raise StoreConflict(f"{change.id} was changed meanwhile", hint="Look at it again and decide anew.")
        await self._begin(transaction, draft, place)
        await self._write(transaction, changes)
        await self._log(transaction, change_set, 0, changes)
        await transaction.run(fixed("write/change_set_done", id=change_set, at=place.at))
        return change_set

    async def state(self, transaction: Transaction, target: Literal["node", "edge"], key: str) -> State | None:
        """Return the state of one node or edge inside a transaction, or None when it is not there."""
        return (await self._states(transaction, [(target, key)])).get(key)

    async def states(self, transaction: Transaction, changes: Iterable[Change]) -> dict[str, State]:
        """Return the present state of everything these changes name and the graph has."""
        return await self._states(transaction, ((change.target, change.id) for change in changes))

    async def position(self) -> dict[str, Any]:
        """Return `schema_version`, `head` and `seq` of the graph; raise StoreError when it was never prepared."""
        rows = await self._store.read(fixed("read/ready"))
        if not rows:
            raise StoreError("this database holds no graph yet", hint="Load one: `mkg load core`.")
        return rows[0]

    async def change_sets(self, limit: int = 50, before: int = 2**62) -> list[dict[str, Any]]:
        """Return the newest change sets, newest first."""
        rows = await self._store.read(fixed("read/change_sets", limit=limit, before=before))
        return [row["change_set"] for row in rows]

    async def change_set(self, change_set: str) -> dict[str, Any]:
        """Return what is kept of a change set beside its changes; raise CurationError when there is none."""
        return (await self._change_set(change_set, "read/change_set_head"))["change_set"]

    async def changes(self, change_set: str) -> list[Change]:
        """Return the changes of a change set in the order they were made; raise CurationError when there is none."""
        row = await self._change_set(change_set, "read/change_set")
        return [Change.of_json(item) for text in row["batches"] for item in orjson.loads(text)]

    async def _change_set(
        self, change_set: str, name: Literal["read/change_set", "read/change_set_head"]
    ) -> dict[str, Any]:
        rows = await self._store.read(fixed(name, id=change_set))
        if not rows:
            raise CurationError(f"there is no change set {change_set!r}", hint="`mkg review log` lists them.")
        return rows[0]

    async def _states(
        self, transaction: Transaction, addresses: Iterable[tuple[Literal["node", "edge"], str]]
    ) -> dict[str, State]:
        wanted = set(addresses)
        nodes = sorted(key for target, key in wanted if target == "node")
        edges = [_ends_of(key) for target, key in sorted(wanted) if target == "edge"]
        found: dict[str, State] = {}
        if nodes:
            for row in await transaction.run(fixed("read/nodes_state", ids=nodes)):
                found[row["id"]] = node_state(row["kind"], row["properties"])
        if edges:
            for row in await transaction.run(fixed("read/edges_state", rows=edges)):
                found[row["id"]] = edge_state(row["kind"], row["start"], row["end"], row["evidence"])
        return found

    async def _begin(self, transaction: Transaction, draft: Draft, place: Place) -> None:
        properties = {
            "seq": place.seq,
            "kind": draft.kind,
            "title": draft.title,
            "by": draft.by,
            "key": draft.key,
            "about": orjson.dumps(dict(draft.about)).decode(),
            "parent": place.parent,
            "status": "open",
            "changed": 0,
            "batches": 0,
            "at": place.at,
        }
        await transaction.run(fixed("write/change_set_new", id=place.id_for(draft), properties=properties))

    async def _log(self, transaction: Transaction, change_set: str, part: int, changes: Sequence[Change]) -> None:
        text = orjson.dumps([change.as_json() for change in changes]).decode()
        await transaction.run(
            fixed("write/change_batch", change_set=change_set, part=part, changes=text, changed=len(changes))
        )

    async def _write(self, transaction: Transaction, changes: Sequence[Change]) -> None:
        """Nodes before the edges that need them; edges away before the nodes they hold."""
        rows = [
            node_row(change.id, change.after)
            for change in changes
            if change.target == "node" and change.after is not None
        ]
        if rows:
            await transaction.run(fixed("write/nodes", rows=rows))
        await self._write_edges(transaction, [change for change in changes if change.target == "edge"])
        gone = [change.id for change in changes if change.target == "node" and change.after is None]
        if gone:
            held = await transaction.run(fixed("read/nodes_held", ids=gone, limit=_SHOWN))
            if held:
                raise StoreConflict(
                    f"still has edges: {', '.join(row['id'] for row in held)}", hint="Take back what made them first."
                )
            await transaction.run(fixed("write/nodes_gone", ids=gone))

    async def _write_edges(self, transaction: Transaction, changes: Sequence[Change]) -> None:
        new = [edge_row(change.after) for change in changes if change.before is None and change.after is not None]
        same = [edge_row(change.after) for change in changes if change.before is not None and change.after is not None]
        gone = [edge_row(change.before) for change in changes if change.before is not None and change.after is None]
        if new:
            made = {row["id"] for row in await transaction.run(fixed("write/edges_new", rows=new))}
            homeless = [row["properties"]["id"] for row in new if row["properties"]["id"] not in made]
            if homeless:
                raise StoreConflict(
                    f"an end is not in the graph: {', '.join(homeless[:_SHOWN])}", hint="Load the nodes first."
                )
        if same:
            await transaction.run(fixed("write/edges_set", rows=same))
        if gone:
            await transaction.run(fixed("write/edges_gone", rows=gone))
        known = {item["id"] for change in changes for item in _evidence(change.before)}
        kept = {item["id"]: evidence_row(change.id, item) for change in changes for item in _evidence(change.after)}
        fresh = [row for key, row in kept.items() if key not in known]
        if fresh:
            await transaction.run(fixed("write/evidence", rows=fresh))
        lost = sorted(known - set(kept))
        if lost:
            await transaction.run(fixed("write/evidence_gone", ids=lost))


def _address_of(record: Node | Edge) -> tuple[Literal["node", "edge"], str]:
    return ("node" if isinstance(record, Node) else "edge"), record.id


def _ends_of(edge: str) -> dict[str, str]:
    start, kind, end = edge.split("/")
    return {"id": edge, "start": start, "kind": kind, "end": end}


def _evidence(state: State | None) -> Sequence[Mapping[str, Any]]:
    return state["evidence"] if state else ()
