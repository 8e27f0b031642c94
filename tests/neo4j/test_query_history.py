"""`as of` answers as the graph was after that change set, edges, nodes and their properties alike."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from kg.errors import AmbiguousName, UnknownName
from kg.graph import Graph
from kg.ledger import Draft
from kg.store import Address, Store
from kg.subgraph import Subgraph
from kg.values import Edge, Evidence, Node
from tests.neo4j.written import edge, node, run, written

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]


@pytest.fixture(scope="module")
async def graph(neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]) -> AsyncIterator[Graph]:
    """A history of three change sets: written, then a weight and a name changed, then a symptom and an edge removed."""
    async with Store.at(neo4j_address, deadline=60) as store:
        await emptied(store)
        await written(
            store,
            [
                node("Disease", "T:d", {"name": "new name", "sex": "male"}, since=2),
                node("Symptom", "T:stays"),
                node("Symptom", "T:goes"),
                node("Drug", "T:drug"),
            ],
            [
                edge("HAS_SYMPTOM", "T:d", "T:stays", {"weight": 0.9}, since=2),
                edge("HAS_SYMPTOM", "T:d", "T:goes", {"weight": 0.5}),
                edge("TREATS", "T:drug", "T:d", {"purpose": "unknown"}, since=2),
            ],
        )
        await run(store, "UNWIND [['CS:two', 2], ['CS:three', 3]] AS c CREATE (:ChangeSet {id: c[0], seq: c[1]})")
        await run(
            store,
            "MATCH (a {id: 'T:d'})-[r:HAS_SYMPTOM]->(b {id: 'T:stays'}) CREATE (a)-[w:WAS_HAS_SYMPTOM]->(b)"
            " SET w = properties(r), w.weight = 0.2, w.since = 1, w.until = 2",
        )
        await run(
            store,
            "MATCH (a {id: 'T:d'}) CREATE (p:Past) SET p = properties(a), p.kind = 'Disease', p.name_en = 'old name',"
            " p.name = 'old name', p.sex = null, p.since = 1, p.until = 2",
        )
        await run(
            store,
            "MATCH (a {id: 'T:d'})-[r:HAS_SYMPTOM]->(b {id: 'T:goes'}) CREATE (a)-[w:WAS_HAS_SYMPTOM]->(b)"
            " SET w = properties(r), w.until = 3 DELETE r REMOVE b:Entity:Symptom SET b:Gone:WasSymptom, b.until = 3",
        )
        await run(store, "MATCH (m:Meta {id: 'meta'}) SET m.head = 'CS:three', m.seq = 3")
        yield Graph(store)
        await emptied(store)


@pytest.mark.parametrize(
    ("moment", "symptoms", "weight"),
    [
        ("", ("T:stays",), 0.9),
        (' as of "CS:three"', ("T:stays",), 0.9),
        (' as of "CS:two"', ("T:stays", "T:goes"), 0.9),
        (' as of "CS:one"', ("T:goes", "T:stays"), 0.2),
        (' as of "on"', ("T:goes", "T:stays"), 0.2),
    ],
)
async def test_edges_are_those_of_that_moment(
    graph: Graph, moment: str, symptoms: tuple[str, ...], weight: float
) -> None:
    found = await graph.subgraph(f'disease "T:d" | symptoms{moment}')
    assert found.answer == symptoms
    assert found.edges["T:d/HAS_SYMPTOM/T:stays"].properties["weight"] == weight
    assert set(found.nodes) == {"T:d", *symptoms}
    assert found.release == {"": "CS:three", ' as of "on"': "CS:one"}.get(moment, moment[8:-1])


async def test_a_node_has_the_names_and_properties_it_had(graph: Graph) -> None:
    now = (await graph.subgraph('disease "T:d"')).nodes["T:d"]
    then = (await graph.subgraph('disease "T:d" as of "CS:one"')).nodes["T:d"]
    assert (now.name(), now.properties) == ("new name", {"sex": "male"})
    assert (then.name(), then.properties) == ("old name", {})


async def test_conditions_and_order_look_at_the_node_as_it_was(graph: Graph) -> None:
    def question(change_set: str) -> str:
        return f'symptom "T:stays" | diseases where sex = male top 3 by name as of "{change_set}"'

    assert (await graph.subgraph(question("CS:two"))).answer == ("T:d",)
    assert (await graph.subgraph(question("CS:one"))).answer == ()


async def test_a_step_that_leads_nowhere_is_judged_at_that_moment(graph: Graph) -> None:
    question = 'symptom "T:stays" | diseases without drugs as of "{}"'
    assert (await graph.subgraph(question.format("CS:one"))).answer == ("T:d",)
    assert (await graph.subgraph(question.format("CS:two"))).answer == ()


async def test_ways_lead_over_what_was_there(graph: Graph) -> None:
    question = 'between symptom "T:goes" and drug "T:drug" up to 3 as of "{}"'
    found = await graph.subgraph(question.format("CS:two"))
    assert found.paths == (("T:goes", "T:d/HAS_SYMPTOM/T:goes", "T:d", "T:drug/TREATS/T:d", "T:drug"),)
    assert found.nodes["T:goes"].kind == "Symptom"
    assert (await graph.subgraph(question.format("CS:one"))).answer == ()


async def test_repeated_steps_go_back_as_well(graph: Graph) -> None:
    assert (await graph.subgraph('disease "T:d" | symptoms | diseases as of "CS:one"')).answer == ("T:d",)


async def test_what_was_removed_is_found_by_its_name_then(graph: Graph) -> None:
    assert (await graph.subgraph('disease "old name" as of "CS:one"')).answer == ("T:d",)
    assert (await graph.subgraph('symptom "T:goes" | diseases as of "CS:two"')).answer == ("T:d",)
    with pytest.raises(UnknownName, match="No symptom"):
        await graph.subgraph('symptom "T:goes" | diseases')
    with pytest.raises(UnknownName, match="was not in the graph at CS:three"):
        await graph.subgraph('symptom "T:goes" | diseases as of "CS:three"')


async def test_a_change_set_that_is_unknown_or_unclear_is_refused(graph: Graph) -> None:
    with pytest.raises(UnknownName, match="no change set 'CS:nine'"):
        await graph.subgraph('disease "T:d" as of "CS:nine"')
    with pytest.raises(AmbiguousName, match="several change sets begin with 't'"):
        await graph.subgraph('disease "T:d" as of "t"')


async def test_what_the_ledger_writes_is_what_as_of_reads(
    neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]
) -> None:
    """The same through the only way to write: three tellings, each asked for afterwards."""

    def told(source: str, name: str, weight: float) -> list[Node | Edge]:
        said = (Evidence(source, "1", "CC0-1.0", "ours", "test", claims={"weight": weight}),)
        nodes = [Node("Disease", "T:d", {"en": name}), Node("Symptom", "T:s", {"en": "sign"})]
        return [*nodes, Edge("HAS_SYMPTOM", "T:d", "T:s", said)]

    async with Store.at(neo4j_address, deadline=60) as store:
        await emptied(store)
        graph = Graph(store)
        question = 'disease "T:d" | symptoms'
        then: list[Subgraph] = []
        for name, weight in (("first", 0.2), ("second", 0.4), ("third", 0.9)):
            draft = Draft("import", name, "test", name)
            await graph.ledger.tell(draft, told(name, name, weight), source=name, last=True)
            then.append(await graph.subgraph(question))
            assert then[-1].answer == ("T:s",)
        assert len({found.release for found in then}) == 3
        evidence = [next(iter(found.edges.values())).evidence_ids for found in then]
        assert [len(ids) for ids in evidence] == [1, 2, 3]
        for found in then:
            again = await graph.subgraph(f'{question} as of "{found.release}"')
            assert (again.nodes, again.edges, again.paths) == (found.nodes, found.edges, found.paths)
            assert again.release == found.release
        await emptied(store)
