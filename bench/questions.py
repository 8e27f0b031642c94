"""Questions in the language beside hand-written Cypher that returns the same, in turn on the same server."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Final, LiteralString

from bench.figures import Figure, Section, spread
from bench.peers import PEERS, Peer
from kg.graph import Graph
from kg.query.asking import understood
from kg.query.compile import compiled
from kg.query.parse import parse
from kg.query.plan import plan
from kg.statements import Statement
from kg.subgraph import Subgraph

ROUNDS: Final = 150
WARM: Final = 40


async def measure(graph: Graph) -> Section:
    """Time each question and its two peers in turn: one returns the same nodes, edges and evidence, one ids alone."""
    figures: list[Figure] = []
    ratios: list[float] = []
    for name, peer in PEERS.items():
        taken = await _one(graph, peer)
        asked, read, whole, ids = (statistics.median(times) for times in taken)
        ratios.append(asked / whole)
        figures += spread(f"{name}, question", taken[0], f"{asked / whole:.2f} x Cypher by hand for the same")
        figures.append(Figure(f"{name}, and every part of it read, p50", read * 1000, "ms", f"{read / whole:.2f} x"))
        figures.append(Figure(f"{name}, by hand, the same, p50", whole * 1000, "ms", ""))
        figures.append(Figure(f"{name}, by hand, ids alone, p50", ids * 1000, "ms", f"question {asked / ids:.2f} x"))
    middle = statistics.median(ratios)
    figures.append(Figure("question over Cypher by hand, median of the shapes", middle, "x", f"most {max(ratios):.2f}"))
    figures += _compiling()
    return Section("Questions", tuple(figures))


async def _one(graph: Graph, peer: Peer) -> tuple[list[float], ...]:
    whole, ids = Statement(peer.same), Statement(peer.ids)
    answer = (await graph.subgraph(peer.question)).answer
    by_hand = (await graph.store.read(ids))[0]["ids"]
    assert list(answer) == by_hand, f"{peer.question}: the peer answers something else"

    async def ask() -> object:
        return (await graph.subgraph(peer.question)).answer

    async def ask_and_read() -> object:
        return _read(await graph.subgraph(peer.question))

    async def same() -> object:
        return await graph.store.read(whole)

    async def alone() -> object:
        return await graph.store.read(ids)

    return await _in_turn(ask, ask_and_read, same, alone)


def _read(found: Subgraph) -> tuple[int, ...]:
    return len(found.nodes), len(found.edges), len(found.hops), len(found.paths)


async def _in_turn(*works: Callable[[], Awaitable[object]]) -> tuple[list[float], ...]:
    times: tuple[list[float], ...] = tuple([] for _ in works)
    for round_number in range(ROUNDS + WARM):
        for work, taken in zip(works, times, strict=True):
            begun = time.perf_counter()
            await work()
            if round_number >= WARM:  # The first rounds warm the server's plans.
                taken.append(time.perf_counter() - begun)
    return times


def _compiling() -> list[Figure]:
    question = PEERS["3 hops"].question
    compiling: LiteralString = "parse, plan and compile 3 hops, warm"
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        compiled(plan(parse(question), question))
    each = (time.perf_counter() - begun) / ROUNDS
    understood(question, {})
    begun = time.perf_counter()
    for _ in range(1000):
        ready = understood(question, {})
        ready.compiled.statement(ready.as_ids or {})
    cached = (time.perf_counter() - begun) / 1000
    return [
        Figure(compiling, each * 1000, "ms", "without the database"),
        Figure("the same text again", cached * 1e6, "us", "from the cache, ids put in"),
    ]
