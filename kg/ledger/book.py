"""The book of all change sets: writes them in order and reads them back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from kg.changes import Change, State, Target, changes_for
from kg.errors import CurationError, StoreConflict, StoreError
from kg.ledger.apply import apply, log, unpacked
from kg.ledger.bulk import Bulk
from kg.ledger.draft import Draft, Place
from kg.ledger.states import states
from kg.statements import fixed
from kg.store import Store, Transaction
from kg.values import Edge, Node

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# How long one import may hold the graph for itself, in seconds; a writer that dies lets go at once.
BULK_SECONDS: Final = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch did: the change set it went into (None when nothing had to change) and the number of changes."""

    change_set: str | None
    nodes: int
    edges: int


class Ledger:
    """Writes change sets and reads them back."""

    def __init__(self, store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    async def tell(
        self,
        draft: Draft,
        wanted: Sequence[Node | Edge],
        *,
        source: str,
        last: bool = True,
        deadline: float = 120.0,
    ) -> Recorded:
        """Make the graph tell `wanted` as well, as the next batch of the change set; `last` closes it.

        One transaction: the nodes and edges, their evidence and the log are all there or none is. A batch that was
        already told, by this run or by one that was killed, changes nothing.
        """

        async def work(transaction: Transaction) -> dict[str, Any]:
            place = await self.lock(transaction)
            opened = await transaction.run(fixed("read/open_change_set", key=draft.key))
            change_set = opened[0]["id"] if opened else place.id_for(draft)
            current = await states(transaction.run, (_address_of(record) for record in wanted))
            changes = changes_for(wanted, current, source=source, change_set=change_set, at=place.at)
            if changes and not opened:
                await self._begin(transaction, draft, place)
            if changes:
                await apply(transaction, changes, opened[0]["seq"] if opened else place.seq)
                await log(transaction, change_set, opened[0]["next"] if opened else 1, changes)
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
        return (await self._locked(transaction))[0]

    def now(self) -> int:
        """Return the time by the clock here, in microseconds since 1970 in UTC; the lock makes a later one of it."""
        return (self._now() - _EPOCH) // timedelta(microseconds=1)

    async def _locked(self, transaction: Transaction) -> tuple[Place, int]:
        """Lock the graph; return the place and how often the graph was locked, which tells whether others wrote."""
        rows = await transaction.run(fixed("write/lock", now=self.now()))
        if not rows:
            raise StoreError("this database holds no graph yet", hint="Run `mkg db start`, which prepares it.")
        head, seq, clock = rows[0]["head"], rows[0]["seq"], rows[0]["clock"]
        at = (_EPOCH + timedelta(microseconds=clock)).isoformat(timespec="microseconds")
        return Place(seq + 1, at, head), rows[0]["lock"]

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
        await apply(transaction, changes, place.seq)
        await log(transaction, change_set, 1, changes)
        await transaction.run(fixed("write/change_set_done", id=change_set, at=place.at))
        return change_set

    async def state(self, transaction: Transaction, target: Target, key: str) -> State | None:
        """Return the state of one node or edge inside a transaction, or None when it is not there."""
        return (await states(transaction.run, [(target, key)])).get(key)

    async def states(self, transaction: Transaction, changes: Iterable[Change]) -> dict[str, State]:
        """Return the present state of everything these changes name and the graph has."""
        return await states(transaction.run, ((change.target, change.id) for change in changes))

    async def position(self) -> dict[str, Any]:
        """Return where the graph stands: `schema_version`, `head`, `seq`, and `lock`, which grows with every write.

        Raises StoreError when the graph was never prepared.
        """
        rows = await self._store.read(fixed("read/ready"))
        if not rows:
            raise StoreError("this database holds no graph yet", hint="Load one: `mkg load core`.")
        return rows[0]

    async def quiet(self) -> dict[str, Any]:
        """Return `position` once nothing is being written by a load that died: the server may still finish its last.

        Whoever compares with the graph before a `bulk` begins with this.
        """

        async def work(transaction: Transaction) -> int:
            return (await transaction.run(fixed("write/lanes")))[0]["number"]

        await self._store.write(work, operation=uuid4().hex)
        return await self.position()

    async def change_sets(
        self,
        limit: int = 50,
        before: int = 2**62,
        *,
        kind: str | None = None,
        by: str | None = None,
        status: str | None = None,
        since: str | None = None,
    ) -> list[dict[str, Any]]:
        """Return the newest change sets, newest first; only those that fit what is told.

        `since` is a time as it is kept: ISO 8601 in UTC with microseconds.
        """
        told = {"kind": kind, "by": by, "status": status, "since": since}
        rows = await self._store.read(fixed("read/change_sets", limit=limit, before=before, **told))
        return [row["change_set"] for row in rows]

    async def change_set(self, change_set: str) -> dict[str, Any]:
        """Return what is kept of a change set beside its changes; raise CurationError when there is none."""
        rows = await self._store.read(fixed("read/change_set_head", id=change_set))
        if not rows:
            raise CurationError(f"there is no change set {change_set!r}", hint="`mkg review log` lists them.")
        return rows[0]["change_set"]

    async def batches(self, change_set: str) -> AsyncGenerator[list[Change]]:
        """Yield the changes of a change set batch by batch, in the order they were made; one batch is held at a time.

        Raises CurationError when there is none.
        """
        await self.change_set(change_set)
        number = 0
        while rows := await self._store.read(fixed("read/change_batch", change_set=change_set, number=number)):
            yield unpacked(rows[0]["changes"])
            number = rows[0]["number"] + 1

    async def changes_after(
        self, change_set: str, place: tuple[int, int], limit: int
    ) -> list[tuple[tuple[int, int], Change]]:
        """Return the first changes of a change set behind a place, each with its place: batch, and number in it.

        Before the first change lies the place (0, -1).
        """
        found: list[tuple[tuple[int, int], Change]] = []
        number, skip = place[0], place[1] + 1
        while len(found) < limit:
            rows = await self._store.read(fixed("read/change_batch", change_set=change_set, number=number))
            if not rows:
                break
            here: int = rows[0]["number"]
            changes = unpacked(rows[0]["changes"])
            begin = skip if here == number else 0
            found += [((here, index), change) for index, change in enumerate(changes) if index >= begin]
            number, skip = here + 1, 0
        return found[:limit]

    async def changes(self, change_set: str) -> list[Change]:
        """Return all changes of a change set in the order they were made; raise CurationError when there is none."""
        return [change async for batch in aiter(self.batches(change_set)) for change in batch]

    @asynccontextmanager
    async def bulk(self, draft: Draft, *, seen: int | None = None) -> AsyncGenerator[Bulk]:
        """Open a change set that is written by several transactions at once, and close it at the end of the block.

        Nobody else writes meanwhile. An unfinished change set of the same key is gone on with. `seen` is the
        `lock` of `position` before the changes were reckoned: if anybody wrote since, StoreConflict is raised and
        nothing is written.
        """
        opened = await self._open(draft, seen)
        async with self._store.held(BULK_SECONDS) as guard:
            place, lock = await self._locked(guard)
            if lock != opened["lock"] + 1:
                raise StoreConflict("the graph was changed meanwhile", hint="Run the same load again.")
            own = Place(opened["seq"], opened["at"], opened["parent"])
            yield Bulk(self._store, guard, opened["id"], own, opened["next"])
            await guard.run(fixed("write/change_set_done", id=opened["id"], at=place.at))

    async def _open(self, draft: Draft, seen: int | None) -> dict[str, Any]:
        """Return `id, seq, at, parent, next` of the change set to write into, and `lock`, how often all was locked."""

        async def work(transaction: Transaction) -> dict[str, Any]:
            place, lock = await self._locked(transaction)
            found = await transaction.run(fixed("read/open_change_set", key=draft.key))
            if seen is not None and lock != seen + 1:
                raise StoreConflict("the graph was changed meanwhile", hint="Run the same load again.")
            if found:
                return {**found[0], "lock": lock}
            await self._begin(transaction, draft, place)
            new = {"id": place.id_for(draft), "seq": place.seq, "at": place.at, "parent": place.parent}
            return {**new, "next": 1, "lock": lock}

        return await self._store.write(work, operation=uuid4().hex)

    async def _begin(self, transaction: Transaction, draft: Draft, place: Place) -> None:
        properties = place.properties(draft)
        await transaction.run(fixed("write/change_set_new", id=place.id_for(draft), properties=properties))


def _address_of(record: Node | Edge) -> tuple[Target, str]:
    return ("node" if isinstance(record, Node) else "edge"), record.id
