"""Rows of a table as text, each with the line it begins at; what is not a row becomes a problem."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.sources.checked import fault
from kg.sources.records import Place, Problem


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins at and its cells by column, without the space around them."""

    line: int
    cells: Mapping[str, str]


def rows(lines: Iterable[str], file: str, delimiter: str, required: Iterable[str]) -> Iterator[Row | Problem]:
    """Yield the rows below the header; the header is line 1.

    A row of another width than the header, an open quote or a line end inside a line is a problem and reading goes
    on. A header without a required column, or with one twice, is a problem and ends it.
    """
    found = _cells(lines, file, delimiter)
    header = next(found, None)
    if header is None:
        yield fault(
            Place(file, 1), "empty-file", "", "the file has no header", "Give it a first line with column names."
        )
        return
    if isinstance(header, Problem):
        yield header
        return
    names = [name.strip() for name in header[1]]
    broken = list(_header_problems(names, Place(file, header[0]), required))
    yield from broken
    if broken:
        return
    for item in found:
        if isinstance(item, Problem):
            yield item
            continue
        line, cells = item
        if len(cells) != len(names):
            yield fault(
                Place(file, line),
                "row-width",
                str(len(cells)),
                f"the row has {len(cells)} cells and the header {len(names)}",
                "Quote a cell that holds the delimiter; leave a cell empty rather than out.",
            )
            continue
        yield Row(line, {name: cell.strip() for name, cell in zip(names, cells, strict=True)})


def header_of(lines: Iterable[str], delimiter: str) -> tuple[int, tuple[str, ...]]:
    """Return the line of the header and its column names; no names when there is no header."""
    first = next(_cells(lines, "", delimiter), None)
    if first is None or isinstance(first, Problem):
        return 1, ()
    return first[0], tuple(name.strip() for name in first[1])


def _cells(lines: Iterable[str], file: str, delimiter: str) -> Iterator[tuple[int, list[str]] | Problem]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _unparsed(Place(file, line), str(error))
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _unparsed(place: Place, error: str) -> Problem:
    if "end of data" in error:
        return fault(
            place, "open-quote", '"', "a quote opens here and never closes", 'Close it, or double a quote mark: "".'
        )
    if "larger than field limit" in error:
        limit = f"{csv.field_size_limit()} characters"
        return fault(place, "field-too-long", "", f"a cell is longer than {limit}", "Is a quote left open above?")
    if "new-line character" in error:
        return fault(place, "lone-cr", "\\r", "a carriage return stands inside a line", "End lines with LF or CR LF.")
    return fault(
        place, "quoting", '"', "a quoted cell goes on after its closing quote", 'Double a quote mark inside: "".'
    )


def _header_problems(names: list[str], place: Place, required: Iterable[str]) -> Iterator[Problem]:
    for name in required:
        if name not in names:
            told = ", ".join(names)[:200]
            yield fault(
                Place(place.file, place.line, name),
                "missing-column",
                name,
                f"there is no column {name!r}",
                f"The header has: {told}.",
            )
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield fault(
            Place(place.file, place.line, name),
            "column-twice",
            name,
            f"the column {name!r} stands twice in the header",
            "Rename one of them.",
        )
