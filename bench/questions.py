"""Questions in the language beside hand-written Cypher for the same answer, in turn on the same server."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Final, LiteralString

from bench.figures import Figure, Section, spread
from kg.graph import Graph
from kg.query.compile import to_cypher
from kg.query.names import wanted_by
from kg.query.parse import parse
from kg.query.plan import plan
from kg.statements import Statement

ROUNDS: Final = 300

# The question, and the shortest Cypher that a person would write for the ids of its answer.
PAIRS: Final[dict[str, tuple[str, LiteralString]]] = {
    "2 hops": (
        'disease "DOID:2841" | symptoms top 5 by weight | diseases top 10',
        """MATCH (d:Disease {id: 'DOID:2841'})-[r:HAS_SYMPTOM]->(s:Symptom)
        WITH s, r ORDER BY coalesce(r.weight, 0.0) DESC, s.id LIMIT 5
        MATCH (s)<-[h:HAS_SYMPTOM]-(o:Disease)
        WITH o, round(sum(coalesce(h.weight, 0.0)), 6) AS score ORDER BY score DESC, o.id LIMIT 10
        RETURN collect(o.id) AS ids""",
    ),
    "3 hops": (
        'disease "DOID:2841" | symptoms | diseases shared >= 3 top 5 by score | drugs',
        """MATCH (d:Disease {id: 'DOID:2841'})-[:HAS_SYMPTOM]->(s:Symptom)
        MATCH (s)<-[h:HAS_SYMPTOM]-(o:Disease)
        WITH o, count(DISTINCT s) AS shared, round(sum(coalesce(h.weight, 0.0)), 6) AS score WHERE shared >= 3
        WITH o, score ORDER BY score DESC, o.id LIMIT 5
        MATCH (o)<-[t:TREATS]-(x:Drug)
        WITH x, count(t) AS ways ORDER BY ways DESC, x.id
        RETURN collect(x.id) AS ids""",
    ),
}


async def measure(graph: Graph) -> Section:
    """Time each question and its peer in turn; the peer gives ids alone, the question a whole subgraph."""
    figures: list[Figure] = []
    for name, (question, cypher) in PAIRS.items():
        peer = Statement(cypher)
        answer = (await graph.subgraph(question)).answer
        by_hand = (await graph.store.read(peer))[0]["ids"]
        assert list(answer) == by_hand, f"the peer of {name} answers something else"
        statement = await graph.statement(question)

        async def ask(question: str = question) -> object:
            return await graph.subgraph(question)

        async def compiled(statement: Statement = statement) -> object:
            return await graph.store.read(statement)

        async def hand(peer: Statement = peer) -> object:
            return await graph.store.read(peer)

        asked, ran, beside = await _in_turn(ask, compiled, hand)
        ratio = statistics.median(asked) / statistics.median(beside)
        bare = statistics.median(ran) / statistics.median(beside)
        figures += spread(f"{name}, whole subgraph", asked, f"{ratio:.2f} x hand-written Cypher for ids alone")
        figures += spread(f"{name}, its statement alone", ran, f"{bare:.2f} x hand-written Cypher")
        figures += spread(f"{name}, hand-written Cypher", beside, f"{len(by_hand)} ids")
    figures.append(_compiling())
    return Section("Questions", tuple(figures))


async def _in_turn(*works: Callable[[], Awaitable[object]]) -> tuple[list[float], ...]:
    times: tuple[list[float], ...] = tuple([] for _ in works)
    for round_number in range(ROUNDS + 20):
        for work, taken in zip(works, times, strict=True):
            begun = time.perf_counter()
            await work()
            if round_number >= 20:  # The first rounds warm the server's plans.
                taken.append(time.perf_counter() - begun)
    return times


def _compiling() -> Figure:
    question = PAIRS["3 hops"][0]
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        planned = plan(parse(question), question)
        to_cypher(planned, {wanted: wanted[1] for wanted in wanted_by(planned)})
    each = (time.perf_counter() - begun) / ROUNDS
    return Figure("parse, plan and compile the 3 hops, warm", each * 1000, "ms", "without the database")
