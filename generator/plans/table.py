"""Plans and counts as CSV tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.tables import Cells, read_table, write_table
from kg.query.names import code_of

COLUMNS: Final = ("icd10", "count", "weight", "flag")
MOST: Final = 10_000_000

NO_NOTES: Final = "no-notes"
FIXED: Final = "fixed"
MINIMUM: Final = "minimum"
FLAGS: Final = (NO_NOTES, FIXED, MINIMUM)


@dataclass(frozen=True, slots=True)
class Entry:
    """How many a code gets, by which weight, and what is said of it (`no-notes`, `fixed`, `minimum`)."""

    code: str
    count: int
    weight: float
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """Real notes of a code, and the mean number of unique symptoms of its sub-codes where the table says so."""

    notes: int
    symptoms: float | None = None


def read_plan(path: Path) -> list[Entry]:
    """Return the entries of a plan; `weight` and `flag` may be missing. Raises TableInvalid with the place."""
    rows = read_table(path, ("icd10", "count"), ("weight", "flag"))
    entries = [
        Entry(
            _code(row),
            row.whole("count", 0, MOST),
            row.number("weight", 0, float("inf")) if row.maybe("weight") else 0.0,
            tuple((row.maybe("flag") or "").split()),
        )
        for row in rows
    ]
    _refuse_twice(zip([entry.code for entry in entries], rows, strict=True))
    if not any(entry.count for entry in entries):
        raise rows[0].refused("count", "the plan asks for nothing: every count is 0")
    return entries


def write_plan(path: Path, entries: Iterable[Entry]) -> None:
    """Write a plan. Raises OutputRefused."""
    write_table(
        path, COLUMNS, [(entry.code, entry.count, f"{entry.weight:.6g}", " ".join(entry.flags)) for entry in entries]
    )


def read_counts(path: Path) -> Mapping[str, Counted]:
    """Return the real notes of each code: columns `icd10`, `notes`, and `symptoms` if one likes.

    Raises TableInvalid with the place.
    """
    rows = read_table(path, ("icd10", "notes"), ("symptoms",))
    counts = {
        _code(row): Counted(
            row.whole("notes", 0, MOST), row.number("symptoms", 0, 10_000) if row.maybe("symptoms") else None
        )
        for row in rows
    }
    _refuse_twice((_code(row), row) for row in rows)
    return counts


def read_codes(path: Path) -> list[str]:
    """Return the codes of a table with a column `icd10`, other columns of a plan aside. Raises TableInvalid."""
    rows = read_table(path, ("icd10",), ("count", "notes", "symptoms", "weight", "flag"))
    codes = [_code(row) for row in rows]
    _refuse_twice(zip(codes, rows, strict=True))
    return codes


def _code(row: Cells) -> str:
    code = code_of(row.text("icd10"))
    if code is None:
        raise row.refused("icd10", f"{row.text('icd10')!r} is no ICD-10 code; codes look like J20 or J20.9")
    return code


def _refuse_twice(codes: Iterable[tuple[str, Cells]]) -> None:
    seen: set[str] = set()
    for code, row in codes:
        if code in seen:
            raise row.refused("icd10", f"{code} stands here twice")
        seen.add(code)
