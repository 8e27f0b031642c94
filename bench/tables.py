"""Tables of nodes and edges as Neo4j's importer takes them, with every property as the product stores it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

from kg.changes import State
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL, Property
from kg.stored import alias_row, edge_row, node_row

# Signs that no text of the graph can hold, so that nothing has to be quoted.
CELL: Final = "\x1d"
LIST: Final = "\x1f"
_TYPES: Final = {"text": "", "choice": "", "number": ":double", "integer": ":long"}
_WORDS: Final = {
    f"{what}_{language}": kind for language in LANGUAGES for what, kind in (("name", ""), ("synonyms", ":string[]"))
}
_NODE: Final = {
    "name": "",
    "folded": "",
    **_WORDS,
    "xrefs": ":string[]",
    "sources": ":string[]",
    "authority": ":long",
    "draw": ":long",
}
_EDGE: Final = {"id": "", "evidence": ":string[]", "sources": ":string[]", "licences": ":string[]", "told": ""}
_ALIAS: Final = {"kind": "", "id": "", "of": "", "why": "", "source": "", "since": ":long"}


class Tables:
    """Files of one table for each kind of node and edge, with the header first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[tuple[str, str], tuple[BinaryIO, tuple[str, ...]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file, _ in self._files.values():
            file.close()

    def add(self, target: str, key: str, state: State, since: int) -> None:
        """Add a row: a node, an edge or an alias in that state."""
        match target:
            case "node":
                row = node_row(key, state, since)
                self._write("nodes", state["kind"], row, {"id": ":ID"} | _NODE, NODE_BY_LABEL[state["kind"]].properties)
            case "edge":
                ends = edge_row(state, since)
                row = {"": "", "start": ends["start"], "end": ends["end"], **ends["properties"]}
                columns = {"start": ":START_ID", "end": ":END_ID"} | _EDGE
                self._write("edges", state["kind"], row, columns, EDGE_BY_TYPE[state["kind"]].properties)
            case _:
                self._write("nodes", "Alias", alias_row(state, since), {"key": ":ID(alias)"} | _ALIAS, ())

    def arguments(self) -> list[str]:
        """Return the importer's arguments for these files."""
        found: list[str] = []
        for what, kind in self._files:
            path = self._folder / f"{what}-{kind}.csv"
            label = kind if kind == "Alias" else f"Entity:{kind}"
            found.append(f"--nodes={label}={path}" if what == "nodes" else f"--relationships={kind}={path}")
        return found

    def _write(
        self, what: str, kind: str, row: Mapping[str, Any], columns: Mapping[str, str], properties: Sequence[Property]
    ) -> None:
        known = self._files.get((what, kind))
        if known is None:
            columns = {**columns, **{item.name: _TYPES[item.type] for item in properties}, "since": ":long"}
            file = (self._folder / f"{what}-{kind}.csv").open("wb", buffering=1 << 18)
            names = [kept if kept in (":START_ID", ":END_ID") else name + kept for name, kept in columns.items()]
            file.write((CELL.join(names) + "\n").encode())
            known = self._files[what, kind] = file, tuple(columns)
        file, names = known
        line = CELL.join([_cell(row.get(name)) for name in names])
        if "\n" in line:
            raise RuntimeError(f"a text of {row} has several lines, which these tables cannot hold")
        file.write(line.encode())
        file.write(b"\n")


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return LIST.join(value) if isinstance(value, list) else str(value)  # type: ignore[arg-type]
