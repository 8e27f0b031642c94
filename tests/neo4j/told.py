"""Loads made of records instead of files, for tests of what happens to them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from kg.ledger import Ledger
from kg.load import Inputs, LoadReport, TakenBack, load, undo_load
from kg.sources.format import Part
from kg.sources.records import Found, Place
from kg.store import Store
from kg.values import Edge, Evidence, Node, Same


def inputs_of(records: Sequence[Node | Edge | Same], source: str = "clinic") -> Inputs:
    """Return a load of these records, one a line; its key follows from them."""
    found = [Found(record, Place("f", line)) for line, record in enumerate(records, start=2)]
    about = {"format": "csv", "files": [], "sources": []}
    key = hashlib.sha256(repr((source, records)).encode()).hexdigest()
    return Inputs("csv", source, (Part(source, "1", "CC0-1.0", lambda: iter(found)),), key, about, ())


def evidence(source: str = "clinic", **claims: Any) -> Evidence:
    return Evidence(source, "1", "CC0-1.0", "f", "us", claims=claims)


def disease(key: str, name: str = "", **properties: Any) -> Node:
    return Node("Disease", key, {"en": name or f"disease {key}"}, properties=properties)


def symptom(key: str, name: str = "") -> Node:
    return Node("Symptom", key, {"en": name or f"symptom {key}"})


def has(start: str, end: str, source: str = "clinic", **claims: Any) -> Edge:
    return Edge("HAS_SYMPTOM", start, end, (evidence(source, **claims),))


class Clerk:
    """Loads and takes back, on one graph."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ledger = Ledger(store)

    async def load(self, *records: Node | Edge | Same, source: str = "clinic", **options: Any) -> LoadReport:
        return await load(self.ledger, self.store, inputs_of(records, source), by="tester", **options)

    async def loaded(self, *records: Node | Edge | Same, source: str = "clinic", **options: Any) -> str:
        """Load what must be taken without a fault; return the change set."""
        report = await self.load(*records, source=source, **options)
        assert (report.rejected, report.refused) == (0, False), report.problems
        assert report.change_set is not None
        return report.change_set

    async def undo(self, change_set: str, *, dry_run: bool = False) -> TakenBack:
        return await undo_load(
            self.ledger, self.store, change_set, by="tester", dry_run=dry_run, progress=lambda *_: None
        )
