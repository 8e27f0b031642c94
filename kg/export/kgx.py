"""KGX: two tables, or two files of JSON lines, of nodes and edges in Biolink's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import orjson

from kg.changes import State
from kg.export.biolink import EDGE_COLUMNS, NODE_COLUMNS, edge_entries, node_entry
from kg.export.choice import Choice
from kg.export.rows import NodeRow
from kg.export.target import text_at
from kg.export.writer import one_line, plain

# A cell that begins with one would open a quotation for readers that know quotes.
_QUOTE: Final = '"'
BAR: Final = "| in an item of a list, written as /"
QUOTED: Final = "\" at the beginning of a cell, written as '"

Entry = Mapping[str, Any]
Line = Callable[[Entry], str]


class Kgx:
    """Writes nodes to one file and edges to another."""

    def __init__(self, nodes: IO[str], edges: IO[str], node_line: Line, edge_line: Line, altered: Counter[str]) -> None:
        self._nodes, self._edges = nodes, edges
        self._node_line, self._edge_line = node_line, edge_line
        self.altered = altered

    def node(self, row: NodeRow) -> None:
        """Write a node."""
        self._nodes.write(self._node_line(node_entry(row)))

    def edge(self, state: State) -> None:
        """Write a line for each item of the edge's evidence."""
        for entry in edge_entries(state):
            self._edges.write(self._edge_line(entry))


def row_of(columns: Sequence[str], altered: Counter[str], entry: Entry) -> str:
    """Return an entry as a row of a table without quotes, the items of lists set apart by `|`.

    KGX knows no way to write a tab, a line end or that bar inside a cell; what is written instead is counted.
    """
    return "\t".join(_cell(entry.get(column), altered) for column in columns) + "\n"


def _cell(value: Any, altered: Counter[str]) -> str:
    if isinstance(value, list):
        items: list[str] = [plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
        altered[BAR] += sum("|" in item for item in items)
        text = "|".join(item.replace("|", "/") for item in items)
    else:
        text = plain(value)
    clean = one_line(text, altered)
    if clean.startswith(_QUOTE):
        altered[QUOTED] += 1
        clean = "'" + clean[1:]
    return clean


def _json_line(entry: Entry) -> str:
    return orjson.dumps(dict(entry), option=orjson.OPT_APPEND_NEWLINE).decode()


def table_writer(nodes: IO[str], edges: IO[str]) -> Kgx:
    """Return a writer of two tables, their first lines written."""
    nodes.write("\t".join(NODE_COLUMNS) + "\n")
    edges.write("\t".join(EDGE_COLUMNS) + "\n")
    altered: Counter[str] = Counter()
    return Kgx(nodes, edges, partial(row_of, NODE_COLUMNS, altered), partial(row_of, EDGE_COLUMNS, altered), altered)


def json_writer(nodes: IO[str], edges: IO[str]) -> Kgx:
    """Return a writer of two files of JSON lines."""
    return Kgx(nodes, edges, _json_line, _json_line, Counter())


@contextmanager
def tables(path: Path, chosen: Choice) -> Generator[Kgx]:
    """Open nodes.tsv and edges.tsv in the folder."""
    del chosen
    with text_at(path / "nodes.tsv") as nodes, text_at(path / "edges.tsv") as edges:
        yield table_writer(nodes, edges)


@contextmanager
def json_lines(path: Path, chosen: Choice) -> Generator[Kgx]:
    """Open nodes.jsonl and edges.jsonl in the folder."""
    del chosen
    with text_at(path / "nodes.jsonl") as nodes, text_at(path / "edges.jsonl") as edges:
        yield json_writer(nodes, edges)
