"""Rules that keep invented patients possible, read from tables; ours, not clinically reviewed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from generator.patients.population import DATA, OLDEST
from generator.tables import Cells, read_table
from kg.schema import SEXES

NOBODY: Final = "nobody"
TABLES: Final = ("code-limits.csv", "term-limits.csv", "drug-limits.csv", "together-limits.csv", "opposites.csv")

# Cytostatics, hormones against tumours, drugs that hold down the immune system, radioactive ones (ATC): nobody is given
# them for a disease that was only taken for the patient's own.
_NEEDS_PROOF: Final = ("L01", "L02", "L04", "V10")
# Says that there is nothing else to say.
_ALONE: Final = frozenset({"asymptomatic", "no complaints", "no symptoms"})

_LIMITS: Final = ("sex", "age_min", "age_max", "pregnant", "reason")


@dataclass(frozen=True, slots=True)
class Limit:
    """Who may have something: these sexes, these ages (whole years, both included).

    `pregnant` is True for what only a pregnant patient has, False for what she does not have, None for neither.
    """

    sexes: tuple[str, ...] = SEXES
    low: int = 0
    high: int = OLDEST
    pregnant: bool | None = None

    def allows(self, sex: str, age: int, pregnant: bool = False) -> bool:
        """Return whether somebody of this sex and age may have it."""
        return sex in self.sexes and self.low <= age <= self.high and self.pregnant in (None, pregnant)

    def fits(self, sex: str, age: int) -> bool:
        """Return whether sex and age allow it, whatever else the patient has."""
        return sex in self.sexes and self.low <= age <= self.high

    def joined(self, other: Limit) -> Limit:
        """Return the limit that holds where both do."""
        return Limit(
            tuple(sex for sex in self.sexes if sex in other.sexes),
            max(self.low, other.low),
            min(self.high, other.high),
            self.pregnant if other.pregnant is None else other.pregnant,
        )


ANYBODY: Final = Limit()
# A drug without ATC code is in no row of the table, so only those are given it who can be given most.
UNKNOWN_DRUG: Final = Limit(low=18, pregnant=False)


@cache
def code_limit(code: str) -> Limit:
    """Return who may have a disease with this ICD-10 code (`N40`, `E89.5`)."""
    return _joined(limit for first, last, limit in _codes() if _within(code, first, last))


@cache
def term_limit(name: str) -> Limit:
    """Return who may have a symptom or an unwanted effect with this English name."""
    return _joined(limit for words, limit in _terms() if words.search(name))


@cache
def drug_limit(atc: str) -> Limit:
    """Return who may be given a drug with this ATC code; without one (empty), adults who are not pregnant."""
    if not atc:
        return UNKNOWN_DRUG
    return _joined(limit for start, limit in _drugs() if atc.startswith(start))


@cache
def apart(code: str, other: str) -> bool:
    """Return whether no patient has diseases with these two ICD-10 codes at once."""
    if code[:3] == other[:3]:
        return True
    return any(
        (_within(code, *one) and _within(other, *two)) or (_within(other, *one) and _within(code, *two))
        for one, two in _together()
    )


def needs_proof(atc: str) -> bool:
    """Return whether a drug with this ATC code, or without one (empty), is given for a proven disease alone."""
    return not atc or atc.startswith(_NEEDS_PROOF)


@cache
def opposed(symptom: str, other: str) -> bool:
    """Return whether no patient has symptoms with these two English names at once."""
    if _ALONE & {symptom.casefold(), other.casefold()}:
        return True
    return any(
        (one.search(symptom) and two.search(other)) or (one.search(other) and two.search(symptom))
        for one, two in _opposites()
    )


def _joined(limits: Iterable[Limit]) -> Limit:
    found = ANYBODY
    for limit in limits:
        found = found.joined(limit)
    return found


def _within(code: str, first: str, last: str) -> bool:
    # Letters before digits and a dot before its sub-category: ICD-10 codes sort as text.
    return code[: len(first)] >= first and code[: len(last)] <= last


@cache
def _codes() -> tuple[tuple[str, str, Limit], ...]:
    rows = read_table(DATA / "code-limits.csv", ("first", "last", *_LIMITS))
    return tuple((row.text("first"), row.text("last"), _limit(row)) for row in rows)


@cache
def _terms() -> tuple[tuple[re.Pattern[str], Limit], ...]:
    rows = read_table(DATA / "term-limits.csv", ("words", *_LIMITS))
    return tuple((_beginning(row, "words"), _limit(row)) for row in rows)


@cache
def _drugs() -> tuple[tuple[str, Limit], ...]:
    rows = read_table(DATA / "drug-limits.csv", ("atc", *_LIMITS))
    return tuple((row.text("atc"), _limit(row)) for row in rows)


@cache
def _opposites() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    rows = read_table(DATA / "opposites.csv", ("words", "other_words", "reason"))
    return tuple((_beginning(row, "words"), _beginning(row, "other_words")) for row in rows)


def _beginning(row: Cells, column: str) -> re.Pattern[str]:
    # At the beginning of a word alone: `ovar` must not be found in `Cordovar`.
    return re.compile(rf"\b{re.escape(row.text(column))}", re.IGNORECASE)


@cache
def _together() -> tuple[tuple[tuple[str, str], tuple[str, str]], ...]:
    rows = read_table(DATA / "together-limits.csv", ("first", "last", "other_first", "other_last", "reason"))
    return tuple(
        ((row.text("first"), row.text("last")), (row.text("other_first"), row.text("other_last"))) for row in rows
    )


def _limit(row: Cells) -> Limit:
    sex = row.choice("sex", (*SEXES, NOBODY)) if row.maybe("sex") else None
    low, high = row.maybe_whole("age_min", 0, OLDEST), row.maybe_whole("age_max", 0, OLDEST)
    pregnant = row.choice("pregnant", ("yes", "no")) if row.maybe("pregnant") else None
    return Limit(
        SEXES if sex is None else tuple(known for known in SEXES if known == sex),
        0 if low is None else low,
        OLDEST if high is None else high,
        None if pregnant is None else pregnant == "yes",
    )
