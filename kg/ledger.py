"""The only way to write: every change to the graph is part of a change set, kept with what was there before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

import orjson

from kg.changes import Change, State, changes_for, edge_state_id
from kg.errors import CurationError, StoreConflict, StoreError
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL
from kg.statements import fixed
from kg.store import Store, Transaction
from kg.values import NOTHING, Edge, Node

# The order of a seeded draw comes from this number of each node; a prime below 2^31, so that products fit in 63 bits.
DRAW_PRIME: Final = 2**31 - 1

_EVIDENCE_TEXT: Final = ("source", "version", "licence", "reference", "snippet", "direction", "asserted_by", "change_set", "at")


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


def draw_number(node_id: str) -> int:
    """Return the fixed number in [0, 2^31 - 1) that orders this node in seeded draws; the same on any server."""
    return int.from_bytes(hashlib.sha256(node_id.encode()).digest()[:8]) % DRAW_PRIME


class Ledger:
    """Writes change sets and reads them back."""

    def __init__(self, store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    async def tell(
        self, draft: Draft, number: int, wanted: Sequence[Node | Edge], *, source: str, last: bool, deadline: float = 120.0
    ) -> Recorded:
        """Make the graph tell `wanted` as well, as batch `number` of the change set; `last` closes it.

        One transaction: the nodes and edges, their evidence, the log and the checkpoint are all there or none is.
        A batch that was already told, by this run or by one that was killed, changes nothing.
        """
        ids = sorted({record.id for record in wanted})

        async def work(transaction: Transaction) -> dict[str, Any]:
            position = await self._lock(transaction)
            current = await self._current(transaction, [record for record in wanted if record.id in ids])
            opened = await transaction.run(fixed("read/open_change_set", key=draft.key))
            at = self._now().isoformat(timespec="seconds")
            change_set = opened[0]["id"] if opened else _change_set_id(draft, position["head"])
            changes = changes_for(wanted, current, source=source, change_set=change_set, at=at)
            if changes and not opened:
                await self._begin(transaction, draft, change_set, position, at)
            if changes:
                await self._write(transaction, changes)
                await self._log(transaction, change_set, number, changes)
            if last and (changes or opened):
                await transaction.run(fixed("write/change_set_done", id=change_set, at=at))
            nodes = sum(change.target == "node" for change in changes)
            touched = change_set if changes or opened else None
            return {"change_set": touched, "nodes": nodes, "edges": len(changes) - nodes}

        # The head is part of the name, so that a load after an undo is a new operation and is not taken for a repeat.
        head = (await self.position())["head"] if not number else ""
        operation = _digest("tell", draft.key, str(number), head, str(self._now().timestamp()))
        return Recorded(**await self._store.write(work, operation=operation, deadline=deadline))

    async def record(self, transaction: Transaction, draft: Draft, changes: Sequence[Change]) -> str:
        """Write these changes as one closed change set inside a transaction of the caller; return its id.

        Raises StoreConflict when something to be changed is no longer as `before` says.
        """
        position = await self._lock(transaction)
        current = await self._states(transaction, changes)
        for change in changes:
            if current.get(change.id) != change.before:
                raise StoreConflict(f"{change.id} was changed meanwhile", hint="Look at it again and decide anew.")
        at = self._now().isoformat(timespec="seconds")
        change_set = _change_set_id(draft, position["head"])
        await self._begin(transaction, draft, change_set, position, at)
        await self._write(transaction, changes)
        await self._log(transaction, change_set, 0, changes)
        await transaction.run(fixed("write/change_set_done", id=change_set, at=at))
        return change_set

    async def state(self, transaction: Transaction, target: Literal["node", "edge"], key: str) -> State | None:
        """Return the state of one node or edge inside a transaction, or None when it is not there."""
        return (await self._states(transaction, [Change(target, key, None, None)])).get(key)

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

    async def changes(self, change_set: str) -> list[Change]:
        """Return the changes of a change set in the order they were made; raise CurationError when there is none."""
        rows = await self._store.read(fixed("read/change_set", id=change_set))
        if not rows:
            raise CurationError(f"there is no change set {change_set!r}", hint="`mkg review log` lists them.")
        return [Change.of_json(item) for text in rows[0]["batches"] for item in orjson.loads(text)]

    async def _lock(self, transaction: Transaction) -> dict[str, Any]:
        rows = await transaction.run(fixed("write/lock"))
        if not rows:
            raise StoreError("this database holds no graph yet", hint="Run `mkg db start`, which prepares it.")
        return rows[0]

    async def _current(self, transaction: Transaction, wanted: Iterable[Node | Edge]) -> dict[str, State]:
        nodes: list[str] = []
        edges: list[dict[str, str]] = []
        for record in wanted:
            if isinstance(record, Node):
                nodes.append(record.id)
            else:
                edges.append({"id": record.id, "kind": record.kind, "start": record.start, "end": record.end})
        return await self._read_states(transaction, nodes, edges)

    async def _states(self, transaction: Transaction, changes: Iterable[Change]) -> dict[str, State]:
        nodes: list[str] = []
        edges: list[dict[str, str]] = []
        for change in changes:
            if change.target == "node":
                nodes.append(change.id)
            else:
                start, kind, end = change.id.split("/")
                edges.append({"id": change.id, "kind": kind, "start": start, "end": end})
        return await self._read_states(transaction, nodes, edges)

    async def _read_states(
        self, transaction: Transaction, nodes: Sequence[str], edges: Sequence[Mapping[str, str]]
    ) -> dict[str, State]:
        found: dict[str, State] = {}
        if nodes:
            for row in await transaction.run(fixed("read/nodes_state", ids=nodes)):
                found[row["id"]] = node_state(row["kind"], row["properties"])
        if edges:
            for row in await transaction.run(fixed("read/edges_state", rows=edges)):
                found[row["id"]] = _edge_state(row)
        return found

    async def _begin(
        self, transaction: Transaction, draft: Draft, change_set: str, position: Mapping[str, Any], at: str
    ) -> None:
        properties = {
            "seq": position["seq"] + 1,
            "kind": draft.kind,
            "title": draft.title,
            "by": draft.by,
            "key": draft.key,
            "about": orjson.dumps(dict(draft.about)).decode(),
            "parent": position["head"],
            "status": "open",
            "changed": 0,
            "at": at,
        }
        await transaction.run(fixed("write/change_set_new", id=change_set, properties=properties))

    async def _log(self, transaction: Transaction, change_set: str, number: int, changes: Sequence[Change]) -> None:
        text = orjson.dumps([change.as_json() for change in changes]).decode()
        batch = f"{change_set}#{number}"
        await transaction.run(
            fixed("write/change_batch", id=batch, change_set=change_set, number=number, changes=text, changed=len(changes))
        )

    async def _write(self, transaction: Transaction, changes: Sequence[Change]) -> None:
        """Nodes before the edges that need them; edges away before the nodes they hold."""
        nodes = [change for change in changes if change.target == "node"]
        edges = [change for change in changes if change.target == "edge"]
        await self._write_nodes(transaction, [change for change in nodes if change.after is not None])
        await self._write_edges(transaction, edges)
        gone = [change.id for change in nodes if change.after is None]
        if gone:
            await transaction.run(fixed("write/nodes_gone", ids=gone))

    async def _write_nodes(self, transaction: Transaction, changes: Sequence[Change]) -> None:
        if changes:
            rows = [_node_row(change.id, change.after or {}) for change in changes]
            await transaction.run(fixed("write/nodes", rows=rows))

    async def _write_edges(self, transaction: Transaction, changes: Sequence[Change]) -> None:
        kept = {item["id"]: _evidence_row(change.id, item) for change in changes for item in _evidence(change.after)}
        known = {item["id"] for change in changes for item in _evidence(change.before)}
        new = [_edge_row(change.after) for change in changes if change.before is None and change.after is not None]
        same = [_edge_row(change.after) for change in changes if change.before is not None and change.after is not None]
        gone = [_edge_row(change.before) for change in changes if change.before is not None and change.after is None]
        for name, rows in (("write/edges_new", new), ("write/edges_set", same)):
            if rows:
                made = await transaction.run(fixed(name, rows=rows))
                if made[0]["made"] != len(rows):
                    raise StoreConflict("an end of an edge is not in the graph", hint="Load its nodes first.")
        if gone:
            await transaction.run(fixed("write/edges_gone", rows=gone))
        fresh = [row for key, row in kept.items() if key not in known]
        if fresh:
            await transaction.run(fixed("write/evidence", rows=fresh))
        lost = sorted(known - set(kept))
        if lost:
            await transaction.run(fixed("write/evidence_gone", ids=lost))


def node_state(kind: str, stored: Mapping[str, Any]) -> State:
    """Return a node's state from the properties that the database keeps for it."""
    known = NODE_BY_LABEL[kind]
    return {
        "kind": kind,
        "names": {language: stored[f"name_{language}"] for language in LANGUAGES if f"name_{language}" in stored},
        "synonyms": {
            language: list(stored[f"synonyms_{language}"]) for language in LANGUAGES if stored.get(f"synonyms_{language}")
        },
        "properties": {item.name: stored[item.name] for item in sorted(known.properties, key=lambda p: p.name) if item.name in stored},
        "xrefs": list(stored.get("xrefs", ())),
        "sources": list(stored.get("sources", ())),
        "authority": stored.get("authority", 0),
    }


