"""Nodes that many rows lead to: what lies around each of them is read once, and joined to the rows afterwards.

A hub is where it counts: without this its ten thousand neighbours would be sorted once for each way that leads there.
Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

from graphql_api.compiled.plan import (
    ByCode,
    ByEdge,
    ById,
    ByName,
    Column,
    Counted,
    Elsewhere,
    Joined,
    Listed,
    Row,
    Stored,
    Summed,
    Table,
    Walk,
)
from kg.schema import EDGE_BY_TYPE


def shared(row: Row) -> Row:
    """Return the columns of a whole statement, with tables for what several rows have in common."""
    return tuple(_with_tables(column) if isinstance(column, Listed) else column for column in row)


def joined(value: Sequence[Any], tables: Sequence[Table]) -> Any:
    """Return the rows of a joined column, every table's columns put into the rows that wait for them.

    Raises KeyError when a node left the graph while the statement ran.
    """
    for number, table in enumerate(tables, start=1):
        known = {found[0]: found for found in value[number]}
        places = list(enumerate(table.places, start=1))
        for row in _reached(value[table.parent], table.path):
            found = known[row[table.key]]
            for at, place in places:
                row[place] = found[at]
    return value[0]


def _reached(rows: Iterable[Any], path: Sequence[int]) -> Iterable[Any]:
    for place in path:
        rows = [below for row in rows for below in row[place]]
    return rows


def _with_tables(column: Listed) -> Column:
    sharing = _Sharing()
    kept = sharing.listed(column, 0, 0, (), repeated=False)
    return Joined(kept, tuple(table for table in sharing.tables if table)) if sharing.tables else column


class _Sharing:
    def __init__(self) -> None:
        self.tables: list[Table | None] = []

    def listed(self, column: Listed, depth: int, parent: int, path: tuple[int, ...], *, repeated: bool) -> Listed:
        """Return a list without what belongs into tables; `repeated` says that its rows may hold a node twice."""
        row, source = column.row, column.source
        # One node has each of its neighbours once; two may have the same. Codes and names mean one node as a rule.
        several = repeated or not isinstance(source, ById | ByCode | ByName | ByEdge)
        moved = [place for place, each in enumerate(row) if repeated and _leads_to_many(each)]
        left = [
            Elsewhere() if place in moved else self._under(each, depth + 1, parent, (*path, place), several)
            for place, each in enumerate(row)
        ]
        if moved:
            assert isinstance(source, Walk), "only neighbours come twice"
            self._table(source.role.end, left, [row[place] for place in moved], tuple(moved), depth, parent, path)
        return Listed(column.place, source, tuple(left))

    def _under(self, column: Column, depth: int, parent: int, path: tuple[int, ...], repeated: bool) -> Column:
        return self.listed(column, depth, parent, path, repeated=repeated) if isinstance(column, Listed) else column

    def _table(
        self,
        label: LiteralString,
        left: list[Column],
        columns: Sequence[Column],
        places: tuple[int, ...],
        depth: int,
        parent: int,
        path: tuple[int, ...],
    ) -> None:
        number = len(self.tables) + 1
        # Its place comes first: tables that begin at it come behind.
        self.tables.append(None)
        if Stored("id") not in left:
            left.append(Stored("id"))
        under = tuple(self._under(each, depth + 1, number, (at,), True) for at, each in enumerate(columns, start=1))
        self.tables[number - 1] = Table(parent, path, left.index(Stored("id")), places, label, depth, under)


def _leads_to_many(column: Column) -> bool:
    """Say whether a column walks, and not only to the few things that its node is a kind or a part of."""
    if not (isinstance(column, Listed | Counted | Summed) and isinstance(column.source, Walk)):
        return False
    role = column.source.role
    kind = EDGE_BY_TYPE[role.edge]
    return bool(kind.properties) or kind.symmetric or not role.forward
