"""Two writers at once: a load that was overtaken is reckoned anew, and whoever comes while it writes waits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bench.standing import TIMES, standing
from kg.errors import StoreConflict, StoreTimeout
from kg.ledger import Draft, Ledger
from kg.load import load
from kg.statements import Statement
from kg.store import Store
from tests.neo4j.told import Clerk, disease, has, inputs_of, symptom

pytestmark = pytest.mark.neo4j

MINE = [
    disease("DOID:1", "flu"),
    *(symptom(f"S:{n}") for n in range(60)),
    *(has("DOID:1", f"S:{n}") for n in range(60)),
]
THEIRS = disease("DOID:1", "influenza")
SECONDS = 30.0


async def told(ledger: Ledger, key: str, *records: Any, deadline: float = SECONDS) -> str | None:
    done = await ledger.tell(Draft("import", key, "expert", key), records, source="expert", deadline=deadline)
    return done.change_set


async def test_a_load_that_was_overtaken_while_it_was_reckoned_is_reckoned_anew(store: Store) -> None:
    clerk = Clerk(store)
    overtaking = Overtaking(store, 1)
    report = await load(clerk.ledger, overtaking, inputs_of(MINE), by="tester", batch_size=20)  # type: ignore[arg-type]
    assert overtaking.left == 0
    assert (report.nodes.changed, report.nodes.new) == (1, 60)
    heads = await clerk.ledger.change_sets()
    assert [(head["by"], head["status"]) for head in heads] == [("tester", "done"), ("expert", "done")]
    both = await standing(store, without={*TIMES, "change_set"})
    assert b"influenza" in both
    assert b'"flu"' in both
    assert (await clerk.load(*MINE, again=True)).change_set is None


async def test_a_load_that_is_overtaken_again_and_again_gives_up_with_nothing_written(store: Store) -> None:
    clerk = Clerk(store)
    overtaking = Overtaking(store, 99)
    with pytest.raises(StoreConflict) as caught:
        await load(clerk.ledger, overtaking, inputs_of(MINE), by="tester")  # type: ignore[arg-type]
    assert caught.value.message == "the graph was changed meanwhile"
    assert caught.value.hint == "Run the same load again."
    assert {head["by"] for head in await clerk.ledger.change_sets()} == {"expert"}
    assert await store.read(Statement("MATCH (n:Symptom) RETURN n.id AS id")) == []


class Overtaking:
    """Passes everything on, but lets somebody else write each time the load has looked at the kinds of edges."""

    def __init__(self, store: Store, times: int) -> None:
        self._store = store
        self.left = times
        self.number = 0

    async def read(self, statement: Statement, *, deadline: float | None = None) -> list[dict[str, Any]]:
        rows = await self._store.read(statement, deadline=deadline)
        if "AS what" in statement.text and self.left:
            self.left -= 1
            self.number += 1
            await told(Ledger(self._store), f"theirs {self.number}", disease(f"DOID:{self.number}", "influenza"))
        return rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


async def test_who_writes_while_a_load_is_written_waits_and_finds_all_of_it(store: Store) -> None:
    clerk = Clerk(store)
    waiting: list[asyncio.Task[str | None]] = []

    def progress(step: str, done: int, total: int) -> None:
        if step == "write" and not waiting:
            waiting.append(asyncio.get_running_loop().create_task(told(clerk.ledger, "theirs", THEIRS)))

    report = await load(clerk.ledger, store, inputs_of(MINE), by="tester", batch_size=10, progress=progress)
    theirs = await waiting[0]
    newest, older = await clerk.ledger.change_sets()
    assert (newest["id"], older["id"]) == (theirs, report.change_set)
    (change,) = await clerk.ledger.changes(newest["id"])
    assert change.before is not None, "they saw what the load had told"
    assert change.before["names"] == {"en": "flu"}


async def test_who_cannot_wait_so_long_is_told_and_has_written_nothing(store: Store) -> None:
    ledger = Ledger(store)
    async with ledger.bulk(Draft("import", "mine", "tester", "mine")):
        with pytest.raises(StoreTimeout) as caught:
            await told(ledger, "theirs", THEIRS, deadline=1.0)
    assert "did not answer within 1 s" in caught.value.message
    assert [head["by"] for head in await ledger.change_sets()] == ["tester"]
    assert await told(ledger, "theirs", THEIRS) is not None


async def test_two_loads_at_once_are_made_one_after_the_other(store: Store) -> None:
    one, other = Clerk(store), Clerk(store)
    third = [disease("DOID:2"), *(symptom(f"S:{n}") for n in range(60)), *(has("DOID:2", f"S:{n}") for n in range(60))]
    reports = await asyncio.gather(one.load(*MINE), other.load(*third, source="other"))
    assert [report.rejected for report in reports] == [0, 0]
    assert {head["status"] for head in await one.ledger.change_sets()} == {"done"}
    (row,) = await store.read(Statement("MATCH ()-[r:HAS_SYMPTOM]->() RETURN count(r) AS edges"))
    assert row["edges"] == 120
