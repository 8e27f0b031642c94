"""A load is taken back whole, or refused with what stands in the way; the graph is then what it was, to the byte."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from bench.standing import standing
from kg.errors import CurationError, StepRefused
from kg.export import export
from kg.statements import Statement, fixed
from kg.store import Store
from kg.values import Edge, Node, Same
from tests.neo4j.told import Clerk, disease, evidence, has, symptom

pytestmark = pytest.mark.neo4j

FIRST = [
    disease("DOID:1", "flu", prior=0.1),
    symptom("S:1"),
    symptom("S:2"),
    has("DOID:1", "S:1", weight=0.5),
    Same("Disease", "MONDO:1", "DOID:1"),
]
SECOND = [
    Node("Disease", "MONDO:1", {"en": "influenza", "ru": "грипп"}),
    disease("MONDO:2"),
    has("MONDO:1", "S:1", "other", weight=0.7),
    has("MONDO:2", "S:2", "other"),
    has("MONDO:1", "S:2", "other"),
    Same("Disease", "OMIM:1", "MONDO:1"),
    Same("Disease", "DOID:9", "DOID:1", "replaced"),
]


async def exported(store: Store, folder: Path, name: str) -> bytes:
    await export(store, "jsonl", folder / name)
    return (folder / name).read_bytes()


async def counts(store: Store) -> list[tuple[str, str, int]]:
    return [(row["what"], row["kind"], row["number"]) for row in await store.read(fixed("read/counts"))]


async def test_a_load_that_is_taken_back_leaves_the_graph_as_it_was_to_the_byte(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(*FIRST)
    before, counted = await standing(store), await counts(store)
    change_set = await clerk.loaded(*SECOND, source="other")
    assert await standing(store) != before
    told = await clerk.undo(change_set)
    assert await standing(store) == before
    assert await counts(store) == counted
    assert (told.undoes, told.dry_run, told.nodes, told.edges) == (change_set, False, 2, 3)
    head, *_ = await clerk.ledger.change_sets()
    assert (head["id"], head["kind"], head["status"], head["by"]) == (told.change_set, "undo", "done", "tester")


async def test_all_loads_taken_back_one_by_one_leave_an_empty_graph_without_aliases(store: Store) -> None:
    clerk = Clerk(store)
    first = await clerk.loaded(*FIRST)
    second = await clerk.loaded(*SECOND, source="other")
    await clerk.undo(second)
    await clerk.undo(first)
    assert await standing(store) == b""


async def test_the_export_of_the_whole_graph_is_the_same_to_the_byte_too(store: Store, tmp_path: Path) -> None:
    clerk = Clerk(store)
    await clerk.loaded(*FIRST)
    before = await exported(store, tmp_path, "before.jsonl")
    change_set = await clerk.loaded(*SECOND, source="other")
    between = await exported(store, tmp_path, "between.jsonl")
    await clerk.undo(change_set)
    assert await exported(store, tmp_path, "after.jsonl") == before != between


async def test_taking_back_what_took_back_brings_the_load_again(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(*FIRST)
    change_set = await clerk.loaded(*SECOND, source="other")
    after = await standing(store)
    undone = await clerk.undo(change_set)
    assert undone.change_set is not None
    redone = await clerk.undo(undone.change_set)
    assert await standing(store) == after
    assert redone.change_set is not None
    await clerk.undo(redone.change_set)
    await clerk.loaded(*SECOND, source="other")


async def test_a_dry_run_tells_how_much_would_be_taken_back_and_does_nothing(store: Store) -> None:
    clerk = Clerk(store)
    change_set = await clerk.loaded(*FIRST)
    before = await standing(store)
    told = await clerk.undo(change_set, dry_run=True)
    assert (told.nodes, told.edges, told.change_set, told.dry_run) == (3, 1, None, True)
    assert await standing(store) == before
    assert len(await clerk.ledger.change_sets()) == 1


async def test_what_was_changed_later_refuses_it_with_a_line_for_each_thing(store: Store) -> None:
    clerk = Clerk(store)
    change_set = await clerk.loaded(*FIRST)
    await clerk.loaded(*SECOND, source="other")
    before = await standing(store)
    with pytest.raises(StepRefused) as caught:
        await clerk.undo(change_set)
    assert "changed later" in caught.value.message
    place = caught.value.place or ""
    assert "DOID:1: its name in ru is 'грипп' now, not None" in place
    assert "DOID:1/HAS_SYMPTOM/S:1: EV:" in place
    assert await standing(store) == before


async def test_an_edge_that_others_hung_on_its_nodes_refuses_it(store: Store) -> None:
    clerk = Clerk(store)
    change_set = await clerk.loaded(*FIRST)
    await clerk.loaded(has("DOID:1", "S:2", "other"), source="other")
    before = await standing(store)
    with pytest.raises(StepRefused) as caught:
        await clerk.undo(change_set)
    assert (caught.value.place or "").splitlines() == ["DOID:1: got 1 more edge", "S:2: got 1 more edge"]
    assert await standing(store) == before
    assert len(await clerk.ledger.change_sets()) == 2


async def test_another_id_that_means_another_node_now_refuses_it(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(disease("DOID:1"), disease("DOID:2"))
    change_set = await clerk.loaded(Same("Disease", "MONDO:1", "DOID:1"))
    await clerk.loaded(Same("Disease", "DOID:1", "DOID:2", "replaced"))
    with pytest.raises(StepRefused) as caught:
        await clerk.undo(change_set)
    assert caught.value.place == "Disease=MONDO:1: stands for DOID:2 now, not DOID:1"


async def test_what_is_no_load_is_not_there_or_not_finished_is_refused(store: Store) -> None:
    clerk = Clerk(store)
    change_set = await clerk.loaded(*FIRST)
    with pytest.raises(CurationError, match="no change set 'CS:404'"):
        await clerk.undo("CS:404")
    await store.command(Statement("MATCH (c:ChangeSet) SET c.status = 'open'"))
    with pytest.raises(StepRefused, match="not finished"):
        await clerk.undo(change_set)
    await store.command(Statement("MATCH (c:ChangeSet) SET c.status = 'done', c.kind = 'proposal'"))
    with pytest.raises(StepRefused, match="brought in a proposal"):
        await clerk.undo(change_set)


async def test_a_large_load_is_taken_back_in_little_memory(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(*FIRST)
    before = await standing(store)
    diseases = [disease(f"DOID:{number}") for number in range(100, 400)]
    symptoms = [symptom(f"S:{number}") for number in range(100, 200)]
    edges = [
        Edge("HAS_SYMPTOM", one.id, other.id, (evidence("big", weight=0.5),)) for one in diseases for other in symptoms
    ]
    assert len(edges) == 30_000
    change_set = await clerk.loaded(*diseases, *symptoms, *edges, source="big")
    del edges
    tracemalloc.start()
    told = await clerk.undo(change_set)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (told.nodes, told.edges) == (400, 30_000)
    assert await standing(store) == before
    assert peak < 120 * 2**20
