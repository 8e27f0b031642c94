"""The language's answers equal a brute-force walk over the same small graph in plain Python."""

from __future__ import annotations

import math
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from kg.ledger import Draft
from kg.query.compile import draw_numbers
from kg.query.limits import MAX_ROWS
from kg.query.parse import parse
from kg.query.spell import to_text
from kg.query.tree import Combined, Condition, Path, Root, Sample, Step, Top, Tree
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, NODE_BY_ROOT, ROLE_BY_NAME, property_of, roles_of
from kg.store import Address, Store
from kg.stored import DRAW_PRIME, draw_number
from kg.values import Edge, Evidence, Node, checked_edge

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]

# Hypothesis calls one test function many times; the graph is the same for all of them, and is only read.
PATIENT = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@dataclass
class World:
    """A small graph in plain Python."""

    kinds: dict[str, str] = field(default_factory=dict)
    properties: dict[str, dict[str, Any]] = field(default_factory=dict)
    edges: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)

    def hops(self, node: str, role: Any) -> list[tuple[str, str, dict[str, Any]]]:
        """Return (edge id, other node, edge properties) for each way from `node` by the role."""
        symmetric = EDGE_BY_TYPE[role.edge].symmetric
        found: list[tuple[str, str, dict[str, Any]]] = []
        for kind, start, end, properties in self.edges:
            if kind != role.edge:
                continue
            ends = [(start, end)] if role.forward or symmetric else [(end, start)]
            ends += [(end, start)] if symmetric else []
            found += [
                (f"{start}/{kind}/{end}", there, properties)
                for here, there in ends
                if here == node and self.kinds[there] == role.end
            ]
        return found


Paths = dict[str, list[tuple[str, ...]]]


def walk(world: World, tree: Tree) -> tuple[list[str], Paths]:
    """Return the ids of the answer in order, and for each the paths that lead to it."""
    if isinstance(tree, Combined):
        left, left_paths = walk(world, tree.left)
        right, right_paths = walk(world, tree.right)
        if tree.operator == "-":
            return [key for key in left if key not in right], left_paths
        both = {key: left_paths.get(key, []) + right_paths.get(key, []) for key in {*left_paths, *right_paths}}
        if tree.operator == "&":
            return [key for key in left if key in right], both
        return left + [key for key in right if key not in left], both
    if isinstance(tree.source, Combined):
        answer, paths = walk(world, tree.source)
        paths = {key: paths[key] for key in answer}
    else:
        answer = list(dict.fromkeys(tree.source.names))
        paths = {key: [(key,)] for key in answer}
    for step in tree.steps:
        answer, paths = stride(world, step, answer, paths)
    return answer, paths


def stride(world: World, step: Step, answer: list[str], paths: Paths) -> tuple[list[str], Paths]:
    found: set[tuple[str, str, str]] = set()
    ways: Paths = {}
    reached = set(answer)
    level_paths = paths
    for level in range(1, step.high + 1):
        hops: list[tuple[str, str, str]] = []
        following: Paths = {}
        for node in reached:
            role = ROLE_BY_NAME[(world.kinds[node], step.role)]
            for edge, there, properties in world.hops(node, role):
                if all(meets(world, condition, properties, there) for condition in step.where):
                    hops.append((node, edge, there))
                    for path in level_paths[node]:
                        following.setdefault(there, []).append((*path, edge, there))
        if level >= step.low:
            found.update(hops)
            for key, more in following.items():
                ways.setdefault(key, []).extend(more)
        reached = {there for _, _, there in hops}
        level_paths = following
    ends = {there for _, _, there in found}
    kept = [end for end in ends if len({start for start, _, there in found if there == end}) >= (step.shared or 1)]
    kept.sort(key=lambda end: order(world, step, end, found))
    kept = kept[: step.pick.count if step.pick else MAX_ROWS]
    return kept, {end: ways[end] for end in kept}


def meets(world: World, condition: Condition, edge: dict[str, Any], node: str) -> bool:
    value = edge.get(condition.name, world.properties[node].get(condition.name))
    if value is None:
        return False
    match condition.comparison:
        case "=":
            return value == condition.value
        case "!=":
            return value != condition.value
        case "<":
            return value < condition.value
        case "<=":
            return value <= condition.value
        case ">":
            return value > condition.value
        case ">=":
            return value >= condition.value
        case "in":
            return value in condition.value


