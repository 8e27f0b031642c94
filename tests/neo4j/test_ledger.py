"""Change sets on a real server: all or nothing, twice is once, and the log tells how the graph came about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from kg.changes import Change, State
from kg.errors import CurationError, RecordRejected, StoreConflict, StoreError
from kg.ledger import Draft, Ledger, Recorded
from kg.statements import Statement
from kg.store import Store, Transaction
from kg.values import Edge, Evidence, Node

pytestmark = pytest.mark.neo4j

Digest = Callable[[Store], Awaitable[str]]
DRAFT = Draft("import", "a file", "loader", "sha256-of-the-file")
SYMPTOMS = 9


def evidence(reference: str = "ref", **claims: object) -> Evidence:
    return Evidence("a", "1", "CC0-1.0", reference, "us", claims=claims)


def records() -> list[Node | Edge]:
    disease = Node("Disease", "DOID:1", {"en": "flu", "ru": "грипп"}, {"en": ("influenza",)}, {"age_min": 1}, ("X:1",))
    symptoms = [Node("Symptom", f"S:{number}", {"en": f"symptom {number}"}) for number in range(SYMPTOMS)]
    edges = [
        Edge("HAS_SYMPTOM", "DOID:1", f"S:{number}", (evidence(weight=number / 10), evidence("other")))
        for number in range(SYMPTOMS)
    ]
    return [disease, *symptoms, *edges]


async def load(
    ledger: Ledger, wanted: Sequence[Node | Edge], draft: Draft = DRAFT, size: int = 4, stop: int | None = None
) -> list[Recorded]:
    """Tell all records in batches; leave off before batch `stop`, as a killed load does."""
    batches = [wanted[start : start + size] for start in range(0, len(wanted), size)]
    return [
        await ledger.tell(draft, batch, source="a", last=number == len(batches) - 1)
        for number, batch in enumerate(batches[:stop])
    ]


async def states(store: Store, ledger: Ledger, changes: Sequence[Change]) -> dict[str, State]:
    async def work(transaction: Transaction) -> dict[str, State]:
        return await ledger.states(transaction, changes)

    return await store.write(work, operation=f"look {len(changes)} {datetime.now(UTC).timestamp()}")


async def record(store: Store, ledger: Ledger, changes: Sequence[Change], name: str = "one") -> str:
    async def work(transaction: Transaction) -> str:
        return await ledger.record(transaction, Draft("proposal", name, "anna", name), changes)

    return await store.write(work, operation=name)


async def test_a_load_is_one_change_set_that_holds_every_change(store: Store, ledger: Ledger) -> None:
    wanted = records()
    done = await load(ledger, wanted)
    (change_set,) = await ledger.change_sets()

    assert {item.change_set for item in done} == {change_set["id"]}
    assert sum(item.nodes for item in done) == 1 + SYMPTOMS
    assert sum(item.edges for item in done) == SYMPTOMS
    assert change_set["status"] == "done"
    assert (change_set["seq"], change_set["changed"], change_set["batches"]) == (1, len(wanted), 5)
    assert [change.id for change in await ledger.changes(change_set["id"])] == [record.id for record in wanted]


async def test_what_the_log_says_is_what_the_graph_holds(store: Store, ledger: Ledger) -> None:
    await load(ledger, records())
    changes = await ledger.changes((await ledger.position())["head"])

    assert await states(store, ledger, changes) == {change.id: change.after for change in changes}


async def test_loading_twice_is_loading_once(store: Store, ledger: Ledger, graph_digest: Digest) -> None:
    await load(ledger, records())
    before = await graph_digest(store)
    again = await load(ledger, records(), size=3)

    assert again == [Recorded(None, 0, 0)] * len(again)
    assert await graph_digest(store) == before
    assert len(await ledger.change_sets()) == 1


@pytest.mark.parametrize("stop", range(1, 5))
async def test_a_load_that_was_killed_goes_on_in_the_same_change_set(store: Store, ledger: Ledger, stop: int) -> None:
    await load(ledger, records(), stop=stop)
    (opened,) = await ledger.change_sets()
    assert opened["status"] == "open"

    done = await load(ledger, records())
    (closed,) = await ledger.change_sets()

    assert done[0].change_set == done[-1].change_set == closed["id"] == opened["id"]
    assert (closed["status"], closed["changed"]) == ("done", len(records()))
    assert [change.id for change in await ledger.changes(closed["id"])] == [item.id for item in records()]


async def test_a_killed_load_does_again_what_was_taken_back_between(
    store: Store, ledger: Ledger, graph_digest: Digest
) -> None:
    await load(ledger, records(), stop=4)
    edges = [change for change in await ledger.changes((await ledger.position())["head"]) if change.target == "edge"]
    assert edges
    await record(store, ledger, [change.undone() for change in edges])

    # The same batches once more: one of them has something to do again, under a number that was used before.
    await load(ledger, records())
    changes = await ledger.changes((await ledger.change_sets())[-1]["id"])

    assert len(changes) == len(records()) + len(edges)
    assert len(await states(store, ledger, changes)) == len(records())


async def test_a_batch_with_an_edge_into_nothing_leaves_nothing_behind(
    store: Store, ledger: Ledger, graph_digest: Digest
) -> None:
    before = await graph_digest(store)
    nowhere = Edge("HAS_SYMPTOM", "DOID:1", "S:404", (evidence(),))

    with pytest.raises(StoreConflict, match="an end is not in the graph: DOID:1/HAS_SYMPTOM/S:404"):
        await load(ledger, [*records(), nowhere], size=100)
    assert await graph_digest(store) == before
    assert await ledger.change_sets() == []


async def test_an_id_that_stands_for_another_kind_of_thing_is_refused(store: Store, ledger: Ledger) -> None:
    await load(ledger, records())

    with pytest.raises(RecordRejected, match="S:0 is a Symptom in the graph and a Drug here"):
        await load(ledger, [Node("Drug", "S:0", {"en": "x"})], Draft("import", "b", "loader", "another"))


async def test_a_second_source_adds_its_evidence_in_a_change_set_of_its_own(store: Store, ledger: Ledger) -> None:
    await load(ledger, records())
    more = [Edge("HAS_SYMPTOM", "DOID:1", "S:0", (evidence("third", weight=0.9),))]
    (done,) = await load(ledger, more, Draft("import", "b", "loader", "another"))
    newest, oldest = await ledger.change_sets()

    assert (newest["id"], newest["parent"], newest["seq"]) == (done.change_set, oldest["id"], 2)
    (change,) = await ledger.changes(newest["id"])
    assert change.before is not None
    assert change.after is not None
    assert len(change.after["evidence"]) == len(change.before["evidence"]) + 1
    rows = await store.read(Statement("MATCH ()-[r:HAS_SYMPTOM {id: 'DOID:1/HAS_SYMPTOM/S:0'}]->() RETURN r"))
    assert len(rows) == 1


async def test_every_change_that_is_taken_back_leaves_an_empty_graph(
    store: Store, ledger: Ledger, graph_digest: Digest
) -> None:
    before = await graph_digest(store)
    await load(ledger, records())
    loaded = await graph_digest(store)
    back = [change.undone() for change in await ledger.changes((await ledger.position())["head"])]

    await record(store, ledger, back, "back")
    assert await graph_digest(store) == before != loaded

    await record(store, ledger, [change.undone() for change in back], "forth")
    assert await graph_digest(store) == loaded


async def test_what_changed_meanwhile_is_not_overwritten(store: Store, ledger: Ledger, graph_digest: Digest) -> None:
    await load(ledger, records())
    before = await graph_digest(store)
    first, *_ = await ledger.changes((await ledger.position())["head"])

    with pytest.raises(StoreConflict, match="DOID:1 was changed meanwhile"):
        await record(store, ledger, [Change("node", "DOID:1", None, first.after)])
    assert await graph_digest(store) == before


async def test_a_node_that_edges_hold_is_not_taken_away(store: Store, ledger: Ledger, graph_digest: Digest) -> None:
    await load(ledger, records())
    before = await graph_digest(store)
    first, *_ = await ledger.changes((await ledger.position())["head"])

    with pytest.raises(StoreConflict, match="still has edges: DOID:1"):
        await record(store, ledger, [first.undone()])
    assert await graph_digest(store) == before


async def test_times_never_run_backwards_whatever_the_clock_does(store: Store) -> None:
    hours = iter((0, 0, -72, 72, 1))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    ledger = Ledger(store, lambda: start + timedelta(hours=next(hours)))
    for number in range(5):
        await load(ledger, [Node("Symptom", f"S:{number}", {"en": "s"})], Draft("import", "t", "us", str(number)))
    times = [item["at"] for item in await ledger.change_sets()]

    assert times == sorted(set(times), reverse=True)


async def test_a_change_set_that_is_not_there_is_told_with_where_to_look(ledger: Ledger) -> None:
    with pytest.raises(CurationError, match="no change set 'CS:404'") as caught:
        await ledger.changes("CS:404")
    assert "mkg review log" in str(caught.value.hint)
    with pytest.raises(CurationError, match="no change set 'CS:404'"):
        await ledger.change_set("CS:404")


async def test_a_database_that_was_never_prepared_is_told_so(store: Store, ledger: Ledger) -> None:
    await store.command(Statement("MATCH (meta:Meta) DELETE meta"))

    with pytest.raises(StoreError, match="holds no graph yet"):
        await ledger.position()
    with pytest.raises(StoreError, match="holds no graph yet"):
        await load(ledger, records())


async def test_the_log_is_read_page_by_page(ledger: Ledger) -> None:
    for number in range(5):
        await load(ledger, [Node("Symptom", f"S:{number}", {"en": "s"})], Draft("import", "t", "us", str(number)))

    first = await ledger.change_sets(limit=2)
    second = await ledger.change_sets(limit=2, before=first[-1]["seq"])
    assert [item["seq"] for item in (*first, *second)] == [5, 4, 3, 2]
