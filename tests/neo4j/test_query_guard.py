"""A hub cannot hurt: what a question may read, return and take is bounded, and refused before it is asked."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from kg.errors import QuestionTooCostly, StoreTimeout
from kg.graph import Graph
from kg.query.limits import MAX_ROWS
from kg.statements import Statement
from kg.store import Address, Store
from tests.neo4j.written import edge, node, run, written

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]

_RUNNING = Statement(
    "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'HAS_SYMPTOM'"
    " AND NOT currentQuery CONTAINS 'SHOW' RETURN currentQuery"
)
HUB, DISEASES, SYMPTOMS = "T:hub", 10_000, 200


@pytest.fixture(scope="module")
async def store(neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]) -> AsyncIterator[Store]:
    """A symptom that 10,000 diseases have, each of which has two more out of 200."""
    async with Store.at(neo4j_address, deadline=60) as store:
        await emptied(store)
        await written(store, [node("Symptom", HUB), node("Drug", "T:drug")], [])
        await run(
            store,
            "UNWIND range(1, $count) AS i CREATE (:Entity:Disease {id: 'T:d' + i, name: 'd' + i, name_en: 'd' + i,"
            " draw: i, since: 1})",
            count=DISEASES,
        )
        await run(
            store,
            "UNWIND range(0, $count - 1) AS i CREATE (:Entity:Symptom {id: 'T:s' + i, name_en: 's' + i, draw: i,"
            " since: 1})",
            count=SYMPTOMS,
        )
        for target in ("$hub", "'T:s' + (i % $symptoms)", "'T:s' + ((i * 7) % $symptoms)"):
            await run(
                store,
                f"UNWIND range(1, $count) AS i MATCH (d:Disease {{id: 'T:d' + i}}) MATCH (s:Symptom {{id: {target}}})"
                f" WITH d, s, d.id + '/HAS_SYMPTOM/' + s.id AS id WHERE NOT EXISTS {{ (d)-[:HAS_SYMPTOM]->(s) }}"
                " CREATE (d)-[:HAS_SYMPTOM {id: id, weight: 0.5, evidence: ['E'], sources: ['test'], since: 1}]->(s)",
                count=DISEASES,
                hub=HUB,
                symptoms=SYMPTOMS,
            )
        await written(store, [], [edge("TREATS", "T:drug", "T:d1")])
        yield store
        await emptied(store)


async def test_a_question_through_a_hub_is_answered_in_bounds(store: Store) -> None:
    graph = Graph(store)
    question = f'symptom "{HUB}" | diseases | symptoms'
    await graph.subgraph(question)
    begun = time.perf_counter()
    found = await graph.subgraph(question)
    assert time.perf_counter() - begun < 5
    assert len(found.answer) <= MAX_ROWS
    assert found.truncated == (1,)
    assert len(found.edges) <= 3 * MAX_ROWS + MAX_ROWS
    assert len(found.paths) <= 1000


async def test_a_question_that_reads_too_much_is_refused_with_its_step(store: Store) -> None:
    graph = Graph(store, most_edges=20_000)
    with pytest.raises(QuestionTooCostly) as caught:
        await graph.subgraph(f'symptom "{HUB}" | diseases | symptoms | diseases')
    assert caught.value.at == 40
    assert "the step diseases alone 30,000; 20,000 are allowed" in caught.value.message
    assert caught.value.exit_code == 2
    before = store.statements_run
    with pytest.raises(QuestionTooCostly):
        await graph.subgraph(f'symptom "{HUB}" | diseases | symptoms | diseases')
    # Looked up (for the real degree of the start), never asked.
    assert store.statements_run == before + 1


async def test_the_real_degree_of_a_start_counts(store: Store) -> None:
    graph = Graph(store, most_edges=11_000)
    assert (await graph.subgraph('symptom "T:s1" | diseases top 3 | symptoms')).answer
    with pytest.raises(QuestionTooCostly):
        await graph.subgraph(f'symptom "{HUB}" | diseases | symptoms top 3 | diseases')


async def test_too_many_edges_of_one_step_are_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.query.compile.MAX_EDGES", 500)
    with pytest.raises(QuestionTooCostly, match="reached by more than"):
        await Graph(store).subgraph(f'symptom "{HUB}" | diseases top 900 | symptoms top 7')


async def test_ways_through_a_hub_stay_few(store: Store) -> None:
    found = await Graph(store).subgraph('between drug "T:drug" and disease "T:d2" up to 4')
    assert 0 < len(found.paths) <= 100
    assert all(path[0] == "T:drug" and path[-1] == "T:d2" for path in found.paths)


async def test_time_is_bounded_in_the_database_itself(neo4j_address: Address, store: Store) -> None:
    async with Store.at(neo4j_address, deadline=0.02) as hasty:
        with pytest.raises(StoreTimeout):
            await Graph(hasty).subgraph(f'symptom "{HUB}" | diseases top 777 | symptoms top 77 | diseases')
    assert not await store.read(_RUNNING)


async def test_explain_tells_estimate_and_truth(store: Store) -> None:
    told = await Graph(store).explain(f'symptom "{HUB}" | diseases top 10 | symptoms')
    assert [part.rows for part in told.parts[:2]] == [1, 10]
    assert told.parts[1].estimated_edges == DISEASES
    assert told.parts[1].edges == 10
    assert 20 <= told.parts[2].estimated_edges <= 40
    assert told.tree["steps"][0] == {"role": "diseases", "top": {"count": 10}}
