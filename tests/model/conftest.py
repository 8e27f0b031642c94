"""The hand-written graph for the tests with real weights."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from generator.models.local import LocalModel
from generator.models.resolve import resolve_model


def _hand_graph() -> ModuleType:
    if "hand_graph" not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            "hand_graph", Path(__file__).parents[1] / "unit" / "generator" / "hand_graph.py"
        )
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


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that the first test to need it fills."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def smollm2(cache: Path) -> LocalModel:
    model = resolve_model(cache_dir=cache)
    assert isinstance(model, LocalModel)
    return model
