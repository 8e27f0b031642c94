"""An empty, prepared database for each test, and the digest that tells two graphs apart."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bench.standing import standing
from kg.ledger import Ledger
from kg.store import Address, Store


async def _digest(store: Store) -> str:
    return hashlib.sha256(await standing(store)).hexdigest()


@pytest.fixture(scope="session")
def graph_digest() -> Callable[[Store], Awaitable[str]]:
    """Return one hash over every node, edge, item of evidence and alias that there is now, without history and log."""
    return _digest


@pytest.fixture
async def store(neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]) -> AsyncIterator[Store]:
    async with Store.at(neo4j_address, deadline=30.0) as opened:
        await emptied(opened)
        yield opened


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(store)
