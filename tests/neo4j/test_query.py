"""The language's answers equal a brute-force walk over the same small graph in plain Python."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from kg.errors import QueryTooLarge
from kg.graph import Graph
from kg.query.parse import parse
from kg.query.spell import to_text
from kg.query.tree import Between, Combined, Condition, Path, Root, Sample, Step, Top, Tree
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, NODE_BY_ROOT, ROLE_BY_NAME, roles_of
from kg.store import Address, Store
from tests.neo4j.walking import World, walk
from tests.neo4j.written import edge as edge_row
from tests.neo4j.written import node as node_row
from tests.neo4j.written import written

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]

# Hypothesis calls one test function many times; the graph is the same for all of them, and is only read.
PATIENT = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def small_world() -> World:
    chance = random.Random(4)
    world = World()
    for label, count in (("Disease", 14), ("Symptom", 12), ("Drug", 8), ("DrugClass", 6), ("SideEffect", 4)):
        for number in range(count):
            key = f"T:{label.lower()}{number}"
            world.kinds[key] = label
            world.properties[key] = {"name": f"{label} {chance.randrange(5)}"}
            if label == "Disease":
                if chance.random() < 0.6:
                    world.properties[key]["sex"] = chance.choice(["female", "male"])
                if chance.random() < 0.7:
                    world.properties[key]["prior"] = chance.randrange(20) / 20
    seen: set[str] = set()
    for kind in EDGE_BY_TYPE.values():
        for _ in range(40):
            starts = [key for key, label in world.kinds.items() if label in kind.starts]
            ends = [key for key, label in world.kinds.items() if label in kind.ends]
            if not starts or not ends:
                continue
            start, end = chance.choice(starts), chance.choice(ends)
            if start == end or (kind.type == "IS_A" and world.kinds[start] != world.kinds[end]):
                continue
            if kind.symmetric:
                start, end = sorted((start, end))
            properties: dict[str, Any] = {}
            for item in kind.properties:
                if chance.random() < 0.85:
                    properties[item.name] = (
                        chance.randrange(1, 20) / 20 if item.numeric else chance.choice(item.choices or ("words",))
                    )
            if f"{start}/{kind.type}/{end}" not in seen:
                seen.add(f"{start}/{kind.type}/{end}")
                world.edges.append((kind.type, start, end, properties))
    return world


WORLD = small_world()


@pytest.fixture(scope="module")
async def graph(neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]) -> AsyncIterator[Graph]:
    async with Store.at(neo4j_address, deadline=60) as store:
        await emptied(store)
        graph = Graph(store)
        await written(
            store,
            [node_row(kind, key, WORLD.properties[key]) for key, kind in WORLD.kinds.items()],
            [edge_row(kind, start, end, claims) for kind, start, end, claims in WORLD.edges],
        )
        yield graph
        await emptied(store)


@st.composite
def questions(draw: st.DrawFn, depth: int = 1, end: str | None = None) -> Tree:
    """Draw a question about the small world; `end` is the kind of thing it must end at."""
    if depth and draw(st.booleans()):
        left = draw(questions(depth - 1, end))
        right = draw(questions(depth - 1, kind_of(left)))
        tree: Tree = Combined(draw(st.sampled_from("&+-")), left, right)
        here, steps = kind_of(tree), 1
    else:
        here = draw(st.sampled_from(sorted(set(WORLD.kinds.values()))))
        names = draw(
            st.lists(st.sampled_from([k for k, v in WORLD.kinds.items() if v == here]), min_size=1, max_size=4)
        )
        tree, steps = Path(Root(NODE_BY_LABEL[here].root, tuple(names))), 3
        if draw(st.integers(0, 3)) == 0:
            other = draw(st.sampled_from([k for k, v in WORLD.kinds.items() if v != here]))
            start = Root(NODE_BY_LABEL[WORLD.kinds[other]].root, (other,))
            via = draw(st.lists(st.sampled_from(sorted(EDGE_BY_TYPE)), max_size=4, unique=True))
            tree = Path(Between(start, tree.source, draw(st.integers(1, 3)), tuple(via)))
    for _ in range(draw(st.integers(0, steps)) if end is None else 6):
        if end is not None and here == end and draw(st.booleans()):
            break
        roles = [role for role in roles_of(here) if role.end != "IcdCode"]
        step = draw(steps_by(draw(st.sampled_from(roles))))
        tree = Path(tree, (step,)) if isinstance(tree, Combined) else Path(tree.source, (*tree.steps, step))
        here = ROLE_BY_NAME[(here, step.role)].end
    if end is not None and here != end:
        names = draw(st.lists(st.sampled_from([k for k, v in WORLD.kinds.items() if v == end]), min_size=1, max_size=4))
        return Path(Root(NODE_BY_LABEL[end].root, tuple(names)))
    return tree


def kind_of(tree: Tree) -> str:
    if isinstance(tree, Combined):
        return kind_of(tree.left)
    match tree.source:
        case Combined():
            here = kind_of(tree.source)
        case Between():
            here = NODE_BY_ROOT[tree.source.end.kind].label
        case Root():
            here = NODE_BY_ROOT[tree.source.kind].label
    for step in tree.steps:
        for _ in range(step.high):
            here = ROLE_BY_NAME[(here, step.role)].end
    return here


@st.composite
def steps_by(draw: st.DrawFn, role: Any) -> Step:
    edge, node = EDGE_BY_TYPE[role.edge], NODE_BY_LABEL[role.end]
    low, high = 1, 1
    if (role.end, role.name) in ROLE_BY_NAME and draw(st.booleans()):
        low = draw(st.integers(1, 2))
        high = draw(st.integers(low, 2))
    where = []
    for item in (*edge.properties, *node.properties):
        if draw(st.integers(0, 4)) == 0:
            if item.choices:
                comparison = draw(st.sampled_from(["=", "!="]))
                where.append(Condition(item.name, comparison, draw(st.sampled_from(item.choices)), draw(st.booleans())))
            elif item.numeric:
                comparison = draw(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]))
                where.append(Condition(item.name, comparison, draw(st.integers(0, 20)) / 20, draw(st.booleans())))
    keys = [None, "score", "shared", *(item.name for item in (*edge.properties, *node.properties) if item.numeric)]
    pick = draw(
        st.one_of(
            st.none(),
            st.builds(Top, st.integers(1, 4), st.sampled_from([*keys, "name"])),
            st.builds(
                Sample,
                st.integers(1, 4),
                st.integers(0, 1000),
                st.sampled_from(keys),
                st.sampled_from([None, 0.25, 2.0]),
            ),
        )
    )
    without = draw(st.lists(st.sampled_from([other.name for other in roles_of(role.end)]), max_size=1))
    return Step(
        role.name,
        low=low,
        high=high,
        where=tuple(where),
        without=tuple(without) if draw(st.integers(0, 3)) == 0 else (),
        shared=draw(st.sampled_from([None, None, 1, 2])),
        pick=pick,
    )


@PATIENT
@given(tree=questions())
async def test_an_answer_equals_a_walk_by_hand(graph: Graph, tree: Tree) -> None:
    text = to_text(tree)
    assert parse(text) == tree
    answer, paths = walk(WORLD, tree)

    try:
        found = await graph.subgraph(text)
    except QueryTooLarge:
        reject()  # more than eight hops in all

    assert list(found.answer) == answer, text
    expected = {path for key in answer for path in paths[key]}
    if len(expected) < 1000:
        assert set(found.paths) == expected, text
        assert set(found.edges) == {part for path in expected for part in path if "/" in part}, text
        assert set(found.nodes) == {part for path in expected for part in path if "/" not in part}, text


async def test_sources_languages_and_lists_narrow_a_step(graph: Graph) -> None:
    disease = next(key for key, kind in WORLD.kinds.items() if kind == "Disease")
    for question in (
        f'disease "{disease}"',
        f'disease "{disease}" | symptoms where source = "test" and language = en',
        f'disease "{disease}" | symptoms where weight in (0.1, 0.5) top 3 by name',
    ):
        found = await graph.subgraph(question)
        assert found.release.startswith("CS:")
        assert found.roots in ((disease,), ())
