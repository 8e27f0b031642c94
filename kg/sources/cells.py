"""The cells of one row, which know where they stand: read one by one by their form, or refused with the reason."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from kg.errors import RecordRejected
from kg.sources.checked import checked, fault, not_held, refused
from kg.sources.curies import usual_curie
from kg.sources.format import Text
from kg.sources.language import language_of
from kg.sources.records import Place, Problem, Record
from kg.sources.rows import Row, rows
from kg.values import Edge, Node, Same

_SHORT: Final = 200


@dataclass(frozen=True, slots=True)
class IdForm:
    """How the ids in a column look, and the prefix that makes them CURIEs (empty when they are)."""

    prefix: str
    pattern: re.Pattern[str]
    example: str


DOID: Final = IdForm("", re.compile(r"DOID:\d{1,8}"), "DOID:9352")
SYMP: Final = IdForm("", re.compile(r"SYMP:\d{1,8}"), "SYMP:0000061")
DRUGBANK: Final = IdForm("DRUGBANK:", re.compile(r"DB\d{5}"), "DB00945")
MESH: Final = IdForm("MESH:", re.compile(r"[CDM]\d{6,9}"), "D003371")
UMLS: Final = IdForm("UMLS:", re.compile(r"C\d{7}"), "C0020538")
SNOMED: Final = IdForm("SNOMEDCT:", re.compile(r"\d{6,18}"), "38341003")
# A combination is told as several concepts; it is no one substance.
RXNORM: Final = IdForm("RXNORM:", re.compile(r"\d{1,8}"), "10156")


class RowRefusedError(Exception):
    """Ends the reading of one row; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Cells:
    """A row: its file, the line it begins at and its cells by column.

    What a method cannot take it refuses: it raises RowRefusedError, which `each` turns into the problem of the row.
    """

    file: str
    line: int
    by_column: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell; empty when there is no such column."""
        return self.by_column.get(column, "")

    def place(self, column: str = "") -> Place:
        """Return the place of a cell, or of the row."""
        return Place(self.file, self.line, column)

    def refused(self, column: str, rule: str, message: str, fix: str) -> RowRefusedError:
        """Return what to raise for a row that is wrong at that column."""
        return RowRefusedError(fault(self.place(column), rule, self[column], short(message), fix))

    def other(self, column: str, rule: str, message: str, fix: str) -> RowRefusedError:
        """Return what to raise for a row about something that this graph does not hold."""
        return RowRefusedError(not_held(self.place(column), rule, self[column], message, fix))

    def filled(self, column: str) -> str:
        """Return the cell, which must not be empty."""
        text = self[column]
        if not text:
            raise self.refused(column, "empty-cell", f"{column} is empty", "Fill it in, or take the row out.")
        return text

    def id(self, column: str, form: IdForm) -> str:
        """Return the id in a cell as a CURIE; it must have that form."""
        text = self[column]
        if not form.pattern.fullmatch(text):
            message = f"{text!r} is not the id that {column} holds"
            raise self.refused(column, "id-form", message, f"Write it like {form.example}.")
        return form.prefix + text

    def curie(self, column: str) -> str:
        """Return the CURIE in a cell in its usual spelling."""
        try:
            return usual_curie(self[column])
        except RecordRejected as error:
            raise self.refused(column, "id-form", error.message, error.hint or "") from error

    def number(self, column: str) -> float:
        """Return the number in a cell, which is zero or more."""
        text = self[column]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not 0 <= value < math.inf:
            message = f"{text!r} is not a number of zero or more"
            raise self.refused(column, "not-a-number", message, "Write it with a point, for instance 0.25.")
        return value

    def number_or(self, column: str, otherwise: float) -> float:
        """Return the number in a cell, or `otherwise` when it is none."""
        try:
            return self.number(column)
        except RowRefusedError:
            return otherwise

    def flag(self, column: str) -> bool:
        """Return whether the cell says 1; 0 and nothing say no."""
        text = self[column].casefold()
        if text in ("1", "1.0", "true"):
            return True
        if text in ("", "0", "0.0", "false", "nan"):
            return False
        raise self.refused(column, "flag-form", f"{short(text)!r} is neither 0 nor 1", "Write 0 or 1.")

    def record(self, record: Node | Edge | Same, column: str = "") -> Record:
        """Return the record with its place, or the problem when the schema refuses it."""
        return checked(record, self.place(column))

    def once(self, seen: set[str], kind: str, key: str, column: str) -> Iterator[Record]:
        """Yield the node that the cell names, unless `seen` has it: a thing stands in many rows and is told once."""
        if key not in seen:
            seen.add(key)
            name = self.filled(column)
            yield self.record(Node(kind, key, {language_of(name): name}), column)


def each(
    text: Text,
    delimiter: str,
    required: Iterable[str],
    read: Callable[[Cells], Iterable[Record]],
    *,
    quoted: bool = True,
    comment: str = "",
    headless: bool = False,
) -> Iterator[Record]:
    """Yield what `read` makes of each row; a row that is none, or that it refuses, becomes a problem.

    It refuses one with RowRefusedError or RecordRejected. With `quoted` off, a quote mark is a sign like any other. A
    line that begins with `comment` counts as empty, so that the others keep their numbers. A table that is `headless`
    has the required columns in that order.
    """
    for row in _rows(text, delimiter, tuple(required), quoted=quoted, comment=comment, headless=headless):
        if isinstance(row, Problem):
            yield row
            continue
        try:
            yield from read(row)
        except RowRefusedError as refusal:
            yield refusal.problem
        except RecordRejected as error:
            yield refused(row.place(), "text", "", error)


def told_rows(text: Text, delimiter: str, required: Iterable[str], *, quoted: bool = True) -> Iterator[Cells]:
    """Yield the rows alone, for a first look at a file whose problems are told when it is read."""
    for row in _rows(text, delimiter, tuple(required), quoted=quoted):
        if isinstance(row, Cells):
            yield row


def _rows(
    text: Text,
    delimiter: str,
    required: tuple[str, ...],
    *,
    quoted: bool,
    comment: str = "",
    headless: bool = False,
) -> Iterator[Cells | Problem]:
    lines: Iterable[str] = text if quoted else _requoted(text, delimiter)
    if comment:
        lines = ("\n" if line.startswith(comment) else line for line in lines)
    if headless:
        lines = chain((delimiter.join(required) + "\n",), lines)
    added = int(headless)
    for row in rows(lines, text.name, delimiter, required):
        if isinstance(row, Row):
            yield Cells(text.name, row.line - added, row.cells)
        else:
            yield replace(row, place=replace(row.place, line=max(row.place.line - added, 1)))


def _requoted(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Yield the lines with quote marks as the reader of tables wants them, where there are any."""
    for line in lines:
        if '"' in line:
            cells = line.rstrip("\r\n").replace('"', '""').split(delimiter)
            line = delimiter.join(f'"{cell}"' for cell in cells) + "\n"
        yield line


def short(text: str) -> str:
    """Return the text for a message: a cell may be as long as it likes, a message not."""
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
