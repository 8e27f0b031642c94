"""CSV tables: read cell by cell or refused with file, line and column; written so that no cell acts as a formula."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from generator.errors import OutputRefused, TableInvalid
from kg.cells import safe_cell


@dataclass(frozen=True, slots=True)
class Cells:
    """One row by column, and where it stands."""

    place: str
    line: int
    values: Mapping[str, str]

    def text(self, column: str) -> str:
        """Return a cell that must not be empty."""
        return self.values[column] or self._fail(column, "the cell is empty")

    def maybe(self, column: str) -> str | None:
        """Return a cell, or None when it is empty or the table has no such column."""
        return self.values.get(column) or None

    def choice(self, column: str, choices: Sequence[str]) -> str:
        """Return a cell that has to be one of a few words."""
        text = self.text(column)
        return text if text in choices else self._fail(column, f"{text!r} is not one of {', '.join(choices)}")

    def whole(self, column: str, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        text = self.text(column)
        # isdecimal alone would take digits of other scripts, int() alone `1_000` and ` 7`.
        if not (text.isascii() and text.isdecimal() and len(text) <= 15 and low <= int(text) <= high):
            self._fail(column, f"{text!r} is no whole number from {low:,} to {high:,}")
        return int(text)

    def maybe_whole(self, column: str, low: int, high: int) -> int | None:
        """Return a whole number, or None when the cell is empty."""
        return None if self.maybe(column) is None else self.whole(column, low, high)

    def number(self, column: str, low: float, high: float) -> float:
        """Return a number from `low` to `high`, both included."""
        text = self.text(column)
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        # `not (low <= value)` rather than `value < low`, so that NaN is refused as well.
        if not low <= value <= high:
            self._fail(column, f"{text!r} is no number from {low:g} to {high:g}")
        return value

    def refused(self, column: str, message: str) -> TableInvalid:
        """Return the error that names this cell."""
        return TableInvalid(
            message,
            place=f"{self.place}, line {self.line}, column {column}",
            hint="Correct the cell; the table is CSV in UTF-8 with commas and a header.",
        )

    def _fail(self, column: str, message: str) -> str:
        raise self.refused(column, message)


def read_table(source: Path | Traversable, columns: Sequence[str], optional: Sequence[str] = ()) -> list[Cells]:
    """Return the rows of a CSV file with these columns, in any order; `optional` ones may be missing.

    Raises TableInvalid with file, line and column.
    """
    place = f"file {source}" if isinstance(source, Path) else f"file {source.name}"
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TableInvalid(
            f"the table cannot be read: {error.strerror}", place=place, hint="Check its path and its rights."
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise TableInvalid("the table is not UTF-8", place=f"{place}, line {line}", hint="Save it as UTF-8.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, columns, optional, place)
        rows = [
            Cells(place, reader.line_num, _by_column(header, cells, place, reader.line_num))
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise TableInvalid(
            f"the table is no CSV: {error}", place=f"{place}, line {reader.line_num}", hint="Look for a stray quote."
        ) from error
    if not rows:
        raise TableInvalid("the table has no rows below its header", place=place, hint="Add at least one.")
    return rows


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> None:
    """Write a CSV file (UTF-8, LF) whole or not at all. Raises OutputRefused."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        # With LF as the end of a line the csv module leaves a lone CR without quotes.
        writer.writerow([safe_cell(cell.replace("\r", " ")) if isinstance(cell, str) else cell for cell in row])
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "wb") as file:
            file.write(text.getvalue().encode())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise OutputRefused(
            f"the file cannot be written: {error.strerror}",
            place=f"file {path}",
            hint="Check the folder, its rights and the space on the disk.",
        ) from error


def _check_header(header: Sequence[str], columns: Sequence[str], optional: Sequence[str], place: str) -> None:
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in {*columns, *optional}]
    twice = sorted({name for name in header if header.count(name) > 1})
    if missing or unknown or twice:
        wrong = [f"no column {name}" for name in missing]
        wrong += [f"an unknown column {name!r}" for name in unknown] + [f"column {name} twice" for name in twice]
        may = f", and may be {', '.join(optional)}" if optional else ""
        raise TableInvalid(
            f"the header has {'; '.join(wrong)}",
            place=f"{place}, line 1",
            hint=f"Columns are {', '.join(columns)}{may}, separated by commas.",
        )


def _by_column(header: Sequence[str], cells: Sequence[str], place: str, line: int) -> dict[str, str]:
    if len(cells) != len(header):
        raise TableInvalid(
            f"the row has {len(cells)} cells where the header has {len(header)}",
            place=f"{place}, line {line}, column {header[min(len(cells), len(header)) - 1]}",
            hint="A cell with a comma in it stands in double quotes.",
        )
    return {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
