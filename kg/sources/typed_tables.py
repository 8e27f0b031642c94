"""Tables with typed headers, which may stand in files of their own, as rows with the line of each."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.sources.checked import fault
from kg.sources.format import Text
from kg.sources.records import Place, Problem
from kg.sources.typed_headers import Header, header_of

_ENDINGS: Final = re.compile(r"(\.[ct]sv)?(\.gz|\.bz2)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs between cells, between the items of a list, and around a cell."""

    delimiter: str
    array: str
    quote: str


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the files of rows under it; the header's own file may be one of them."""

    name: str
    header: Header
    head: Text
    parts: tuple[Text, ...]
    marks: Marks


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row: its file, the line it begins at and its cells in the order of the header."""

    file: str
    line: int
    cells: Sequence[str]


def stem(name: str) -> str:
    """Return a file's name without its endings."""
    return _ENDINGS.sub("", name, count=1)


def table(name: str, head: Text, parts: Sequence[Text], marks: Marks) -> Table:
    """Return the table that a header's file and files of rows make; the header is the first line of the first."""
    first = next(_cells(head, marks), None)
    cells = first.cells if isinstance(first, TypedRow) else ()
    return Table(name, header_of(cells), head, tuple(parts), marks)


def typed_rows(of: Table) -> Iterator[TypedRow | Problem]:
    """Yield the rows; what is not a row is a problem and reading goes on. A header that lacks a column ends it."""
    missing = of.header.missing
    if missing is not None:
        why = f"there is no column {missing}"
        told = ", ".join(field.heading for field in of.header.fields)[:200]
        yield fault(Place(of.head.name, 1, missing), "missing-column", missing, why, f"The header has: {told}.")
        return
    width = len(of.header.fields)
    for part in of.parts:
        rows = _cells(part, of.marks)
        if part is of.head:
            next(rows, None)
        for row in rows:
            if isinstance(row, TypedRow) and len(row.cells) != width:
                why = f"the row has {len(row.cells)} cells and the header {width}"
                fix = "Quote a cell that holds the delimiter; leave a cell empty rather than out."
                yield fault(Place(row.file, row.line), "row-width", str(len(row.cells)), why, fix)
            else:
                yield row


def _cells(text: Text, marks: Marks) -> Iterator[TypedRow | Problem]:
    reader = csv.reader(text, delimiter=marks.delimiter, quotechar=marks.quote, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fix = f"Close the quote, or double a quote mark inside: {marks.quote * 2}."
            yield fault(Place(text.name, line), "quoting", marks.quote, f"the row cannot be parted: {error}", fix)
            continue
        if any(cell.strip() for cell in cells):
            yield TypedRow(text.name, line, [cell.strip() for cell in cells])
