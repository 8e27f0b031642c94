"""What is proposed at the same time goes together, each with its own result, and no failure takes others along."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from kg.curation.together import NewEvidence, Together
from kg.errors import StoreError, StoreUnavailable
from kg.ledger import Ledger
from kg.schema import EDGE_BY_TYPE
from kg.statements import Statement


class Slow:
    """A store that answers when it is let, keeps all rows but those refused, and fails on one that is broken."""

    def __init__(self) -> None:
        self.asked: list[Statement] = []
        self.gate = asyncio.Event()
        self.refused = ""
        self.broken: dict[str, Exception] = {}

    async def command(self, statement: Statement, *, deadline: float | None = None) -> list[dict[str, Any]]:
        self.asked.append(statement)
        await self.gate.wait()
        rows = statement.values["rows"]
        for row in rows:
            if row["key"] in self.broken:
                raise self.broken[row["key"]]
        return [
            {"number": number, "result": orjson.dumps({"of": row["key"]}).decode()}
            for number, row in enumerate(rows)
            if row["key"] != self.refused
        ]

    @property
    def parties(self) -> list[list[str]]:
        return [[row["key"] for row in statement.values["rows"]] for statement in self.asked]


def new(key: str, operation: str = "", kind: str = "HAS_SYMPTOM") -> NewEvidence:
    return NewEvidence(EDGE_BY_TYPE[kind], key, operation or key, {"key": key})


def together(store: Any) -> Together:
    return Together(store, Ledger(store, lambda: datetime(2026, 1, 1, tzinfo=UTC)))


async def begun(desk: Together, *edges: NewEvidence) -> list[asyncio.Task[Any]]:
    """Propose these; the first is on its way when the others come."""
    tasks: list[asyncio.Task[Any]] = []
    for edge in edges:
        tasks.append(asyncio.create_task(desk.kept(edge)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    return tasks


async def test_who_comes_first_goes_at_once_and_the_others_share_the_next_trip() -> None:
    store = Slow()
    tasks = await begun(together(store), *map(new, "abcd"))
    assert store.parties == [["a"]]
    store.gate.set()
    assert await asyncio.gather(*tasks) == [{"of": key} for key in "abcd"]
    assert store.parties == [["a"], ["b", "c", "d"]]


async def test_the_same_proposal_or_operation_and_another_kind_go_on_trips_of_their_own() -> None:
    store = Slow()
    edges = (new("a"), new("b"), new("b"), new("c", operation="b"), new("d", kind="TREATS"))
    tasks = await begun(together(store), *edges)
    store.gate.set()
    await asyncio.gather(*tasks)
    assert store.parties == [["a"], ["b"], ["b"], ["c"], ["d"]]


async def test_one_that_is_not_kept_leaves_the_others_alone() -> None:
    store = Slow()
    store.refused = "c"
    tasks = await begun(together(store), *map(new, "abcd"))
    store.gate.set()
    assert await asyncio.gather(*tasks) == [{"of": "a"}, {"of": "b"}, None, {"of": "d"}]


async def test_one_that_the_database_refuses_leaves_the_others_to_the_other_way() -> None:
    store = Slow()
    store.broken = {"c": StoreError("a property is too long")}
    tasks = await begun(together(store), *map(new, "abcd"))
    store.gate.set()
    assert await asyncio.gather(*tasks) == [{"of": "a"}, None, None, None]


async def test_a_database_that_is_away_is_away_for_each_and_for_the_next_there_is_another_try() -> None:
    store = Slow()
    store.broken = {"b": StoreUnavailable("gone")}
    desk = together(store)
    tasks = await begun(desk, *map(new, "abc"))
    store.gate.set()
    first, *others = await asyncio.gather(*tasks, return_exceptions=True)
    assert first == {"of": "a"}
    assert [type(other) for other in others] == [StoreUnavailable, StoreUnavailable]
    assert await desk.kept(new("d")) == {"of": "d"}


async def test_who_leaves_stops_nobody_and_is_not_written_unless_it_was_begun() -> None:
    store = Slow()
    tasks = await begun(together(store), *map(new, "abc"))
    tasks[0].cancel()
    tasks[1].cancel()
    await asyncio.sleep(0)
    store.gate.set()
    assert await tasks[2] == {"of": "c"}
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
    assert store.parties == [["a"], ["c"]]
