"""The hand-written graph for the tests with real weights."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from generator.models.local import LocalModel
from generator.models.resolve import resolve_model
from tests.unit.generator import hand_graph


@pytest.fixture(scope="session")
def hand() -> ModuleType:
    """The module hand_graph: names, `node`, `edge`, `subgraph` and HandGraph."""
    return hand_graph


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that the first test to need it fills."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def smollm2(cache: Path) -> LocalModel:
    model = resolve_model(cache_dir=cache, width=4, adapter="none")
    assert isinstance(model, LocalModel)
    return model