def _node_row(key: str, state: State) -> dict[str, Any]:
    names: Mapping[str, str] = state["names"]
    properties: dict[str, Any] = {
        "id": key,
        # Lists are sorted and shown by this one name; which language it is in depends on what is there.
        "name": names.get("en") or next(iter(names.values())),
        **{f"name_{language}": name for language, name in names.items()},
        **{f"synonyms_{language}": words for language, words in state["synonyms"].items()},
        **state["properties"],
        "xrefs": state["xrefs"],
        "sources": state["sources"],
        "authority": state["authority"],
        "draw": draw_number(key),
    }
    return {"id": key, "kind": state["kind"], "properties": properties}


def _edge_row(state: State | None) -> dict[str, Any]:
    state = state or {}
    evidence = _evidence(state)
    properties = {
        "id": edge_state_id(state),
        **state["properties"],
        "evidence": [item["id"] for item in evidence],
        "sources": sorted({item["source"] for item in evidence if item["direction"] == "for"}),
    }
    return {"start": state["start"], "end": state["end"], "kind": state["kind"], "properties": properties}


def _edge_state(row: Mapping[str, Any]) -> State:
    from kg.changes import with_evidence

    evidence = [
        {
            "id": stored["id"],
            **{name: stored.get(name) for name in _EVIDENCE_TEXT},
            "claims": orjson.loads(stored["claims"]),
        }
        for stored in row["evidence"]
    ]
    return with_evidence(row["kind"], row["start"], row["end"], evidence)


def _evidence(state: State | None) -> Sequence[Mapping[str, Any]]:
    return state["evidence"] if state else ()


def _evidence_row(edge: str, item: Mapping[str, Any]) -> dict[str, Any]:
    properties = {
        "id": item["id"],
        "edge": edge,
        **{name: item[name] for name in _EVIDENCE_TEXT},
        "claims": orjson.dumps(item["claims"]).decode(),
    }
    return {"id": item["id"], "properties": properties}


def _change_set_id(draft: Draft, parent: str) -> str:
    """Return an id that follows from what is changed and from all that was changed before."""
    return "CS:" + _digest(draft.kind, draft.key, parent)[:16]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def kind_of_edge(name: str) -> Any:
    """Return the kind of edge of that name."""
    return EDGE_BY_TYPE[name]
