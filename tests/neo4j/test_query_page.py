"""Every question of the language page, asked of the shipped graph, equals a walk by hand over the same graph."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path as FilePath

import pytest

from kg.graph import Graph
from kg.load import load, plan_load
from kg.query.parse import parse
from kg.query.spell import to_text
from kg.query.tree import AsOf, Between, Combined, Expression, Path, Root
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, NODE_BY_ROOT
from kg.store import Address, Store
from tests.neo4j.walking import World, walk
from tests.neo4j.written import run

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]

PAGE = FilePath(__file__).resolve().parents[2] / "docs" / "query-language.md"


def questions() -> list[str]:
    """Return every question in a plain block of the page."""
    blocks = re.findall(r"^```\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    starts = tuple(f'{word} "' for word in NODE_BY_ROOT)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return sorted({line for line in lines if line.startswith((*starts, "(", "between "))})


@pytest.fixture(scope="module")
async def graph(neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]) -> AsyncIterator[Graph]:
    async with Store.at(neo4j_address, deadline=60) as store:
        await emptied(store)
        graph = Graph(store)
        await load(graph.ledger, store, plan_load("core"), by="test")
        yield graph
        await emptied(store)


@pytest.fixture(scope="module")
async def world(graph: Graph) -> World:
    """The same graph in plain Python."""
    found = World()
    for row in await run(graph.store, "MATCH (n:Entity) RETURN labels(n) AS labels, properties(n) AS properties"):
        key = row["properties"]["id"]
        found.kinds[key] = next(label for label in row["labels"] if label in NODE_BY_LABEL)
        found.properties[key] = row["properties"]
    text = "MATCH (a:Entity)-[r]->(b:Entity) RETURN a.id AS a, type(r) AS kind, b.id AS b, properties(r) AS properties"
    for row in await run(graph.store, text):
        if row["kind"] in EDGE_BY_TYPE:
            found.edges.append((row["kind"], row["a"], row["b"], row["properties"]))
    return found


async def by_ids(graph: Graph, tree: Expression) -> Expression:
    """Return the same question with every name as its id."""

    async def root(start: Root) -> Root:
        label = NODE_BY_ROOT[start.kind].label
        return replace(start, names=tuple([await graph.resolve([label], str(name)) for name in start.names]))

    if isinstance(tree, Combined):
        return replace(tree, left=await by_ids(graph, tree.left), right=await by_ids(graph, tree.right))
    match tree.source:
        case Combined():
            source = await by_ids(graph, tree.source)
            assert isinstance(source, Combined)
            return replace(tree, source=source)
        case Between(start, end):
            return replace(tree, source=replace(tree.source, start=await root(start), end=await root(end)))
        case Root():
            return Path(await root(tree.source), tree.steps)


@pytest.mark.parametrize("question", questions())
async def test_a_question_of_the_page_equals_a_walk_by_hand(graph: Graph, world: World, question: str) -> None:
    tree = parse(question)
    tree = tree.question if isinstance(tree, AsOf) else tree
    if "language" in question:
        world = replace_language(world)
    answer, paths = walk(world, await by_ids(graph, tree))

    found = await graph.subgraph(question)

    assert found.answer, to_text(tree)
    assert list(found.answer) == answer
    expected = {path for key in answer for path in paths[key]}
    if len(expected) < 1000:
        assert set(found.paths) == expected


def replace_language(world: World) -> World:
    """Return the world with each node's languages as a property, as `where language = ru` reads it."""
    properties = {
        key: stored | ({"language": "ru"} if "name_ru" in stored else {}) for key, stored in world.properties.items()
    }
    return replace(world, properties=properties)
