"""Degrees of a large graph are counted with the load that changed much, kept with the graph, and read by questions."""

from __future__ import annotations

import pytest

from kg import degrees
from kg.degrees import degrees_of_graph, keep_degrees
from kg.errors import StoreTimeout
from kg.ledger import Draft, Ledger
from kg.statements import fixed
from kg.store import Store
from kg.values import Edge, Evidence, Node

pytestmark = pytest.mark.neo4j

SYMPTOMS = "HAS_SYMPTOM"


def edge(disease: int, symptom: int) -> Edge:
    said = (Evidence("test", "1", "CC0-1.0", f"{disease}/{symptom}", "test"),)
    return Edge(SYMPTOMS, f"D:{disease}", f"S:{symptom}", said)


async def told(ledger: Ledger, name: str, *edges: Edge) -> None:
    nodes = {key: Node("Disease", key, {"en": key}) for key in {edge.start for edge in edges}}
    nodes |= {key: Node("Symptom", key, {"en": key}) for key in {edge.end for edge in edges}}
    await ledger.tell(Draft("import", name, "tests", name), [*nodes.values(), *edges], source="test")


async def most(store: Store) -> int:
    return (await degrees_of_graph(store)).roles[("Disease", "symptoms")].most


async def test_degrees_are_counted_once_and_again_when_much_changed(
    store: Store, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(degrees, "DRIFT", 0.5)
    await told(ledger, "a", *(edge(1, symptom) for symptom in range(6)))

    # Nobody counted yet, so the first question does.
    assert await most(store) == 6
    kept = (await store.read(fixed("read/degrees_kept")))[0]
    assert kept["counted"] == kept["things"] == 7 + 6

    await told(ledger, "b", edge(1, 7))
    await keep_degrees(store)
    assert await most(store) == 6

    await told(ledger, "c", *(edge(1, symptom) for symptom in range(8, 30)))
    await keep_degrees(store)
    assert (await store.read(fixed("read/degrees_kept")))[0]["counted"] > 50
    assert await most(store) == 29


async def test_a_question_is_measured_by_what_was_counted_and_counts_nothing_itself(
    store: Store, ledger: Ledger
) -> None:
    await told(ledger, "a", edge(1, 1), edge(1, 2))
    await keep_degrees(store)
    before = store.statements_run
    assert (await degrees_of_graph(store)).nodes["Symptom"] == 2
    assert store.statements_run - before == 1


async def test_a_count_that_fails_harms_nothing(store: Store, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    await told(ledger, "a", edge(1, 1))

    async def broken(*_: object, **__: object) -> None:
        raise StoreTimeout("too late")

    with monkeypatch.context() as patched:
        patched.setattr(store, "command", broken)
        assert await most(store) == 1
        patched.setattr(store, "read", broken)
        await keep_degrees(store)
    assert (await store.read(fixed("read/degrees_kept")))[0]["degrees"] is None
