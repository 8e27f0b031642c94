"""What BioCypher writes for Neo4j: a header file and files of rows for each kind, with marks of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import Final

from kg.sources.checked import fault
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.property_graph import LICENCE, VERSION, read_graph
from kg.sources.records import Place, Record
from kg.sources.typed_headers import is_typed
from kg.sources.typed_tables import Marks, Table, stem, table

SOURCE: Final = "biocypher"
_HEADER: Final = re.compile(r"(.+)-header", re.IGNORECASE)
_PART: Final = re.compile(r"(.+)-part\d+", re.IGNORECASE)
_QUOTED: Final = re.compile(r";(['\"])")


def _read(tables: Sequence[Table], lonely: Sequence[Text], empty: Sequence[Text]) -> Iterator[Record]:
    for text in lonely:
        why = f"{text.name} has no header"
        fix = f"Name {stem(text.name).rpartition('-')[0]}-header.csv as well."
        yield fault(Place(text.name, 1), "no-header", text.name, why, fix)
    for text in empty:
        why = f"no file has the rows of {text.name}"
        fix = f"Name {stem(text.name).rpartition('-')[0]}-part000.csv as well."
        yield fault(Place(text.name, 1), "no-rows", text.name, why, fix)
    yield from read_graph(tables, SOURCE)


def _plan(files: Files) -> Sequence[Part]:
    parts: dict[str, list[Text]] = {}
    for text in files["parts"]:
        parts.setdefault(_name(_PART, text), []).append(text)
    tables: list[Table] = []
    empty: list[Text] = []
    for head in files["headers"]:
        name = _name(_HEADER, head)
        mine = sorted(parts.pop(name, ()), key=lambda text: text.name)
        if mine:
            tables.append(table(name, head, mine, _marks(mine[0])))
        else:
            empty.append(head)
    lonely = list(chain.from_iterable(parts.values()))
    return (Part(SOURCE, VERSION, LICENCE, partial(_read, tables, lonely, empty)),)


def _name(form: re.Pattern[str], text: Text) -> str:
    found = form.fullmatch(stem(text.name))
    return found[1] if found else stem(text.name)


def _marks(rows: Text) -> Marks:
    """Return the marks: BioCypher quotes every text, with `'` unless it is told otherwise."""
    found = _QUOTED.search(next(islice(rows, 1), ""))
    return Marks(";", "|", found[1] if found else "'")


def _is_header(head: Head) -> bool:
    return _HEADER.fullmatch(stem(head.name)) is not None and is_typed(head.first_line.lstrip("\ufeff").split(";"))


def _is_part(head: Head) -> bool:
    line = head.first_line
    last = line.rpartition(";")[2]
    # The last cell is a label or a type: words joined by bars.
    return (
        _PART.fullmatch(stem(head.name)) is not None
        and line.count(";") > 1
        and re.fullmatch(r"['\"]?[\w.|]+['\"]?", last) is not None
    )


FORMAT: Final = Format(
    name="biocypher",
    title="graphs written by BioCypher (Name-header.csv, Name-part000.csv)",
    licence="That of each source; the properties source and licence of the rows when there are any.",
    slots=(
        Slot("headers", "headers (Name-header.csv)", _is_header, many=True),
        Slot("parts", "rows (Name-part000.csv)", _is_part, many=True),
    ),
    plan=_plan,
)
