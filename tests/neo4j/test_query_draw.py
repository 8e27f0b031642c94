"""A weighted draw without replacement has exactly the distribution it promises, at any temperature."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import permutations

import pytest

from kg.graph import Graph
from kg.query.draw import draw_numbers, draw_place
from kg.store import Address, Store
from kg.stored import draw_number
from tests.neo4j.written import edge, node, written

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]

WEIGHTS = {"T:a": 0.1, "T:b": 0.2, "T:c": 0.3, "T:d": 0.8}
DRAWS = 1200


@pytest.fixture(scope="module")
async def graph(neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]) -> AsyncIterator[Graph]:
    async with Store.at(neo4j_address, deadline=60) as store:
        await emptied(store)
        edges = [edge("HAS_SYMPTOM", "T:x", key, {"weight": weight}) for key, weight in WEIGHTS.items()]
        await written(store, [node("Disease", "T:x"), *(node("Symptom", key) for key in WEIGHTS)], edges)
        yield Graph(store)
        await emptied(store)


def plackett_luce(order: tuple[str, ...], temperature: float) -> float:
    """Return the chance of this order: each next one in proportion to weight^(1/temperature) among those left."""
    left = {key: weight ** (1 / temperature) for key, weight in WEIGHTS.items()}
    chance = 1.0
    for key in order:
        chance *= left[key] / sum(left.values())
        del left[key]
    return chance


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
async def test_ordered_pairs_come_as_often_as_they_should(graph: Graph, temperature: float) -> None:
    question = 'disease "T:x" | symptoms sample 2 by weight temperature $t seed $seed'
    drawn: Counter[tuple[str, ...]] = Counter()
    for seed in range(DRAWS):
        drawn[(await graph.subgraph(question, {"t": temperature, "seed": seed})).answer] += 1
    square = 0.0
    for order in permutations(WEIGHTS, 2):
        expected = DRAWS * plackett_luce(order, temperature)
        square += (drawn[order] - expected) ** 2 / expected
    # Twelve orders, eleven degrees of freedom: a right sampler stays below this but once in a thousand.
    assert square < 31.26, drawn


async def test_the_database_draws_what_the_formula_says(graph: Graph) -> None:
    for seed in range(50):
        numbers = draw_numbers(seed)
        order = sorted(WEIGHTS, key=lambda key: -draw_place(draw_number(key), numbers, WEIGHTS[key], 0.7))
        found = await graph.subgraph(f'disease "T:x" | symptoms sample 4 by weight temperature 0.7 seed {seed}')
        assert list(found.answer) == order


async def test_the_coldest_draw_takes_the_strongest(graph: Graph) -> None:
    question = 'disease "T:x" | symptoms sample 2 by weight temperature 0.01 seed $seed'
    assert {(await graph.subgraph(question, {"seed": seed})).answer for seed in range(20)} == {("T:d", "T:c")}
