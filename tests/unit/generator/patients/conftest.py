"""The shipped graph in memory, the pool of it, and the shipped population, once for all tests."""

from __future__ import annotations

import asyncio

import pytest

from generator.patients.demography import Demography
from generator.patients.pool import Pool
from generator.patients.population import Population, read_population
from generator.patients.reading import read_pool
from tests.unit.generator.patients import core_asks


@pytest.fixture(scope="session")
def core_graph() -> core_asks.Asked:
    return core_asks.core()


@pytest.fixture(scope="session")
def pool(core_graph: core_asks.Asked) -> Pool:
    return asyncio.run(read_pool(core_graph, None))


@pytest.fixture(scope="session")
def population() -> Population:
    return read_population("ru")


@pytest.fixture(scope="session")
def demography(population: Population) -> Demography:
    return Demography(population, 0, 100)
