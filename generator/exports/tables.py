"""Notes as a table: CSV that no spreadsheet takes for formulas, and JSON lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from generator.exports.columns import Column
from generator.exports.note import Note
from kg.cells import safe_cell

# Between the items of a list in one cell.
BETWEEN: Final = ";"


def write_csv(notes: Iterable[Note], out: Path, columns: Sequence[Column]) -> None:
    """Write CSV (UTF-8, LF). Lists stand in one cell, joined by `;`; of the facts and turns their texts do."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        for number, note in enumerate(notes):
            writer.writerow([_cell(column, column.value(note, number)) for column in columns])


def write_lines(notes: Iterable[Note], out: Path, columns: Sequence[Column]) -> None:
    """Write one JSON object a line."""
    with out.open("wb") as file:
        for number, note in enumerate(notes):
            row = {column.name: column.value(note, number) for column in columns}
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def _cell(column: Column, value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    text = str(value)
    if column.kind == "strings":
        text = BETWEEN.join(value)
    elif column.kind == "facts":
        text = BETWEEN.join(fact["text"] for fact in value)
    elif column.kind == "turns":
        text = "\n\n".join(turn["content"] for turn in value)
    # With LF as the end of a line the csv module leaves a lone CR without quotes; NUL ends a cell for some readers.
    return safe_cell(text.replace("\r", " ").replace("\0", " "))
