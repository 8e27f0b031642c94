"""Tables for `neo4j-admin database import`: one with a typed header for each kind of node and of edge."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import orjson

from kg.changes import State, edge_state_id
from kg.export.choice import Choice
from kg.export.rows import NodeRow
from kg.export.target import text_at
from kg.export.writer import one_line, plain
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL, Property

_TYPES: Final[Mapping[str, str]] = {"number": ":double", "integer": ":long"}
# The importer takes it as the end of an item and has no way to write it inside one.
_BETWEEN: Final = ";"
SEMICOLON: Final = "; in an item of a list, written as a comma"

_NODE_HEAD: Final = (
    *("id:ID", ":LABEL"),
    *(f"name_{language}" for language in LANGUAGES),
    *(f"synonyms_{language}:string[]" for language in LANGUAGES),
    *("xrefs:string[]", "aliases:string[]", "sources:string[]"),
)
_EDGE_HEAD: Final = (
    *(":START_ID", ":END_ID", ":TYPE", "id", "source", "licence", "reference", "negated:boolean"),
    *("sources:string[]", "licences:string[]", "evidence"),
)


class _Table(Protocol):
    """What the writer of the csv module can do."""

    def writerow(self, row: Sequence[Any], /) -> Any: ...


class ImportTables:
    """Writes each node and each edge, with its evidence as JSON, to the table of its kind."""

    def __init__(self, tables: Mapping[str, _Table]) -> None:
        self._tables = tables
        self.altered: Counter[str] = Counter()

    def node(self, row: NodeRow) -> None:
        """Write a node."""
        state = row.state
        cells = [
            *(row.id, state["kind"]),
            *(self._text(state["names"].get(language)) for language in LANGUAGES),
            *(self._list(state["synonyms"].get(language, ())) for language in LANGUAGES),
            *(self._list(state["xrefs"]), self._list([alias["id"] for alias in row.aliases])),
            self._list(state["sources"]),
        ]
        self._row(state, cells, NODE_BY_LABEL[state["kind"]].properties)

    def edge(self, state: State) -> None:
        """Write an edge. It is negated when all evidence speaks against it."""
        evidence: Sequence[Mapping[str, Any]] = state["evidence"]
        told = [item for item in evidence if item["direction"] == "for"]
        licences = sorted({item["licence"] for item in evidence})
        first = (told or evidence)[0]
        cells = [
            *(state["start"], state["end"], state["kind"], edge_state_id(state)),
            *(first["source"], " and ".join(licences), self._text(first["reference"]), plain(not told)),
            self._list(sorted({item["source"] for item in told})),
            self._list(licences),
            orjson.dumps(evidence, option=orjson.OPT_SORT_KEYS).decode(),
        ]
        self._row(state, cells, EDGE_BY_TYPE[state["kind"]].properties)

    def _row(self, state: State, cells: Sequence[str], properties: Sequence[Property]) -> None:
        values = [self._text(state["properties"].get(known.name)) for known in properties]
        self._tables[state["kind"]].writerow([*cells, *values])

    def _text(self, value: Any) -> str:
        return one_line(plain(value), self.altered)

    def _list(self, items: Sequence[str]) -> str:
        self.altered[SEMICOLON] += sum(_BETWEEN in item for item in items)
        return _BETWEEN.join(self._text(item.replace(_BETWEEN, ",")) for item in items)


@contextmanager
def opened(path: Path, chosen: Choice) -> Generator[ImportTables]:
    """Open nodes-KIND.csv and edges-KIND.csv in the folder for each chosen kind."""
    with ExitStack() as stack:
        tables: dict[str, _Table] = {}
        heads = [(f"nodes-{kind}", _NODE_HEAD, kind, NODE_BY_LABEL[kind].properties) for kind in chosen.nodes]
        heads += [(f"edges-{kind}", _EDGE_HEAD, kind, EDGE_BY_TYPE[kind].properties) for kind in chosen.edges]
        for name, head, kind, properties in heads:
            file = stack.enter_context(text_at(path / f"{name}.csv"))
            tables[kind] = csv.writer(file, lineterminator="\n")
            tables[kind].writerow([*head, *(f"{known.name}{_TYPES.get(known.type, '')}" for known in properties)])
        yield ImportTables(tables)
