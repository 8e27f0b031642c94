"""Vectors in a real Neo4j: made once, made again only for what changed, and found by their index."""

from __future__ import annotations

import pytest

from kg.embedding import EmbedReport, Meaning, embed
from kg.errors import NothingEmbedded
from kg.statements import Statement
from kg.store import Store
from kg.values import Node
from tests.neo4j.planted import node, plant, put
from tests.unit.kg.embedding.bag import Bag

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]

WARD = (
    Node("Symptom", "S:1", {"en": "abdominal pain"}, {"en": ("belly ache", "tummy ache")}),
    Node("Symptom", "S:2", {"en": "dry cough", "ru": "сухой кашель"}),
    Node("SideEffect", "E:1", {"en": "abdominal pain"}),
    Node("Disease", "D:1", {"en": "common cold"}),
    Node("IcdCode", "ICD10:R05", {"ru": "кашель"}, {}, {"system": "ICD10", "level": "category"}),
)
STATE = Statement("MATCH (v:Vector) RETURN v.id AS id, labels(v) AS labels, size(v.embedding) AS size ORDER BY id")


async def run(store: Store, bag: Bag, *, dry_run: bool = False) -> EmbedReport:
    return await embed(store, bag, progress=lambda *_: None, dry_run=dry_run)


async def ids(store: Store, text: str, *kinds: str, bag: Bag | None = None) -> list[str]:
    found = await Meaning(store, lambda: bag or Bag()).search(text, kinds, 3)
    return [hit.node.id for hit in found]


async def test_every_node_with_an_english_name_gets_one_vector_under_its_kind(store: Store) -> None:
    await plant(store, WARD)
    told = await run(store, Bag())
    assert (told.embedded, told.unchanged, told.unnamed, told.removed) == (4, 0, 1, 0)
    kinds = {row["id"]: sorted(row["labels"]) for row in await store.read(STATE)}
    assert kinds == {
        "D:1": ["DiseaseVector", "Vector"],
        "E:1": ["SideEffectVector", "Vector"],
        "S:1": ["SymptomVector", "Vector"],
        "S:2": ["SymptomVector", "Vector"],
    }
    assert {row["size"] for row in await store.read(STATE)} == {384}


async def test_the_nearest_are_found_in_the_wanted_kinds_with_the_cosine_as_score(store: Store) -> None:
    await plant(store, WARD)
    await run(store, Bag())
    assert (await ids(store, "tummy ache"))[0] == "S:1"
    assert (await ids(store, "abdominal pain", "SideEffect"))[0] == "E:1"
    assert await ids(store, "abdominal pain", "Disease") == ["D:1"]
    (hit,) = await Meaning(store, Bag).search("abdominal pain", ["SideEffect"])
    assert hit.score == pytest.approx(1.0, abs=0.02)
    assert hit.matched == "abdominal pain"


async def test_a_search_costs_one_statement(store: Store) -> None:
    await plant(store, WARD)
    await run(store, Bag())
    before = store.statements_run
    await Meaning(store, Bag).search("cough")
    assert store.statements_run == before + 1


async def test_a_second_run_gives_the_model_nothing_to_do(store: Store) -> None:
    await plant(store, WARD)
    await run(store, Bag())
    bag = Bag()
    told = await run(store, bag)
    assert (told.embedded, told.unchanged, bag.texts) == (0, 4, [])


async def test_only_what_was_renamed_is_embedded_again_and_what_is_gone_is_taken_out(store: Store) -> None:
    await plant(store, WARD)
    await run(store, Bag())
    await put(store, "MATCH (n:Entity {id: 'S:2'}) SET n.name_en = 'barking cough'")
    await put(store, "MATCH (n:Entity {id: 'D:1'}) DELETE n")
    await put(store, "MATCH (n:Entity {id: 'E:1'}) REMOVE n.name_en SET n.name_ru = 'боль'")
    bag = Bag()
    told = await run(store, bag)
    assert (told.embedded, told.unchanged, told.unnamed, told.removed) == (1, 1, 2, 2)
    assert bag.texts == ["barking cough"]
    assert (await ids(store, "barking"))[0] == "S:2"
    assert [row["id"] for row in await store.read(STATE)] == ["S:1", "S:2"]


async def test_a_node_that_came_back_as_another_kind_is_found_as_that(store: Store) -> None:
    await plant(store, [node("Symptom", "X:1", "tremor")])
    await run(store, Bag())
    await put(store, "MATCH (n:Entity {id: 'X:1'}) DELETE n")
    await plant(store, [node("SideEffect", "X:1", "tremor")])
    await run(store, Bag())
    assert await ids(store, "tremor", "SideEffect") == ["X:1"]
    assert await ids(store, "tremor", "Symptom") == []


async def test_a_node_that_is_gone_is_not_found_even_before_the_next_run(store: Store) -> None:
    await plant(store, WARD)
    await run(store, Bag())
    await put(store, "MATCH (n:Entity {id: 'D:1'}) DELETE n")
    assert "D:1" not in await ids(store, "common cold")


async def test_a_dry_run_counts_and_writes_nothing(store: Store) -> None:
    await plant(store, WARD)
    bag = Bag()
    told = await run(store, bag, dry_run=True)
    assert (told.embedded, told.unnamed, told.dry_run, bag.texts) == (4, 1, True, [])
    assert await store.read(STATE) == []
    with pytest.raises(NothingEmbedded):
        await ids(store, "cough")


async def test_a_run_that_broke_off_is_not_searched_and_goes_on_where_it_was(store: Store) -> None:
    await plant(store, [node("Symptom", f"S:{number:03}", f"pain {number}") for number in range(450)])
    with pytest.raises(MemoryError):
        await run(store, Bag(until=250))
    assert len(await store.read(STATE)) == 200
    with pytest.raises(NothingEmbedded):
        await ids(store, "pain")
    bag = Bag()
    told = await run(store, bag)
    assert (told.embedded, told.unchanged, len(bag.texts)) == (250, 200, 250)
    assert len(await ids(store, "pain 7")) == 3


async def test_another_model_makes_all_vectors_anew_and_those_of_the_old_one_are_not_compared(store: Store) -> None:
    await plant(store, WARD)
    await run(store, Bag("old"))
    with pytest.raises(NothingEmbedded, match="another model"):
        await ids(store, "cough", bag=Bag("new"))
    assert (await run(store, Bag("new"))).embedded == 4
    assert await ids(store, "cough", bag=Bag("new"))


async def test_vectors_are_no_part_of_the_graph(store: Store) -> None:
    await plant(store, WARD)
    counts = Statement("MATCH (n:Entity) OPTIONAL MATCH (n)-[r]-() RETURN count(n) AS nodes, count(r) AS edges")
    before = await store.read(counts)
    await run(store, Bag())
    assert await store.read(counts) == before
    assert await store.read(Statement("MATCH (c:ChangeSet) RETURN c")) == []
    (row,) = await store.read(Statement("MATCH (n:Entity {id: 'S:1'}) RETURN keys(n) AS keys"))
    assert "embedding" not in row["keys"]
