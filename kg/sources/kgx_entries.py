"""Rows of KGX files, in TSV or JSONL, as fields that hold one text or several."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, cast

from kg.sources.cells import RowRefusedError
from kg.sources.checked import fault
from kg.sources.format import Text
from kg.sources.records import Place, Problem
from kg.sources.rows import rows

# Fields that hold lists; in TSV these are joined by a bar.
_LISTS: Final = frozenset(("category", "xref", "synonym", "provided_by", "publications", "same_as", "synonym_ru"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A node or an edge as the file tells it: its line, and its fields as texts."""

    file: str
    line: int
    fields: Mapping[str, tuple[str, ...]]

    def all(self, name: str) -> tuple[str, ...]:
        """Return the texts of a field."""
        return self.fields.get(name, ())

    def one(self, name: str) -> str:
        """Return the first text of a field; empty when there is none."""
        return next(iter(self.all(name)), "")

    def place(self, field: str = "") -> Place:
        """Return the place of a field, or of the entry."""
        return Place(self.file, self.line, field)

    def wrong(self, field: str, rule: str, message: str, fix: str) -> RowRefusedError:
        """Return what to raise for an entry that is wrong at that field."""
        return RowRefusedError(fault(self.place(field), rule, self.one(field), message, fix))


def is_jsonl(text: Text) -> bool:
    """Say whether the first line is a JSON object."""
    return next(islice(text, 1), "").lstrip("\ufeff ").startswith("{")


def entries(text: Text, required: Sequence[str]) -> Iterator[Entry | Problem]:
    """Yield the entries of a file; a line that is none, or lacks a required field, is a problem."""
    if is_jsonl(text):
        yield from _json_lines(text, required)
        return
    for row in rows(text, text.name, "\t", required):
        if isinstance(row, Problem):
            yield row
        else:
            fields = {name: _split(name, cell) for name, cell in row.cells.items() if cell}
            yield Entry(text.name, row.line, fields)


def _split(name: str, cell: str) -> tuple[str, ...]:
    if name not in _LISTS:
        return (cell,)
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _json_lines(text: Text, required: Sequence[str]) -> Iterator[Entry | Problem]:
    for number, line in enumerate(text, start=1):
        if line.isspace():
            continue
        try:
            value: Any = json.loads(line)
        except (ValueError, RecursionError) as error:
            why = f"the line is no JSON: {str(error)[:120]}"
            yield fault(Place(text.name, number), "json-form", line, why, "Write one object in each line.")
            continue
        if not isinstance(value, dict):
            yield fault(Place(text.name, number), "item-form", line, "the line is no object", "Write one object.")
            continue
        fields = {str(name): _texts(item) for name, item in cast(dict[str, Any], value).items()}
        missing = next((name for name in required if not fields.get(name)), None)
        if missing is not None:
            place = Place(text.name, number, missing)
            yield fault(place, "missing-field", missing, f"there is no field {missing!r}", "Fill it in.")
            continue
        yield Entry(text.name, number, fields)


def _texts(value: Any) -> tuple[str, ...]:
    several = cast(list[Any], value) if isinstance(value, list) else [value]
    texts = (_text(item) for item in several)
    return tuple(text for text in texts if text)


def _text(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
