"""What is written out can be read in again: the same nodes and edges, by kind, id, names and properties."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kg.changes import State, merged_edge, merged_node
from kg.export.choice import choice
from kg.export.export import FORMATS
from kg.export.rows import NodeRow
from kg.load import plan_load
from kg.sources.records import Found, Problem
from kg.values import Edge, Node, checked_edge

# The format on the way out, and the name of the one that reads it.
WAYS = {"kgx": "kgx", "kgx-jsonl": "kgx", "neo4j-admin": "neo4j-admin"}


@pytest.fixture(scope="module")
def core() -> Mapping[str, State]:
    """The shipped graph as states by id."""
    states: dict[str, State] = {}
    for part in plan_load("core").parts:
        for item in part.records():
            assert isinstance(item, Found)
            record = item.record
            if isinstance(record, Node):
                states[record.id] = merged_node(states.get(record.id), record, part.source)
            elif isinstance(record, Edge):
                edge = checked_edge(record)
                states[edge.id] = merged_edge(states.get(edge.id), edge, "CS:1", "2026-01-01")
    return states


def written(core: Mapping[str, State], format: str, folder: Path) -> None:
    folder.mkdir()
    with FORMATS[format].opens(folder, choice()) as writer:
        for key, state in sorted(core.items()):
            if "start" not in state:
                writer.node(NodeRow(key, state, ()))
        for _, state in sorted(core.items()):
            if "start" in state:
                writer.edge(state)


@pytest.mark.parametrize("format", WAYS)
def test_the_shipped_graph_comes_back_whole(core: Mapping[str, State], format: str, tmp_path: Path) -> None:
    written(core, format, tmp_path / "out")

    nodes: dict[str, Node] = {}
    edges: dict[str, Edge] = {}
    problems: list[Problem] = []
    for part in plan_load(WAYS[format], [tmp_path / "out"]).parts:
        for item in part.records():
            if isinstance(item, Problem):
                problems.append(item)
            elif isinstance(item.record, Node):
                nodes[item.record.id] = item.record
            elif isinstance(item.record, Edge):
                edges[checked_edge(item.record).id] = item.record

    assert [problem for problem in problems if problem.severity == "error"] == []
    assert {key: node.kind for key, node in nodes.items()} == {
        key: state["kind"] for key, state in core.items() if "start" not in state
    }
    assert set(edges) == {key for key, state in core.items() if "start" in state}
    assert {key: dict(edge.evidence[0].claims) for key, edge in edges.items()} == {
        key: state["properties"] for key, state in core.items() if "start" in state
    }
    assert {key: (dict(node.names), dict(node.properties)) for key, node in nodes.items()} == {
        key: (state["names"], state["properties"]) for key, state in core.items() if "start" not in state
    }


def test_a_file_does_not_speak_with_the_authority_of_the_shipped_graph(
    core: Mapping[str, State], tmp_path: Path
) -> None:
    written(core, "kgx", tmp_path / "out")

    records = (item for part in plan_load("kgx", [tmp_path / "out"]).parts for item in part.records())
    sources = {
        evidence.source
        for item in records
        if isinstance(item, Found) and isinstance(item.record, Edge)
        for evidence in item.record.evidence
    }

    assert sources == {"mkg-core-copy"}
