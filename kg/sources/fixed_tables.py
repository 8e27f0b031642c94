"""Rows of a table for sources with fixed columns: cells by form, and one problem for a row that is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kg.errors import RecordRejected
from kg.sources.checked import checked, fault, not_held, refused
from kg.sources.format import Part, Text
from kg.sources.records import Place, Problem, Record
from kg.sources.rows import Row, rows
from kg.values import NOTHING, Edge, Evidence, Node, Same

_SHORT: Final = 200
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")


@dataclass(frozen=True, slots=True)
class Origin:
    """What every evidence of one source has in common."""

    source: str
    version: str
    licence: str
    asserted_by: str

    def evidence(
        self, reference: str, claims: Mapping[str, str | float] = NOTHING, snippet: str | None = None
    ) -> Evidence:
        """Return the evidence for one statement of this source."""
        return Evidence(
            self.source, self.version, self.licence, reference, self.asserted_by, snippet=snippet, claims=claims
        )

    def part(self, records: Callable[[], Iterator[Record]]) -> Part:
        """Return the part that these records make."""
        return Part(self.source, self.version, self.licence, records)


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
    """A row cannot be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row, which know where they stand."""

    file: str
    row: Row

    def __getitem__(self, column: str) -> str:
        return self.row.cells[column]

    def get(self, column: str) -> str:
        """Return the cell, or an empty text when the table has no such column."""
        return self.row.cells.get(column, "")

    def place(self, column: str = "") -> Place:
        """Return where this row, or the cell in it, stands."""
        return Place(self.file, self.row.line, column)

    def refused(self, column: str, rule: str, message: str, fix: str) -> RowRefusedError:
        """Return the refusal of this row because of one cell."""
        return RowRefusedError(fault(self.place(column), rule, self.get(column), short(message), fix))

    def filled(self, column: str) -> str:
        """Return the cell; raise RowRefusedError when it is empty."""
        text = self.row.cells[column]
        if not text:
            raise self.refused(column, "empty-cell", f"{column} is empty", "Fill it in, or take the row out.")
        return text

    def id(self, column: str, form: IdForm) -> str:
        """Return the id in a cell as a CURIE; raise RowRefusedError when it has another form."""
        text = self.row.cells[column]
        if not form.pattern.fullmatch(text):
            message = f"{text!r} is not the id that {column} holds"
            raise self.refused(column, "id-form", message, f"Write it like {form.example}.")
        return form.prefix + text

    def number(self, column: str) -> float:
        """Return the number in a cell; raise RowRefusedError when it is none, or below zero."""
        text = self.row.cells[column]
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

    def record(self, record: Node | Edge | Same, column: str = "") -> Record:
        """Return the record with its place, or the problem when the schema refuses it."""
        return checked(record, self.place(column))


@dataclass(slots=True)
class LeftOut:
    """Rows that are left out for one reason each, told once per reason with their number and the first place."""

    _first: dict[str, tuple[Place, str, str, str]] = field(default_factory=dict[str, tuple[Place, str, str, str]])
    _counts: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, place: Place, rule: str, value: str, message: str, fix: str = "Nothing to do.") -> None:
        """Note a row; what is told is the message of the first."""
        if rule not in self._first:
            self._first[rule] = (place, value, message, fix)
        self._counts[rule] = self._counts.get(rule, 0) + 1

    def told(self) -> Iterator[Problem]:
        """Yield one problem for each reason."""
        for rule, (place, value, message, fix) in self._first.items():
            count = self._counts[rule]
            rows_left = "1 row" if count == 1 else f"{count:,} rows, this is the first"
            yield not_held(place, rule, value, f"{message} ({rows_left})", fix)


def each(
    text: Text,
    delimiter: str,
    required: Iterable[str],
    read: Callable[[Cells], Iterable[Record]],
    *,
    quoted: bool = True,
) -> Iterator[Record]:
    """Yield what `read` makes of each row; a row that it refuses becomes a problem and reading goes on.

    It refuses one with RowRefusedError or RecordRejected. With `quoted` off, a quote mark is a sign like any other.
    """
    for row in rows(text if quoted else _requoted(text, delimiter), text.name, delimiter, required):
        if isinstance(row, Problem):
            yield row
            continue
        try:
            yield from read(Cells(text.name, row))
        except RowRefusedError as refusal:
            yield refusal.problem
        except RecordRejected as error:
            yield refused(Place(text.name, row.line), "text", "", error)


def told_rows(text: Text, delimiter: str, required: Iterable[str], *, quoted: bool = True) -> Iterator[Cells]:
    """Yield the rows alone, for a first look at a file whose problems are told when it is read."""
    for row in rows(text if quoted else _requoted(text, delimiter), text.name, delimiter, required):
        if not isinstance(row, Problem):
            yield Cells(text.name, row)


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


def language_of(name: str) -> str:
    """Return `ru` for a name with Cyrillic letters, else `en`."""
    return "ru" if _CYRILLIC.search(name) else "en"
