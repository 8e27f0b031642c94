"""An empty, prepared database for each test, and the digest that tells two graphs apart."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable

import orjson
import pytest

from kg.ledger import Ledger
from kg.statements import Statement
from kg.store import Address, Store

_NODES = Statement("MATCH (n) WHERE n:Entity OR n:Evidence RETURN labels(n) AS labels, properties(n) AS properties")
_EDGES = Statement(
    "MATCH (a:Entity)-[r]->(b:Entity) RETURN a.id AS start, type(r) AS kind, b.id AS end, properties(r) AS properties"
)


async def _digest(store: Store) -> str:
    rows = [*await store.read(_NODES), *await store.read(_EDGES)]
    lines = sorted(orjson.dumps(row, option=orjson.OPT_SORT_KEYS) for row in rows)
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


@pytest.fixture(scope="session")
def graph_digest() -> Callable[[Store], Awaitable[str]]:
    """Return one hash over every node, edge and item of evidence with all their properties; the log is left out."""
    return _digest


@pytest.fixture
async def store(neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]) -> AsyncIterator[Store]:
    async with Store.at(neo4j_address, deadline=30.0) as opened:
        await emptied(opened)
        yield opened


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(store)
