"""The canonical format: one line of JSON for each node, then one for each edge with all its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from kg.changes import State, edge_state_id
from kg.export.choice import Choice
from kg.export.rows import NodeRow
from kg.export.target import text_at

_ALIAS = ("id", "why", "source")


class JsonLines:
    """Writes one graph to one file; keys are sorted, so the same graph is the same bytes."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.altered: Counter[str] = Counter()

    def node(self, row: NodeRow) -> None:
        """Write a node; its authority follows from its sources and is left out."""
        state = {name: value for name, value in row.state.items() if name != "authority"}
        aliases = [{name: alias[name] for name in _ALIAS} for alias in row.aliases]
        self._line({"type": "node", "id": row.id, **state, "aliases": aliases})

    def edge(self, state: State) -> None:
        """Write an edge."""
        self._line({"type": "edge", "id": edge_state_id(state), **state})

    def _line(self, value: Any) -> None:
        self._file.write(orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE).decode())


@contextmanager
def opened(path: Path, chosen: Choice) -> Generator[JsonLines]:
    """Open the file."""
    del chosen
    with text_at(path) as file:
        yield JsonLines(file)
