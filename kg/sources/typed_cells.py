"""Rows of tables with typed headers, read by what each column is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from kg.errors import RecordRejected
from kg.schema import EdgeKind, NodeKind, property_of
from kg.sources.cells import RowRefusedError, short
from kg.sources.checked import MAX_SHOWN, fault, not_held
from kg.sources.curies import curie_in
from kg.sources.records import Place, Problem
from kg.sources.typed_headers import RoleName, space_prefix
from kg.sources.typed_tables import Table, TypedRow, typed_rows


class TypedCells:
    """The cells of a row by what they are."""

    def __init__(self, table: Table, row: TypedRow) -> None:
        self._table = table
        self._row = row

    def place(self, column: str = "") -> Place:
        """Return the place of a cell, or of the row."""
        return Place(self._row.file, self._row.line, column)

    def of_role(self, role: RoleName) -> str:
        """Return the cell of the column that is this; empty when there is none."""
        number = self._table.header.place_of(role)
        return self._row.cells[number] if number is not None else ""

    def words(self, role: RoleName) -> tuple[str, ...]:
        """Return the labels or the type of the row; without a column for them, the table's own name tells."""
        if self._table.header.place_of(role) is None:
            return (self._table.name, self._table.name.removesuffix("s"))
        return tuple(word for word in self.of_role(role).split(self._table.marks.array) if word)

    def all(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the values of these properties with the name of each; lists are parted."""
        wanted = set(names)
        for field, cell in zip(self._table.header.fields, self._row.cells, strict=True):
            if field.role == "property" and field.name.lower() in wanted:
                for part in cell.split(self._table.marks.array) if field.several else (cell,):
                    if part.strip():
                        yield field.name.lower(), part.strip()

    def one(self, *names: str) -> str:
        """Return the first value of the first of these properties that has one; empty when none has."""
        found = dict(reversed(tuple(self.all(names))))
        return next((found[name] for name in names if name in found), "")

    def curie(self, role: RoleName) -> str:
        """Return the id in a column; raise RowRefusedError when it is none."""
        number = self._table.header.place_of(role)
        field = self._table.header.fields[number or 0]
        text = self.of_role(role)
        try:
            return curie_in(text[:MAX_SHOWN], space_prefix(field.space))
        except RecordRejected as error:
            raise self.wrong(field.heading, "id-form", text, error.message, error.hint or "") from error

    def key(self, role: RoleName) -> tuple[str, str]:
        """Return what edges name the node by: the space of ids and the id in it."""
        number = self._table.header.place_of(role)
        return self._table.header.fields[number or 0].space, self.of_role(role)

    def wrong(self, column: str, rule: str, value: str, message: str, fix: str) -> RowRefusedError:
        """Return what to raise for a row that is wrong at that column."""
        return RowRefusedError(fault(self.place(column), rule, value, message, fix))

    def other(self, column: str, rule: str, value: str, message: str, fix: str) -> RowRefusedError:
        """Return what to raise for a row about something that this graph does not hold."""
        return RowRefusedError(not_held(self.place(column), rule, value, message, fix))

    def claims(self, kind: NodeKind | EdgeKind) -> dict[str, Any]:
        """Return the values of the properties that this kind has; raise RowRefusedError for what is no number."""
        found: dict[str, Any] = {}
        for name, text in self.all(known.name for known in kind.properties):
            known = property_of(kind, name)
            if known is None or not known.numeric:
                found[name] = text
                continue
            value = number(text)
            if value is None:
                raise self.wrong(
                    name, "not-a-number", text, f"{short(text)!r} is not a number", "Write it with a point."
                )
            found[name] = int(value) if known.type == "integer" and value.is_integer() else value
        return found


def cells_of(table: Table) -> Iterator[TypedCells | Problem]:
    """Yield the rows of a table, and what is no row."""
    for row in typed_rows(table):
        yield row if isinstance(row, Problem) else TypedCells(table, row)


def number(text: str) -> float | None:
    """Return the number that a text is, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
