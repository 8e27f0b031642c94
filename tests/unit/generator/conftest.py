"""The hand-written graph for the generator's tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _hand_graph() -> ModuleType:
    if "hand_graph" not in sys.modules:
        spec = importlib.util.spec_from_file_location("hand_graph", Path(__file__).with_name("hand_graph.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["hand_graph"] = module
        spec.loader.exec_module(module)
    return sys.modules["hand_graph"]


@pytest.fixture(scope="session")
def hand() -> ModuleType:
    """The module hand_graph: names, `node`, `edge`, `subgraph` and HandGraph."""
    return _hand_graph()


@pytest.fixture
def graph(hand: ModuleType):
    """A fresh hand-written graph."""
    return hand.HandGraph()
