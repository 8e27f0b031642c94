"""What was before stays in the graph: any earlier state can be read from it, number by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pytest

from bench.standing import standing
from kg.changes import State
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL
from kg.statements import Statement
from kg.store import Store
from kg.stored import edge_state, node_state
from kg.values import Edge, Node
from tests.neo4j.told import Clerk, disease, evidence, has, symptom

pytestmark = pytest.mark.neo4j

_NODES = Statement(
    "MATCH (n) WHERE (n:Entity OR n:Past OR n:Gone) RETURN labels(n) AS labels, properties(n) AS properties"
)
_EDGES = Statement("MATCH (a)-[r]->(b) RETURN a.id AS start, type(r) AS type, b.id AS end, properties(r) AS properties")


def _there(kept: Mapping[str, Any], seq: int) -> bool:
    return kept["since"] <= seq < kept.get("until", 2**62)


def _kind(labels: Sequence[str], kept: Mapping[str, Any]) -> str:
    if "Past" in labels:
        return kept["kind"]
    return next(word for label in labels if (word := label.removeprefix("Was")) in NODE_BY_LABEL)


async def as_of(store: Store, seq: int) -> dict[str, State]:
    """Return the state of each thing as it was when the change set of that number was done."""
    found: dict[str, State] = {}
    for row in await store.read(_NODES):
        kept = row["properties"]
        if _there(kept, seq):
            assert kept["id"] not in found, "one version of a thing at a time"
            found[kept["id"]] = node_state(_kind(row["labels"], kept), kept)
    for row in await store.read(_EDGES):
        kept = row["properties"]
        if _there(kept, seq):
            assert kept["id"] not in found, "one version of a thing at a time"
            kind = row["type"].removeprefix("WAS_")
            assert kind in EDGE_BY_TYPE
            found[kept["id"]] = edge_state(kind, row["start"], row["end"], kept["told"])
    return found


async def present(store: Store) -> dict[str, State]:
    found: dict[str, State] = {}
    for line in (await standing(store)).splitlines():
        row = orjson.loads(line)
        for what in ("node", "edge"):
            if what in row:
                found[row.pop(what)] = row
    return found


FIRST = [
    disease("DOID:1", "flu", prior=0.1),
    disease("DOID:2"),
    symptom("S:1"),
    symptom("S:2"),
    has("DOID:1", "S:1", weight=0.5),
    has("DOID:1", "S:2"),
    Edge("RESEMBLES", "DOID:1", "DOID:2", (evidence(score=0.4),)),
]
SECOND = [
    Node("Disease", "DOID:1", {"en": "influenza"}, properties={"prior": 0.2}),
    disease("DOID:3"),
    has("DOID:1", "S:1", "mkg-core", weight=0.9),
    has("DOID:3", "S:2", "mkg-core"),
]
THIRD = [symptom("S:3"), has("DOID:1", "S:1", "third", weight=0.1), has("DOID:3", "S:3", "third")]


async def test_every_earlier_state_can_be_read_from_the_graph(store: Store) -> None:
    clerk = Clerk(store)
    seen = [await present(store)]
    first = await clerk.loaded(*FIRST)
    seen.append(await present(store))
    second = await clerk.loaded(*SECOND, source="mkg-core")
    seen.append(await present(store))
    third = await clerk.loaded(*THIRD, source="third")
    seen.append(await present(store))
    for change_set in (third, second, first):
        await clerk.undo(change_set)
        seen.append(await present(store))
    again = await clerk.loaded(*FIRST)
    seen.append(await present(store))
    assert again != first
    for seq, states in enumerate(seen):
        assert await as_of(store, seq) == states, f"as of change set {seq}"
    assert seen[0] == seen[6] == {}
    assert seen[1] != seen[2] != seen[3]


async def test_a_changed_node_leaves_its_past_and_a_changed_edge_a_twin_of_another_type(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(*FIRST)
    await clerk.loaded(*SECOND, source="mkg-core")
    (past,) = await store.read(Statement("MATCH (p:Past) RETURN labels(p) AS labels, properties(p) AS kept"))
    assert (past["labels"], past["kept"]["id"], past["kept"]["kind"]) == (["Past"], "DOID:1", "Disease")
    assert (past["kept"]["name"], past["kept"]["since"], past["kept"]["until"]) == ("flu", 1, 2)
    (edge,) = await store.read(
        Statement("MATCH (a)-[w:WAS_HAS_SYMPTOM]->(b) RETURN a.id AS start, b.id AS end, properties(w) AS kept")
    )
    assert (edge["start"], edge["end"], edge["kept"]["weight"]) == ("DOID:1", "S:1", 0.5)
    assert (edge["kept"]["since"], edge["kept"]["until"]) == (1, 2)


async def test_a_removed_node_has_none_of_its_labels_and_none_of_the_counts(store: Store) -> None:
    clerk = Clerk(store)
    change_set = await clerk.loaded(*FIRST)
    await clerk.undo(change_set)
    rows = await store.read(Statement("MATCH (n:Gone) RETURN labels(n) AS labels, n.since AS since, n.until AS until"))
    assert {tuple(sorted(row["labels"])) for row in rows} == {("Gone", "WasDisease"), ("Gone", "WasSymptom")}
    assert {(row["since"], row["until"]) for row in rows} == {(1, 2)}
    live = Statement("MATCH ()-[r]->() WHERE NOT type(r) STARTS WITH 'WAS_' RETURN count(r) AS number")
    assert (await store.read(live))[0]["number"] == 0
    assert (await store.read(Statement("MATCH (n:Entity) RETURN count(n) AS number")))[0]["number"] == 0


async def test_a_node_that_comes_back_is_the_same_node_with_its_past_beside_it(store: Store) -> None:
    clerk = Clerk(store)
    change_set = await clerk.loaded(disease("DOID:1", "flu"))
    await clerk.undo(change_set)
    await clerk.loaded(disease("DOID:1", "influenza"))
    rows = await store.read(
        Statement("MATCH (n {id: 'DOID:1'}) RETURN labels(n) AS labels, n.name AS name, n.since AS s, n.until AS u")
    )
    told = sorted((row["labels"], row["name"], row["s"], row["u"]) for row in rows)
    assert told == [(["Entity", "Disease"], "influenza", 3, None), (["Past"], "flu", 1, 2)]
