"""The hand-written graph for the generator's tests."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.unit.generator import hand_graph


@pytest.fixture(scope="session")
def hand() -> ModuleType:
    """The module hand_graph: names, `node`, `edge`, `subgraph` and HandGraph."""
    return hand_graph


@pytest.fixture
def graph() -> hand_graph.HandGraph:
    """A fresh hand-written graph."""
    return hand_graph.HandGraph()
