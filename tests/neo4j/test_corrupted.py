"""Spoilt real files are loaded into a graph: whatever they hold, no change set is left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.corrupted import halves, samples
from kg.graph import Graph
from kg.store import Store

pytestmark = pytest.mark.neo4j


async def test_no_spoilt_file_leaves_half_a_change_set(store: Store, shared_data: Path, tmp_path: Path) -> None:
    some = samples(shared_data, tmp_path)
    assert await halves(Graph(store), some, tmp_path, len(some), seed=5) == 0
