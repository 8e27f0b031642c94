"""A loader or a Neo4j that is killed costs nothing but time: the same load again makes the same graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.children import server
from bench.kills import broken_off
from kg.settings import load_settings

pytestmark = pytest.mark.neo4j


@pytest.mark.usefixtures("neo4j_server")  # which has fetched the jars
def test_three_loads_that_are_killed_and_run_again_make_the_graph_of_an_unbroken_one(tmp_path: Path) -> None:
    cache = load_settings().cache_dir
    with server(tmp_path, heap="512m", page_cache="64m", cache_dir=cache) as settings:
        broken = broken_off(settings, ("core",), times=3, seed=7)
    assert [one.victim for one in broken] == ["loader", "neo4j", "loader"]
    assert all(one.same for one in broken), broken
    assert not any("Traceback" in one.told for one in broken)
