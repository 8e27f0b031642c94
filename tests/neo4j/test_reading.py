"""The reader returns what filters, orders and steps mean for the same small graph in plain Python."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kg.errors import AmbiguousName, UnknownName
from kg.graph import Graph
from kg.ledger import Draft, Ledger
from kg.reading import NodeList, Order, Page, Place, Reader, Step, Window
from kg.reading.condition import ALWAYS, Condition, Test, check, shape_of
from kg.reading.order import sorted_by, strongest
from kg.schema import NODE_BY_LABEL, NODE_KINDS, ROLES
from kg.store import Store
from kg.values import Edge, Evidence, Node

from .plain_lists import PlainGraph, random_condition, random_graph, random_orders

pytestmark = pytest.mark.neo4j

SOURCE = Evidence("mkg-core", "1", "CC0-1.0", "row 1", "the tests")


async def tell(ledger: Ledger, nodes: list[Node], edges: list[Edge], key: str = "tests-1") -> None:
    draft = Draft("import", "the tests' graph", "tests", key)
    await ledger.tell(draft, nodes, source="mkg-core", last=False)
    await ledger.tell(draft, edges, source="mkg-core", last=True)


async def paged(read: Callable[[Window], Awaitable[Page[Any]]], size: int, backward: bool) -> list[Any]:
    """Return all items of a list, read page by page from one of its ends."""
    items: list[Any] = []
    place: Place | None = None
    for _ in range(200):
        page = await read(Window(size, place, backward))
        assert (page.behind if backward else page.before) == (place is not None)
        items = [*page.items, *items] if backward else [*items, *page.items]
        if not (page.before if backward else page.behind):
            return items
        place = page.places[0 if backward else -1]
    raise AssertionError("the pages never end")


def narrow(draw: random.Random, owner: str) -> Condition:
    """A condition that is no larger than one may be; sometimes none."""
    return ALWAYS if draw.random() < 0.2 else check(random_condition(draw, owner))


@pytest.mark.parametrize("seed", range(2))
async def test_lists_of_nodes_are_filtered_sorted_paged_and_counted(store: Store, ledger: Ledger, seed: int) -> None:
    nodes, edges = random_graph(seed)
    await tell(ledger, nodes, edges)
    plain, reader, draw = PlainGraph(nodes, edges), Reader(store), random.Random(seed)
    shapes: set[Condition] = set()
    for _ in range(24):
        kind = draw.choice(NODE_KINDS)
        wanted = NodeList(kind, narrow(draw, kind.label))
        order = sorted_by(*random_orders(draw, kind.label, "node"))
        expected = plain.listed(kind.label, wanted.where, order)
        shapes.add(shape_of(wanted.where))

        async def read(window: Window, wanted: NodeList = wanted, order: Order = order) -> Page[Any]:
            return await reader.page(wanted, window, order)

        size, backward = draw.choice([1, 2, 7, 200]), draw.random() < 0.5
        assert [node.id for node in await paged(read, size, backward)] == expected, (wanted, order)
        assert await reader.count(wanted) == len(expected)
        # The same list at the moment it was loaded is the same list.
        then = await reader.page(NodeList(kind, wanted.where, 1), Window(200), order)
        assert [node.id for node in then.items] == expected, (wanted, order)
    assert len(shapes) > 12


@pytest.mark.parametrize("seed", range(2))
async def test_neighbours_are_filtered_sorted_paged_and_counted(store: Store, ledger: Ledger, seed: int) -> None:
    nodes, edges = random_graph(seed + 100)
    await tell(ledger, nodes, edges)
    plain, reader, draw = PlainGraph(nodes, edges), Reader(store), random.Random(seed)
    for role in draw.sample(ROLES, 12):
        ids = [node.id for node in nodes if node.kind == role.start]
        step = Step(role, narrow(draw, role.end), narrow(draw, role.edge))
        order = draw.choice([strongest(role), sorted_by(*random_orders(draw, role.edge, "edge"))])
        expected = {node_id: plain.stepped(role, node_id, step.node, step.edge, order) for node_id in ids}
        before = store.statements_run
        for moment in (None, 1):
            at = Step(role, step.node, step.edge, moment)
            whole = await reader.neighbours(at, ids, Window(200), order)
            told = {key: [f"{item.edge.id} {item.node.id}" for item in page.items] for key, page in whole.items()}
            assert told == expected, (at, order)
            assert await reader.degrees(at, ids) == {key: len(items) for key, items in expected.items()}
        assert store.statements_run == before + 4
        for node_id in ids[:2]:

            async def read(
                window: Window, node_id: str = node_id, step: Step = step, order: Order = order
            ) -> Page[Any]:
                return (await reader.neighbours(step, [node_id], window, order))[node_id]

            found = await paged(read, draw.choice([1, 2]), draw.random() < 0.5)
            assert [f"{item.edge.id} {item.node.id}" for item in found] == expected[node_id]


@pytest.mark.parametrize("seed", range(1))
async def test_numbers_are_summed_up_over_whole_lists(store: Store, ledger: Ledger, seed: int) -> None:
    nodes, edges = random_graph(seed + 200)
    await tell(ledger, nodes, edges)
    plain, reader, draw = PlainGraph(nodes, edges), Reader(store), random.Random(seed)
    for moment in (None, 1):
        for _ in range(10):
            where = narrow(draw, "Disease")
            summary = await reader.summary(NodeList(NODE_BY_LABEL["Disease"], where, moment))
            met = [plain.nodes[key].properties for key in plain.listed("Disease", where, sorted_by())]
            priors = [item["prior"] for item in met if "prior" in item]
            assert summary.count == len(met)
            spread = summary.numbers["prior"]
            assert (spread.minimum, spread.maximum) == ((min(priors), max(priors)) if priors else (None, None))
            assert spread.average == (round(sum(priors) / len(priors), 6) if priors else None)
        role = next(role for role in ROLES if (role.start, role.name) == ("Disease", "symptoms"))
        ids = [node.id for node in nodes if node.kind == "Disease"]
        for key, summary in (await reader.edge_summaries(Step(role, moment=moment), ids)).items():
            weights = [by.evidence[0].claims.get("weight") for by, _ in plain.walked(role, key)]
            known = [weight for weight in weights if weight is not None]
            assert summary.count == len(weights)
            assert summary.numbers["weight"].maximum == max(known, default=None)


async def test_lists_of_the_past_are_those_of_their_time(store: Store, ledger: Ledger) -> None:
    symptom, other = Node("Symptom", "T:s", {"en": "cough"}), Node("Symptom", "T:o", {"en": "fever"})
    disease = Node("Disease", "T:d", {"en": "cold"}, properties={"prior": 0.1})
    await tell(ledger, [disease, symptom], [Edge("HAS_SYMPTOM", "T:d", "T:s", (SOURCE,))])
    named = Draft("import", "later", "tests", "tests-2")
    await ledger.tell(named, [Node("Disease", "T:d", {"en": "common cold"}), other], source="curation", last=False)
    evidence = Evidence("curation", "1", "CC0-1.0", "row 2", "an expert", claims={"weight": 0.9})
    links = [Edge("HAS_SYMPTOM", "T:d", key, (evidence,)) for key in ("T:s", "T:o")]
    await ledger.tell(named, links, source="curation", last=True)
    reader = Reader(store)
    role = next(role for role in ROLES if (role.start, role.name) == ("Disease", "symptoms"))
    change_sets = [row["id"] for row in await ledger.change_sets()]
    now, then = [(await reader.moment(name)).seq for name in change_sets]
    for moment, name, symptoms in ((then, "cold", ["T:s"]), (now, "common cold", ["T:o", "T:s"])):
        node = await reader.node("T:d", moment)
        assert node is not None
        assert node.name() == name
        assert (await reader.by_name("Disease", name, moment=moment)) == node
        page = (await reader.neighbours(Step(role, moment=moment), ["T:d"], Window(5), sorted_by()))["T:d"]
        assert [item.node.id for item in page.items] == symptoms
        assert await reader.count(NodeList(NODE_BY_LABEL["Symptom"], moment=moment)) == len(symptoms)
        named_so = NodeList(NODE_BY_LABEL["Disease"], Test("name", "folded_eq", "COLD"), moment)
        assert await reader.count(named_so) == (name == "cold")
        (items,) = (await reader.evidence(["T:d/HAS_SYMPTOM/T:s"], moment=moment)).values()
        assert len(items) == len(symptoms)
    assert await reader.node("T:o", then) is None
    with pytest.raises(UnknownName):
        await reader.moment("CS:nothing")


async def test_an_edge_that_nobody_rated_comes_last(store: Store, ledger: Ledger) -> None:
    nodes = [Node("Disease", "T:d", {"en": "d"}), *(Node("Symptom", f"T:s{n}", {"en": f"s{n}"}) for n in range(3))]
    rated = [
        Evidence("mkg-core", "1", "CC0-1.0", "row", "tests", claims=claims)
        for claims in ({}, {"weight": 0.0}, {"weight": 1})
    ]
    edges = [Edge("HAS_SYMPTOM", "T:d", f"T:s{n}", (item,)) for n, item in enumerate(rated)]
    await tell(ledger, nodes, edges)
    role = next(role for role in ROLES if (role.start, role.name) == ("Disease", "symptoms"))
    page = (await Reader(store).neighbours(Step(role), ["T:d"], Window(5), strongest(role)))["T:d"]
    assert [item.node.id for item in page.items] == ["T:s2", "T:s1", "T:s0"]


async def test_an_ambiguous_name_is_refused_and_a_synonym_is_found(store: Store, ledger: Ledger) -> None:
    twins = [Node("Disease", f"T:{n}", {"en": "Twin, (type 2)"}, {"en": (f"only {n}",)}) for n in (1, 2)]
    await tell(ledger, [*twins, Node("Drug", "T:3", {"en": "Twin, (type 2)"})], [])
    reader = Reader(store)
    with pytest.raises(AmbiguousName) as caught:
        await reader.by_name("Disease", "twin, (type 2)")
    assert caught.value.candidates == (("T:1", "Twin, (type 2)"), ("T:2", "Twin, (type 2)"))
    one = await reader.by_name("Drug", "TWIN, (TYPE 2)")
    other = await reader.by_name("Disease", "Only 2")
    assert (one.id if one else None, other.id if other else None) == ("T:3", "T:2")
    assert await reader.by_name("Disease", "twin") is None
    assert await reader.by_name("Disease", "only 2", "ru") is None


async def test_a_code_means_the_same_here_and_in_a_question(store: Store, ledger: Ledger) -> None:
    nodes = [
        Node("Disease", "T:who", {"en": "by WHO"}),
        Node("Disease", "T:cm", {"en": "by CM"}),
        Node("IcdCode", "ICD10:J45", {"en": "code"}, properties={"system": "ICD10", "level": "category"}),
        Node("IcdCode", "ICD10CM:J45", {"en": "code"}, properties={"system": "ICD10CM", "level": "category"}),
        Node("IcdCode", "ICD10CM:J46.1", {"en": "code"}, properties={"system": "ICD10CM", "level": "subcategory"}),
    ]
    coded = [("T:who", "ICD10:J45"), ("T:cm", "ICD10CM:J45"), ("T:cm", "ICD10CM:J46.1")]
    await tell(ledger, nodes, [Edge("CODED_AS", start, end, (SOURCE,)) for start, end in coded])
    graph = Graph(store)
    for code, node_id in (("J45", "T:who"), ("ICD10CM:J45", "T:cm"), ("j461", "T:cm"), ("J46.1", "T:cm")):
        found = await graph.reader.by_code(code)
        assert found is not None
        assert found.id == node_id == await graph.resolve(["Disease"], code)
    assert await graph.reader.by_code("J47") is None


async def test_evidence_for_comes_before_evidence_against(store: Store, ledger: Ledger) -> None:
    items = tuple(
        Evidence(source, "1", "CC0-1.0", "row", "tests", direction=direction)  # type: ignore[arg-type]
        for source, direction in (("b", "against"), ("c", "for"), ("a", "against"), ("d", "for"))
    )
    await tell(
        ledger,
        [Node("Disease", "T:d", {"en": "d"}), Node("Symptom", "T:s", {"en": "s"})],
        [Edge("HAS_SYMPTOM", "T:d", "T:s", items)],
    )
    found = await Reader(store).evidence(["T:d/HAS_SYMPTOM/T:s", "T:x/HAS_SYMPTOM/T:y"])
    assert [item.source for item in found["T:d/HAS_SYMPTOM/T:s"]] == ["c", "d", "a", "b"]
    assert found["T:x/HAS_SYMPTOM/T:y"] == ()
