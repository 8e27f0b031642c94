"""Rows of collections, whose cells spell ids and flags in many ways: read one by one, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from kg.errors import RecordRejected
from kg.sources.checked import MAX_SHOWN, checked, fault, not_held
from kg.sources.curies import usual_curie
from kg.sources.format import Text
from kg.sources.records import Found, Place, Problem, Record
from kg.sources.rows import rows
from kg.values import Edge, Node, Same


class RowRefusedError(Exception):
    """Ends the reading of one row; `records` turns it into its problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Cells:
    """A row: its file, the line it begins at and its cells by column."""

    file: str
    line: int
    by_column: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell; empty when there is no such column."""
        return self.by_column.get(column, "")

    def place(self, column: str = "") -> Place:
        """Return the place of a cell, or of the row."""
        return Place(self.file, self.line, column)

    def name(self, column: str) -> str:
        """Return a cell that has to be filled; raise RowRefusedError when it is empty."""
        text = self[column]
        if not text:
            raise self.wrong(column, "empty-cell", "a name is missing", "Write the name.")
        return text

    def curie(self, column: str) -> str:
        """Return the cell as an id in its usual spelling; raise RowRefusedError when it is none."""
        try:
            return usual_curie(self[column])
        except RecordRejected as error:
            raise self.wrong(column, "id-form", error.message, error.hint or "") from error

    def flag(self, column: str) -> bool:
        """Return whether the cell says 1; 0 and nothing say no, all else raises RowRefusedError."""
        text = self[column].casefold()
        if text in ("1", "1.0", "true"):
            return True
        if text in ("", "0", "0.0", "false", "nan"):
            return False
        raise self.wrong(column, "flag-form", f"{shown(text)!r} is neither 0 nor 1", "Write 0 or 1.")

    def wrong(self, column: str, rule: str, message: str, fix: str) -> RowRefusedError:
        """Return what to raise for a row that is wrong at that column."""
        return RowRefusedError(fault(self.place(column), rule, self[column], message, fix))

    def other(self, column: str, rule: str, message: str, fix: str) -> RowRefusedError:
        """Return what to raise for a row about something that this graph does not hold."""
        return RowRefusedError(not_held(self.place(column), rule, self[column], message, fix))

    def found(self, record: Node | Edge | Same, column: str = "") -> Found | Problem:
        """Return the record when it fits the schema, and the problem otherwise."""
        return checked(record, self.place(column))


def records(
    text: Text,
    delimiter: str,
    required: Sequence[str],
    make: Callable[[Cells], Iterable[Record]],
    *,
    comment: str = "",
    headless: bool = False,
) -> Iterator[Record]:
    """Yield what `make` finds in each row of a table, and every row that is none or that it refuses.

    A line that begins with `comment` counts as empty, so that the others keep their numbers. A table that is
    `headless` has the required columns in that order.
    """
    lines = ("\n" if comment and line.startswith(comment) else line for line in text)
    if headless:
        lines = chain((delimiter.join(required) + "\n",), lines)
    added = int(headless)
    for row in rows(lines, text.name, delimiter, required):
        if isinstance(row, Problem):
            yield replace(row, place=replace(row.place, line=max(row.place.line - added, 1)))
            continue
        try:
            yield from make(Cells(text.name, row.line - added, row.cells))
        except RowRefusedError as refusal:
            yield refusal.problem


def columns_not_read(file: str, line: int, columns: Iterable[str], read: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for every column of a file that its source makes nothing of."""
    for name in columns:
        if name not in read:
            why = f"nothing is made of the column {shown(name)!r}"
            yield not_held(Place(file, line, shown(name)), "column-not-used", name, why, "Nothing to do.")


def shown(text: str) -> str:
    """Return as much of a text as a message may show."""
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
