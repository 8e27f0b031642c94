"""Names of drugs in several languages: a table of codes with English, Russian and Latin names, as users bring it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from kg.errors import RecordRejected
from kg.sources.cells import Cells, each
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.heads import version_in
from kg.sources.ids import by_name
from kg.sources.origin import Origin
from kg.sources.records import Record
from kg.values import Node, check_curie

_COLUMNS: Final = frozenset(("code", "en", "ru", "la"))
_REQUIRED: Final = ("code", "en", "ru")
_ATC: Final = re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d")
_BETWEEN: Final = re.compile(r"\s*[;|]\s*")


def read(text: Text, delimiter: str) -> Iterator[Record]:
    """Yield a drug for each row: the first name of a cell is its name, what follows a `;` or `|` are synonyms.

    Latin names stand among the English synonyms, as the graph has no Latin. The id comes from the code when that is an
    ATC code or a CURIE, else from the name; another code is told as not kept.
    """

    def of(row: Cells) -> Iterator[Record]:
        told = {language: _names(row[language]) for language in ("en", "ru")}
        latin = _names(row["la"])
        names = {language: found[0] for language, found in told.items() if found}
        if not names and not latin:
            raise row.refused("en", "empty-cell", "the drug has no name", "Give it a name in one language.")
        names = names or {"en": latin[0]}
        others = {"en": (*told["en"], *latin), "ru": told["ru"]}
        synonyms = {language: _others(found, names.get(language, "")) for language, found in others.items()}
        yield row.record(
            Node(
                "Drug",
                _id(row["code"], next(iter(names.values()))),
                names,
                {language: found for language, found in synonyms.items() if found},
                {"atc": row["code"]} if _ATC.fullmatch(row["code"]) else {},
            )
        )

    yield from each(text, delimiter, _REQUIRED, of)


def delimiter_of(head: Head) -> str | None:
    """Return the delimiter by which the first line is `code,en,ru` or `code,en,ru,la` in any order, or None."""
    for delimiter in (",", ";", "\t"):
        columns = head.columns(delimiter)
        if set(_REQUIRED) <= set(columns) <= _COLUMNS and len(columns) == len(set(columns)):
            return delimiter
    return None


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name for name in _BETWEEN.split(cell.strip()) if name)


def _others(names: Sequence[str], name: str) -> tuple[str, ...]:
    found = {other.casefold(): other for other in reversed(names)}
    found.pop(name.casefold(), None)
    return tuple(reversed(found.values()))


def _id(code: str, name: str) -> str:
    if _ATC.fullmatch(code):
        return f"ATC:{code}"
    try:
        return check_curie(code)
    except RecordRejected:
        # A register's own number means nothing elsewhere; the name does.
        return by_name("Drug", name)


def _plan(files: Files) -> Sequence[Part]:
    parts: list[Part] = []
    for text in files["names"]:
        # The header alone; without one, reading tells what is wrong with it.
        delimiter = delimiter_of(Head(text.name, next(iter(text), ""))) or ","
        origin = Origin("inn", version_in(text.name), "as the user's file", "the file of names")
        parts.append(origin.part(partial(read, text, delimiter)))
    return parts


FORMAT: Final = Format(
    "inn",
    "International nonproprietary names: code, en, ru, la",
    "That of the table you bring.",
    (
        Slot(
            "names",
            "a table with the columns code, en, ru and, if you like, la",
            lambda head: delimiter_of(head) is not None,
            many=True,
        ),
    ),
    _plan,
)
