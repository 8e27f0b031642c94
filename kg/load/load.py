"""The load itself: everything is validated first, then one change set is written in batches."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.changes import Change, changes_for
from kg.ledger import Draft, Ledger
from kg.load.formats import Inputs
from kg.load.report import Counts, LoadReport, Problems
from kg.load.validate import Checked, Progress, validate
from kg.sources.records import Problem, Record
from kg.statements import fixed
from kg.store import Store
from kg.stored import edge_state, node_state
from kg.values import Edge, Node

BATCH: Final = 1_000
READ_DEADLINE: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Batch:
    source: str
    records: tuple[Node | Edge, ...]
    last: bool


def _silent(step: str, done: int, total: int) -> None:
    """Show nothing."""


async def load(
    ledger: Ledger,
    store: Store,
    inputs: Inputs,
    *,
    by: str,
    dry_run: bool = False,
    strict: bool = False,
    progress: Progress = _silent,
    batch_size: int = BATCH,
) -> LoadReport:
    """Make the graph tell what the inputs tell, as one change set, and return what that did.

    Rows with a fault are left out and reported; with `strict`, or when the parts make sense only together, one fault
    refuses all. `dry_run` writes nothing and reports what would change. A load that was cut short is finished by
    running it again. `progress` is told the step (`check` or `load`), the records done and, once known, of how many.
    Raises FileUnreadable, or a StoreError; what was written until then stays and is no harm.
    """
    started = time.monotonic()
    problems = Problems()
    checked = await validate(inputs, store, problems, progress)
    refused = bool(problems.count("error")) and (strict or inputs.whole)
    tally = _Tally()
    change_set = None
    if not refused:
        draft = Draft("import", f"load {inputs.format}: {inputs.title}", by, inputs.key, inputs.about)
        done = 0
        for number, batch in enumerate(_batches(inputs, checked, batch_size)):
            changes = await _changes(store, batch)
            tally.add(batch.records, changes)
            # The last batch is told even if it changes nothing, because it closes the change set.
            if not dry_run and (changes or batch.last):
                told = await ledger.tell(draft, number, batch.records, source=batch.source, last=batch.last)
                change_set = told.change_set or change_set
            done += len(batch.records)
            progress("load", done, checked.nodes + checked.edges)
    return LoadReport(
        format=inputs.format,
        title=inputs.title,
        dry_run=dry_run,
        refused=refused,
        nodes=tally.nodes,
        edges=tally.edges,
        rejected=problems.count("error"),
        skipped=problems.count("skipped"),
        by_rule=problems.by_rule(),
        problems=problems.listed(),
        change_set=change_set,
        seconds=time.monotonic() - started,
        files=tuple(inputs.about["files"]),
    )


def _batches(inputs: Inputs, checked: Checked, size: int) -> Iterator[_Batch]:
    """Yield what is to be written, every node before every edge; the records of a batch are of one source."""
    waiting: _Batch | None = None
    for kind in (Node, Edge):
        for number, part in enumerate(inputs.parts):
            for records in _chunks(_records(number, part.records(), kind, checked), size):
                if waiting is not None:
                    yield waiting
                waiting = _Batch(part.source, records, last=False)
    if waiting is not None:
        yield _Batch(waiting.source, waiting.records, last=True)


def _records(
    part: int, stream: Iterator[Record], kind: type[Node] | type[Edge], checked: Checked
) -> Iterator[Node | Edge]:
    """Yield the valid records of one kind; sources yield nodes first, so the nodes end with the first edge."""
    for number, found in enumerate(stream):
        if isinstance(found, Problem):
            continue
        if isinstance(found.record, kind):
            if (part, number) not in checked.rejected:
                yield found.record
        elif kind is Node:
            return


def _chunks(records: Iterator[Node | Edge], size: int) -> Iterator[tuple[Node | Edge, ...]]:
    chunk: list[Node | Edge] = []
    for record in records:
        chunk.append(record)
        if len(chunk) == size:
            yield tuple(chunk)
            chunk = []
    if chunk:
        yield tuple(chunk)


async def _changes(store: Store, batch: _Batch) -> list[Change]:
    """Return what telling this batch would change in the graph as it is."""
    nodes = [record.id for record in batch.records if isinstance(record, Node)]
    edges = [
        {"id": record.id, "kind": record.kind, "start": record.start, "end": record.end}
        for record in batch.records
        if isinstance(record, Edge)
    ]
    current = {}
    if nodes:
        for row in await store.read(fixed("read/nodes_state", ids=nodes), deadline=READ_DEADLINE):
            current[row["id"]] = node_state(row["kind"], row["properties"])
    if edges:
        for row in await store.read(fixed("read/edges_state", rows=edges), deadline=READ_DEADLINE):
            current[row["id"]] = edge_state(row["kind"], row["start"], row["end"], row["evidence"])
    return changes_for(batch.records, current, source=batch.source, change_set="", at="")


class _Tally:
    """Counts each thing once: new if the graph did not have it, changed if it had it otherwise."""

    def __init__(self) -> None:
        self._new: set[str] = set()
        self._changed: set[str] = set()
        self._same: set[str] = set()

    def add(self, records: Sequence[Node | Edge], changes: Sequence[Change]) -> None:
        """Count the records of a batch, given what they change."""
        fresh = {change.id for change in changes if change.before is None}
        other = {change.id for change in changes} - fresh
        self._new |= fresh
        self._changed |= other - self._new
        self._same |= {record.id for record in records}

    @property
    def nodes(self) -> Counts:
        """The nodes."""
        return self._counts(edges=False)

    @property
    def edges(self) -> Counts:
        """The edges."""
        return self._counts(edges=True)

    def _counts(self, edges: bool) -> Counts:
        new, changed, seen = (
            sum(("/" in key) is edges for key in keys) for keys in (self._new, self._changed, self._same)
        )
        return Counts(new, changed, seen - new - changed)
