"""What a search by meaning does before the database is asked: texts refused, one at a time, a queue with an end."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from kg.embedding import Meaning
from kg.errors import EmbeddingError, EncoderBusy, NothingEmbedded, QueryError
from kg.statements import Statement
from kg.store import Store
from tests.unit.kg.embedding.bag import Bag

COUGH = {"kind": "Symptom", "properties": {"id": "S:1", "name_en": "cough", "synonyms_en": ["tussis"]}, "score": 0.75}

pytestmark = pytest.mark.anyio


class Shelf:
    """Answers with one row, and keeps what was asked."""

    def __init__(self, rows: list[dict[str, Any]], state: list[dict[str, Any]] | None = None) -> None:
        self.rows = rows
        self.state = state or []
        self.asked: list[Statement] = []

    async def read(self, statement: Statement) -> list[dict[str, Any]]:
        self.asked.append(statement)
        return self.rows if "vector" in statement.values else self.state


def meaning(bag: Bag | None, shelf: Shelf | None = None) -> Meaning:
    return Meaning(cast("Store", shelf or Shelf([COUGH])), None if bag is None else lambda: bag)


async def test_what_is_found_comes_with_its_name_and_how_near_it_is() -> None:
    (found,) = await meaning(Bag()).search("keeps hacking")
    assert (found.node.id, found.matched, found.score) == ("S:1", "cough", 0.75)


async def test_only_the_indexes_of_the_wanted_kinds_are_asked() -> None:
    shelf = Shelf([COUGH])
    search = meaning(Bag(), shelf).search
    await search("keeps hacking", ["Symptom", "Disease"], 5)
    await search("keeps hacking")
    some, every = (statement.values for statement in shelf.asked)
    assert (some["indexes"], some["model"]) == (["meaning_Symptom", "meaning_Disease"], "bag")
    assert len(every["indexes"]) == 6


async def test_a_node_that_is_called_just_so_stands_before_nearer_ones() -> None:
    nearer = {"kind": "Symptom", "properties": {"id": "S:2", "name_en": "hiccups"}, "score": 0.9}
    found = await meaning(Bag(), Shelf([nearer, COUGH])).search("Tussis", limit=1)
    assert [(hit.node.id, hit.matched, hit.score) for hit in found] == [("S:1", "tussis", 0.75)]


async def test_a_text_without_words_finds_nothing_and_costs_nothing() -> None:
    bag = Bag()
    assert await meaning(bag).search("  ") == ()
    assert bag.texts == []


@pytest.mark.parametrize("text", ["боль в животе", "12345", "…"])
async def test_a_text_that_is_not_english_is_refused_with_the_way_that_knows_it(text: str) -> None:
    with pytest.raises(QueryError, match="English only") as caught:
        await meaning(Bag()).search(text)
    assert "search by words" in str(caught.value.hint)


async def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(QueryError, match="characters"):
        await meaning(Bag()).search("cough " * 100)


async def test_without_a_model_there_is_no_search_by_meaning() -> None:
    with pytest.raises(EmbeddingError, match="no model"):
        await meaning(None).search("cough")


async def test_a_graph_that_was_not_embedded_says_what_to_run() -> None:
    with pytest.raises(NothingEmbedded) as caught:
        await meaning(Bag(), Shelf([])).search("cough")
    assert "mkg embed" in str(caught.value.hint)


async def test_vectors_of_another_model_are_not_compared_with_those_of_this_one() -> None:
    with pytest.raises(NothingEmbedded, match="another model"):
        await meaning(Bag("new"), Shelf([], [{"model": "old"}])).search("cough")


async def test_a_prepared_graph_without_such_nodes_has_no_answer() -> None:
    assert await meaning(Bag(), Shelf([], [{"model": "bag"}])).search("cough", ["Drug"]) == ()


async def test_when_too_many_wait_the_next_is_told_to_come_back_and_the_others_are_answered() -> None:
    bag = Bag()
    bag.go.clear()
    searching = meaning(bag)
    waiting = [asyncio.create_task(searching.search(f"cough {number}")) for number in range(33)]
    await asyncio.sleep(0.05)
    with pytest.raises(EncoderBusy):
        await searching.search("one more")
    bag.go.set()
    assert all(len(found) == 1 for found in await asyncio.gather(*waiting))
    assert len(await searching.search("one more")) == 1


async def test_who_gives_up_leaves_the_queue_without_costing_the_model_anything() -> None:
    bag = Bag()
    bag.go.clear()
    searching = meaning(bag)
    first = asyncio.create_task(searching.search("cough"))
    await asyncio.sleep(0.05)
    left = [asyncio.create_task(searching.search(f"left {number}")) for number in range(30)]
    await asyncio.sleep(0.05)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    bag.go.set()
    await first
    await searching.search("fever")
    assert bag.texts == ["cough", "fever"]


async def test_the_model_is_brought_beforehand_for_a_graph_that_was_embedded_and_for_no_other() -> None:
    bag = Bag()
    await meaning(bag, Shelf([COUGH])).prepare()
    await meaning(None, Shelf([COUGH], [{"model": "bag"}])).prepare()
    assert bag.texts == []

    ready = meaning(bag, Shelf([COUGH], [{"model": "bag"}]))
    await ready.prepare()
    await ready.search("fever")
    assert bag.texts == ["asthma", "fever"]
