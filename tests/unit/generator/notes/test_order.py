"""Which disease a place of a run is about, and what makes two orders the same."""

from __future__ import annotations

import asyncio
import json
from types import ModuleType

import pytest

from generator.errors import NothingToTell
from generator.notes.order import CodeOrder, few_at_once, order_of_codes
from generator.notes.subject import Subject
from kg.errors import UnknownName
from tests.unit.generator.notes.conftest import Written
from tests.unit.generator.scribe import Scribe

pytestmark = pytest.mark.anyio


def test_a_code_of_several_diseases_shares_its_notes_out_among_them(hand: ModuleType) -> None:
    one, two = (Subject("J20", hand.node(f"DOID:{n}", "Disease", f"disease {n}", ""), "CS:1") for n in (1, 2))
    other = Subject("I10", hand.node("DOID:3", "Disease", "disease 3", ""), "CS:1")
    order = CodeOrder((("J20", 3), ("I10", 2)), {"J20": (one, two), "I10": (other,)})
    assert (order.total, order.release) == (5, "CS:1")
    found = [order.at(place) for place in range(5)]
    assert [(subject.disease.id, index) for subject, index in found] == [
        ("DOID:1", 0), ("DOID:2", 1), ("DOID:1", 2), ("DOID:3", 0), ("DOID:3", 1),
    ]  # fmt: skip


async def test_a_plan_and_codes_that_ask_for_the_same_are_one_run(hand: ModuleType) -> None:
    graph = hand.HandGraph()
    codes = await order_of_codes(graph, [("J20", 2), ("E11", 2)])
    plan = await order_of_codes(graph, [("J20", 2), ("G43", 0), ("E11", 2)], share_out=True)
    assert codes.identity == plan.identity
    assert (await order_of_codes(graph, [("E11", 2), ("J20", 2)])).identity != codes.identity
    with pytest.raises(NothingToTell):
        await order_of_codes(graph, [("J20", 0)])
    with pytest.raises(UnknownName):
        await order_of_codes(graph, [("J20", 1), ("Q99", 1)])


async def test_a_few_work_at_the_same_time_and_the_answers_come_in_order() -> None:
    at_once = most = 0

    async def work(number: int) -> int:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.001 * (20 - number))
        at_once -= 1
        return number

    assert await few_at_once(work, range(20)) == list(range(20))
    assert most == 8


async def test_a_folder_of_notes_holds_the_rows_of_the_file_and_their_parquet(written: Written) -> None:
    parts = (("J20", 3), ("E11", 4))
    _, in_one = await written(Scribe(width=2), parts, name="notes.jsonl")
    summary, in_shards = await written(Scribe(width=2), parts, name="notes", per_shard=3)
    assert in_shards == in_one
    assert summary.finished
    import pyarrow.parquet as pq

    names = sorted(path.name for path in summary.out.glob("*.parquet"))
    assert names == [f"notes-0000{number}.parquet" for number in range(3)]
    table = [row for name in names for row in pq.read_table(summary.out / name).to_pylist()]
    assert [row["id"] for row in table] == [row["id"] for row in in_one]
    assert {row["step"] for row in table} == {"first"}
    manifest = json.loads((summary.out / "manifest.json").read_text())
    assert manifest["plan"] == [["J20", 3], ["E11", 4]]
    assert manifest["counts"]["status accepted"] == 7
    assert manifest["run"]["width"] == 2
    assert {"python", "mkg", "pyarrow"} <= manifest["versions"].keys()


async def test_a_run_that_is_told_to_stop_ends_with_whole_groups_and_goes_on(written: Written) -> None:
    parts, done = (("J20", 9),), []
    summary, rows = await written(
        Scribe(width=2), parts, name="n", per_shard=9, stop=lambda: len(done) >= 2, progress=lambda *_: done.append(1)
    )
    assert not summary.finished
    assert rows == []
    assert summary.rows in (2, 4)
    again, rows = await written(Scribe(width=2), parts, name="n", per_shard=9)
    assert (again.resumed, len(rows), again.passed) == (summary.rows, 9, 9)
