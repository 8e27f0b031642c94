"""An answer that is kept is told again only while it is what would be read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson
import pytest
from graphql import parse

from graphql_api.access.keys import VISITOR
from graphql_api.compiled.reads import Reads
from graphql_api.operations.documents import Known
from graphql_api.schema import schema
from kg.changes import Change, merged_edge
from kg.graph import Graph
from kg.ledger import Draft
from kg.store import Address, Store

from .conftest import edge, named

pytestmark = pytest.mark.neo4j


class Keeping:
    """Asks a service that keeps answers."""

    def __init__(self, graph: Graph) -> None:
        self.reads = Reads(graph.store, schema(), keep=1_000_000)

    async def ask(self, text: str, **variables: Any) -> Any:
        answer = await self.reads.answer(Known(text, parse(text)), None, variables, VISITOR)
        assert answer is not None
        return orjson.loads(answer.body)["data"]


@pytest.fixture
async def elsewhere(neo4j_address: Address) -> AsyncIterator[Graph]:
    """The same graph, through connections of their own, as another process has them."""
    async with Store.at(neo4j_address, deadline=30.0) as store:
        yield Graph(store)


async def test_a_kept_answer_holds_until_anybody_writes(own_graph: Graph, elsewhere: Graph) -> None:
    keeping = Keeping(own_graph)
    text = "query($id: ID!) { disease(id: $id) { prior symptoms { totalCount } } }"

    async def told(source: str) -> tuple[int, int]:
        hits = keeping.reads.kept.hits
        found = await keeping.ask(text, id="DOID:2841")
        return found["disease"]["symptoms"]["totalCount"], keeping.reads.kept.hits - hits

    assert [await told("core") for _ in range(4)] == [(2, 0), (2, 1), (2, 1), (2, 1)]
    fact = edge("HAS_SYMPTOM", "DOID:2841", "HP:0012378")
    await elsewhere.ledger.tell(Draft("import", "more", "tests", "more"), [fact], source="other")
    assert [await told("core") for _ in range(3)] == [(3, 0), (3, 1), (3, 1)]
    await elsewhere.desk.undo(await elsewhere.release(), by="tests")
    assert (await told("core"))[0] == 2


async def test_a_proposal_is_seen_at_once_though_it_is_no_change_set(own_graph: Graph, elsewhere: Graph) -> None:
    keeping = Keeping(own_graph)
    for _ in range(3):
        assert await keeping.ask("{ proposals { id } }") == {"proposals": []}
    made = await elsewhere.desk.propose_name("DOID:2841", "en", "the asthma", by="a", reference="a book")
    assert await keeping.ask("{ proposals { id } }") == {"proposals": [{"id": made.id}]}


async def test_nothing_is_kept_or_told_again_while_a_load_writes(own_graph: Graph, elsewhere: Graph) -> None:
    keeping = Keeping(own_graph)
    text = '{ disease(id: "DOID:2841") { symptoms { totalCount } } }'

    async def total() -> int:
        return (await keeping.ask(text))["disease"]["symptoms"]["totalCount"]

    assert [await total() for _ in range(3)] == [2, 2, 2]
    assert len(keeping.reads.kept) == 1
    fact = edge("HAS_SYMPTOM", "DOID:2841", "HP:0012378")

    async def batches() -> AsyncIterator[Sequence[Change]]:
        made = merged_edge(None, fact, "CS:x", "2026-01-01T00:00:00.000000+00:00")
        yield [Change("edge", fact.id, None, made)]

    async with elsewhere.ledger.bulk(Draft("import", "a load", "tests", "load")) as bulk:
        await bulk.write(batches(), lambda _: None)
        # The load is not finished, and what it has written is there.
        assert [await total() for _ in range(3)] == [3, 3, 3]
        assert keeping.reads.kept.hits == 2
    assert [await total() for _ in range(3)] == [3, 3, 3]
    assert keeping.reads.kept.hits > 2


async def test_answers_that_are_kept_while_others_write_are_never_old(own_graph: Graph, elsewhere: Graph) -> None:
    keeping = Keeping(own_graph)
    text = "{ graph { changeSets } }"
    written = (await keeping.ask(text))["graph"]["changeSets"]
    done = False

    async def write() -> None:
        nonlocal written, done
        for number in range(6):
            node = named("Symptom", f"TEST:n{number}", f"symptom {number}")
            await elsewhere.ledger.tell(Draft("import", "more", "tests", f"n{number}"), [node], source="other")
            written += 1
            await asyncio.sleep(0.02)
        done = True

    async def read() -> None:
        while not done:
            least = written
            answer = await keeping.reads.answer(Known(text, parse(text)), None, {}, VISITOR)
            assert answer is not None
            assert orjson.loads(answer.body)["data"]["graph"]["changeSets"] >= least

    await asyncio.gather(write(), *(read() for _ in range(4)))
    assert keeping.reads.kept.hits > 0
