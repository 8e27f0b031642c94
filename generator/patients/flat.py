"""The rows of patients as a table for spreadsheets: one line each, lists joined by `;`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson

from generator.jsonl import Row
from generator.tables import write_table

_BEFORE: Final = ("id", "index", "icd10", "disease_id")
_PATIENT: Final = ("age", "sex", "pregnant", "location", "marital_state", "smoker", "ethnic_group")
_LISTS: Final = ("diseases", "symptoms", "drugs", "side_effects")


def write_flat(rows: Path, out: Path, languages: list[str], *, subcodes: bool = False) -> None:
    """Write the table of a JSONL file of patients; `subcodes` says that they were drawn with them.

    Names of lists stand in one column for each language. No cell of it can act as a formula in a spreadsheet.
    Raises OutputRefused.
    """
    named = [f"{kind}_{language}" for kind in _LISTS for language in languages]
    header = (
        *_BEFORE,
        *(("subcode",) if subcodes else ()),
        *_PATIENT,
        *named,
        "symptom_ids",
        "drug_ids",
        "edge_ids",
        "graph_release",
    )
    write_table(out, header, _lines(rows, languages, subcodes=subcodes))


def _lines(rows: Path, languages: list[str], *, subcodes: bool) -> Iterator[list[str | int]]:
    with rows.open("rb") as file:
        for line in file:
            row: Row = orjson.loads(line)
            cells: list[str | int] = [_cell(row[name]) for name in _BEFORE]
            if subcodes:
                cells.append(row["subcode"]["icd10"] if row["subcode"] else "")
            cells += [_cell(row["patient"][name]) for name in _PATIENT]
            cells += [
                ";".join(item["names"][language] for item in row[kind]) for kind in _LISTS for language in languages
            ]
            cells += [";".join(item["id"] for item in row[kind]) for kind in ("symptoms", "drugs")]
            cells += [";".join(fact["edge_id"] for fact in row["facts"] if fact["edge_id"]), row["graph_release"]]
            yield cells


def _cell(value: str | int | bool | None) -> str | int:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value
