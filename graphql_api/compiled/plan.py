"""What one statement reads: rows of columns, some of which are lists of further rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, LiteralString, TypeAlias

from graphql_api.compiled.names import limit
from kg.schema import NodeKind, Property, Role


@dataclass(frozen=True, slots=True)
class Stored:
    """A property as it is kept on the node of a row, or on the edge that leads to it."""

    name: LiteralString
    side: Literal["node", "edge"] = "node"


@dataclass(frozen=True, slots=True)
class NameIn:
    """The node's name in a language, or the nearest there is."""

    language: LiteralString


@dataclass(frozen=True, slots=True)
class Label:
    """The node's kind."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the source of a row tells beside its node, for instance the `score` of a hit."""

    name: LiteralString


@dataclass(frozen=True, slots=True)
class Ready:
    """What an expression of this text gives."""

    text: LiteralString


@dataclass(frozen=True, slots=True)
class Kept:
    """The maps that a fixed statement returns in its one column. `given` are its parameters, in a place's order."""

    place: int
    statement: LiteralString
    given: tuple[LiteralString, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows of a statement without parameters as maps of these columns."""

    text: LiteralString
    columns: tuple[LiteralString, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One row for each item of a list. `place` is where a request keeps what the list is asked for."""

    place: int
    source: Source
    row: Row


@dataclass(frozen=True, slots=True)
class Counted:
    """How long a whole list is."""

    place: int
    source: Nodes | Walk


@dataclass(frozen=True, slots=True)
class Summed:
    """Mean, least and largest of some numbers in a whole list, behind how long it is: one row."""

    place: int
    source: Nodes | Walk
    numbers: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A column whose values stand in a table, once for each node."""


@dataclass(frozen=True, slots=True)
class Table:
    """What lies around the nodes of some rows, read once for each node: rows of its id and then these columns.

    The rows are found by `path`, one place of a list after another, from those of the table with the number `parent`,
    0 being the column itself. They hold the node's id at `key`, and at `places` they wait for the columns.
    """

    parent: int
    path: tuple[int, ...]
    key: int
    places: tuple[int, ...]
    label: LiteralString
    depth: int
    columns: Row


@dataclass(frozen=True, slots=True)
class Joined:
    """A list, and behind it the tables that belong into its rows; a table comes after the one it begins at."""

    column: Listed
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of a kind."""

    kind: NodeKind


@dataclass(frozen=True, slots=True)
class Walk:
    """The neighbours of the row's node by a role."""

    role: Role


@dataclass(frozen=True, slots=True)
class ById:
    """The node of an id; of any kind when none is named."""

    kind: NodeKind | None


@dataclass(frozen=True, slots=True)
class ByIds:
    """The nodes of some ids, of any kind, in no order."""


@dataclass(frozen=True, slots=True)
class ByCode:
    """The diseases that a code of ICD means best; more than one when it is not clear which."""


@dataclass(frozen=True, slots=True)
class ByName:
    """The nodes of a kind that a name means best; more than one when it is not clear which."""

    kind: NodeKind


@dataclass(frozen=True, slots=True)
class ByEdge:
    """The edge of an id, of any kind; there is no node in the row."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The nodes that a search finds, with their `score`, in no order."""


@dataclass(frozen=True, slots=True)
class Chapters:
    """The chapters of a code system in their order, with the `number` of diseases recorded in each."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of drugs with most drugs, largest first, with the `number` of drugs in each."""


Source: TypeAlias = Nodes | Walk | ById | ByIds | ByCode | ByName | ByEdge | Hits | Chapters | Classes
Column: TypeAlias = (
    "Stored | NameIn | Label | Told | Ready | Kept | Gathered | Listed | Counted | Summed | Past | Elsewhere | Joined"
)
Row: TypeAlias = tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """A row that is read as a change set left it, behind the ids of the change sets that may be meant."""

    place: int
    row: Row


class Columns:
    """The columns of a row while it is being put together; what is read twice is read once.

    `start` is how many values stand before them in the row.
    """

    def __init__(self, start: int = 0) -> None:
        self._start = start
        self._columns: list[Column] = []

    def at(self, column: Column) -> int:
        """Return the place of a column in the row."""
        if column not in self._columns:
            self._columns.append(column)
        return self._start + self._columns.index(column)

    def row(self) -> Row:
        """Return the whole row."""
        return tuple(self._columns)


# What is read of a whole kind, however little of it is told.
_LARGE: Final = 1_000_000


def size_of(row: Row, limits: Mapping[str, int]) -> int:
    """Return how many rows may be read for a row of these columns; `limits` has the limit of each place."""
    size = 0
    for column in row:
        match column:
            case Listed(place, source, under):
                if isinstance(source, Chapters | Classes):
                    return _LARGE
                size += limits.get(limit(place), 1) * (1 + size_of(under, limits))
            case Gathered():
                return _LARGE
            case Past(_, under):
                size += 1 + size_of(under, limits)
            case _:
                pass
    return size