def order(world: World, step: Step, end: str, found: set[tuple[str, str, str]]) -> tuple[Any, ...]:
    hops = [(start, edge) for start, edge, there in found if there == end]
    kind = next(e[0] for e in world.edges if f"{e[1]}/{e[0]}/{e[2]}" == hops[0][1])
    properties = {f"{e[1]}/{e[0]}/{e[2]}": e[3] for e in world.edges}
    rank = EDGE_BY_TYPE[kind].rank

    def summed(name: str) -> float:
        return round(sum(properties[edge].get(name, 0.0) for _, edge in hops), 6)

    by = step.pick.by if step.pick else None
    score = summed(rank) if rank else float(len(hops))
    if by == "name":
        return (world.properties[end]["name"], end)
    if by in (None, "score"):
        key: float | None = score
    elif by == "shared":
        key = len({start for start, _ in hops})
    elif property_of(EDGE_BY_TYPE[kind], by):
        key = summed(by)
    else:
        key = world.properties[end].get(by)
    if isinstance(step.pick, Sample):
        first, second, third, fourth = draw_numbers(step.pick.seed)
        draw = draw_number(end)
        place = (((fourth * draw + third) % DRAW_PRIME * draw + second) % DRAW_PRIME * draw + first) % DRAW_PRIME
        return (-math.log((place + 1.0) / (DRAW_PRIME + 1)) / max(key or 0.0, 1e-6), end)
    return (key is None, -(key or 0.0), end)


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
        nodes = [
            Node(
                kind,
                key,
                {"en": WORLD.properties[key]["name"]},
                properties={name: value for name, value in WORLD.properties[key].items() if name != "name"},
            )
            for key, kind in WORLD.kinds.items()
        ]
        edges = [
            checked_edge(Edge(kind, start, end, (Evidence("test", "1", "CC0-1.0", "ours", "test", claims=claims),)))
            for kind, start, end, claims in WORLD.edges
        ]
        await graph.ledger.tell(
            Draft("import", "small world", "test", "small"), 0, [*nodes, *edges], source="test", last=True
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
    here = kind_of(tree.source) if isinstance(tree.source, Combined) else NODE_BY_ROOT[tree.source.kind].label
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
                where.append(
                    Condition(item.name, draw(st.sampled_from(["=", "!="])), draw(st.sampled_from(item.choices)))
                )
            elif item.numeric:
                comparison = draw(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]))
                where.append(Condition(item.name, comparison, draw(st.integers(0, 20)) / 20))
    keys = [None, "score", "shared", *(item.name for item in (*edge.properties, *node.properties) if item.numeric)]
    pick = draw(
        st.one_of(
            st.none(),
            st.builds(Top, st.integers(1, 4), st.sampled_from([*keys, "name"])),
            st.builds(Sample, st.integers(1, 4), st.integers(0, 1000), st.sampled_from(keys)),
        )
    )
    return Step(
        role.name, low=low, high=high, where=tuple(where), shared=draw(st.sampled_from([None, None, 1, 2])), pick=pick
    )


@PATIENT
@given(tree=questions())
async def test_an_answer_equals_a_walk_by_hand(graph: Graph, tree: Tree) -> None:
    text = to_text(tree)
    assert parse(text) == tree
    answer, paths = walk(WORLD, tree)

    found = await graph.subgraph(text)

    assert list(found.answer) == answer, text
    expected = {path for key in answer for path in paths[key]}
    if len(expected) < 1000:
        assert set(found.paths) == expected, text
        assert set(found.edges) == {part for path in expected for part in path if "/" in part}, text
        assert set(found.nodes) == {part for path in expected for part in path if "/" not in part}, text


async def test_a_seeded_draw_follows_the_weights(graph: Graph) -> None:
    disease = max(WORLD.kinds, key=lambda key: sum(e[0] == "HAS_SYMPTOM" and e[1] == key for e in WORLD.edges))
    weights = {e[2]: e[3].get("weight", 0.0) for e in WORLD.edges if e[0] == "HAS_SYMPTOM" and e[1] == disease}
    draws = 800
    counts = dict.fromkeys(weights, 0)
    for seed in range(draws):
        found = await graph.subgraph(f'disease "{disease}" | symptoms sample 1 by weight seed {seed}')
        counts[found.answer[0]] += 1
    total = sum(weights.values())
    # Five standard deviations: a right sampler fails once in a million runs, and the seeds are fixed anyway.
    for symptom, weight in weights.items():
        chance = weight / total
        assert abs(counts[symptom] - draws * chance) < 5 * math.sqrt(draws * chance * (1 - chance)) + 1


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
