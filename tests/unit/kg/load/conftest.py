from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from kg.statements import Statement


class Graph:
    """Answers as a graph that holds nodes of these kinds and no edges; counts nothing, writes nothing."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self.kinds = kinds

    async def read(self, statement: Statement, *, deadline: float | None = None) -> list[dict[str, Any]]:
        ids = statement.values.get("ids", ())
        return [
            {"id": key, "kind": self.kinds[key], "properties": {"id": key, "name_en": key}}
            for key in ids
            if key in self.kinds
        ]


@pytest.fixture
def empty_graph() -> Graph:
    return Graph({})


@pytest.fixture
def small_graph() -> Graph:
    return Graph({"DOID:4": "Disease", "MESH:D003371": "Symptom"})
