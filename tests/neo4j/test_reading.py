"""The reader returns what a walk over the same small graph in plain Python returns."""

from __future__ import annotations

import random

import pytest

from kg.errors import AmbiguousName
from kg.graph import Graph
from kg.ledger import Draft, Ledger
from kg.reading import Condition, Order, Reader
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, ROLES, Role, property_of
from kg.store import Store
from kg.values import Edge, Evidence, Node, checked_edge

pytestmark = pytest.mark.neo4j

LABELS = ("Disease", "Symptom", "Drug", "DrugClass", "SideEffect", "IcdCode")
SOURCE = Evidence("mkg-core", "1", "CC0-1.0", "row 1", "the tests")


def random_graph(seed: int, size: int = 6) -> tuple[list[Node], list[Edge]]:
    """A few nodes of each kind, and edges of every kind wherever a coin falls right."""
    draw = random.Random(seed)
    nodes = [
        Node(
            label,
            f"T:{label.lower()}{number}",
            {"en": f"{label} {draw.randrange(4)}"},
            {"en": (f"alias {label} {number}",)},
        )
        for label in LABELS
        for number in range(size)
    ]
    edges: dict[str, Edge] = {}
    for kind in EDGE_BY_TYPE.values():
        for start in (node for node in nodes if node.kind in kind.starts):
            for end in (node for node in nodes if node.kind in kind.ends):
                same_kind = len(kind.ends) < 2 or start.kind == end.kind
                if start.id == end.id or not same_kind or draw.random() < 0.5:
                    continue
                claims = {kind.rank: draw.choice([0.0, 0.5, 1.0])} if kind.rank and draw.random() < 0.8 else {}
                item = Evidence("mkg-core", "1", "CC0-1.0", "row 1", "the tests", claims=claims)
                edge = checked_edge(Edge(kind.type, start.id, end.id, (item,)))
                edges.setdefault(edge.id, edge)
    return nodes, list(edges.values())


async def tell(ledger: Ledger, nodes: list[Node], edges: list[Edge]) -> None:
    draft = Draft("import", "the tests' graph", "tests", "tests-1")
    await ledger.tell(draft, nodes, source="mkg-core", last=False)
    await ledger.tell(draft, edges, source="mkg-core", last=True)


def walked(role: Role, start: str, nodes: dict[str, Node], edges: list[Edge]) -> list[tuple[str, str]]:
    """Return edge and node ids of a step in plain Python, strongest first."""
    kind = EDGE_BY_TYPE[role.edge]
    found: list[tuple[float, str, str]] = []
    for edge in (edge for edge in edges if edge.kind == role.edge):
        strength = 0.0 if kind.rank is None else float(edge.evidence[0].claims.get(kind.rank, -1))
        for here, there, forward in ((edge.start, edge.end, True), (edge.end, edge.start, False)):
            if here == start and nodes[there].kind == role.end and (kind.symmetric or forward == role.forward):
                found.append((-strength, there, edge.id))
    return [(edge, node) for _, node, edge in sorted(found)]


@pytest.mark.parametrize("seed", range(3))
async def test_neighbours_and_their_pages_are_those_of_a_plain_walk(store: Store, ledger: Ledger, seed: int) -> None:
    nodes, edges = random_graph(seed)
    await tell(ledger, nodes, edges)
    reader = Reader(store)
    by_id = {node.id: node for node in nodes}
    for role in ROLES:
        ids = [node.id for node in nodes if node.kind == role.start]
        expected = {node_id: walked(role, node_id, by_id, edges) for node_id in ids}
        before = store.statements_run
        whole = await reader.neighbours(role, ids, 200)
        assert store.statements_run == before + 1
        assert {key: [(item.edge.id, item.node.id) for item in page.items] for key, page in whole.items()} == expected
        assert await reader.degrees(role, ids) == {key: len(items) for key, items in expected.items()}
        for node_id in ids[:2]:
            paged: list[tuple[str, str]] = []
            after = None
            while True:
                page = (await reader.neighbours(role, [node_id], 2, after))[node_id]
                paged += [(item.edge.id, item.node.id) for item in page.items]
                if not page.more:
                    break
                after = page.places[-1]
            assert paged == expected[node_id]


async def test_an_edge_that_nobody_rated_comes_last(store: Store, ledger: Ledger) -> None:
    nodes = [Node("Disease", "T:d", {"en": "d"}), *(Node("Symptom", f"T:s{n}", {"en": f"s{n}"}) for n in range(3))]
    rated = [
        Evidence("mkg-core", "1", "CC0-1.0", "row", "tests", claims=claims)
        for claims in ({}, {"weight": 0.0}, {"weight": 1})
    ]
    edges = [Edge("HAS_SYMPTOM", "T:d", f"T:s{n}", (item,)) for n, item in enumerate(rated)]
    await tell(ledger, nodes, edges)
    role = next(role for role in ROLES if (role.start, role.name) == ("Disease", "symptoms"))
    page = (await Reader(store).neighbours(role, ["T:d"], 5))["T:d"]
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


async def test_pages_counts_and_conditions_agree(store: Store, ledger: Ledger) -> None:
    diseases = [
        Node("Disease", f"T:{n}", {"en": f"d{n}"}, properties={"prior": n / 10} if n % 2 else {}) for n in range(9)
    ]
    await tell(ledger, diseases, [])
    reader = Reader(store)
    prior = property_of(NODE_BY_LABEL["Disease"], "prior")
    assert prior is not None
    conditions = (Condition(prior, "at_least", 0.3), Condition(prior, "at_most", 0.7))
    page = await reader.page("Disease", 2, conditions=conditions, order=Order(prior, descending=True))
    assert [node.id for node in page.items] == ["T:7", "T:5"]
    assert page.more
    assert await reader.count("Disease", conditions) == 3
    assert (await reader.counts())["Disease"] == 9
    last = await reader.page("Disease", 9, order=Order(prior, descending=True))
    assert [node.id for node in last.items][4:] == ["T:1", "T:0", "T:2", "T:4", "T:6", "T:8"][1:]


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
