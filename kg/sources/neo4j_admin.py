"""Files for `neo4j-admin database import`: csv with typed headers, which may stand in files of their own."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final

from kg.sources.checked import fault
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.property_graph import LICENCE, VERSION, read_graph
from kg.sources.records import Place, Record
from kg.sources.typed_headers import is_typed
from kg.sources.typed_tables import Marks, Table, stem, table

SOURCE: Final = "neo4j-admin"
_HEADER: Final = re.compile(r"(.+?)[-_.]?headers?", re.IGNORECASE)
_PART: Final = re.compile(r"(.+?)[-_.]part[-_]?\d+", re.IGNORECASE)


def _read(tables: Sequence[Table], lonely: Sequence[Text]) -> Iterator[Record]:
    for text in lonely:
        why = f"{text.name} has rows and no header, and no file is its header"
        fix = "Name the header's file as well: for x-part1.csv, x-header.csv."
        yield fault(Place(text.name, 1), "no-header", text.name, why, fix)
    yield from read_graph(tables, SOURCE)


def _plan(files: Files) -> Sequence[Part]:
    waiting = list(files.get("rows", ()))
    tables: list[Table] = []
    for head in files["tables"]:
        name = stem(head.name)
        alone = _HEADER.fullmatch(name)
        name = alone[1] if alone else name
        mine = [text for text in waiting if _is_part_of(text, name)]
        waiting = [text for text in waiting if text not in mine]
        first = next(islice(head, 1), "")
        marks = Marks("\t" if "\t" in first else ",", ";", '"')
        tables.append(table(name, head, (head, *mine), marks))
    return (Part(SOURCE, VERSION, LICENCE, partial(_read, tables, waiting)),)


def _is_part_of(text: Text, name: str) -> bool:
    found = _PART.fullmatch(stem(text.name))
    return found is not None and found[1].lower() == name.lower()


def _is_table(head: Head) -> bool:
    line = head.first_line[:10_000].lstrip("\ufeff")
    # With semicolons between the columns, it is BioCypher's.
    return any(
        is_typed(cells) for mark in (",", "\t") for cells in csv.reader([line], delimiter=mark) if len(cells) > 1
    )


def _is_part(head: Head) -> bool:
    line = head.first_line
    return (
        _PART.fullmatch(stem(head.name)) is not None
        and not _is_table(head)
        and line.count(";") < max(line.count(","), line.count("\t"))
    )


FORMAT: Final = Format(
    name="neo4j-admin",
    title="csv files for neo4j-admin import, with typed headers",
    licence="That of each source; the properties source and licence of the rows when there are any.",
    slots=(
        Slot("tables", "nodes and relationships with typed headers (.csv, .tsv)", _is_table, many=True),
        Slot("rows", "rows whose header is another file (x-part1.csv for x-header.csv)", _is_part, True, False),
    ),
    plan=_plan,
)
