"""What is left out of a file for one and the same reason: told once, and not for each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.sources.cells import short
from kg.sources.checked import not_held
from kg.sources.records import Place, Problem


@dataclass(slots=True)
class LeftOut:
    """Rows that are left out for one reason each, told once per reason with their number and the first place."""

    _first: dict[str, tuple[Place, str, str, str]] = field(default_factory=dict[str, tuple[Place, str, str, str]])
    _counts: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, place: Place, rule: str, value: str, message: str, fix: str = "Nothing to do.") -> None:
        """Note a row; what is told is the message of the first."""
        if rule not in self._first:
            self._first[rule] = (place, value, message, fix)
        self._counts[rule] = self._counts.get(rule, 0) + 1

    def told(self) -> Iterator[Problem]:
        """Yield one problem for each reason."""
        for rule, (place, value, message, fix) in self._first.items():
            count = self._counts[rule]
            rows_left = "1 row" if count == 1 else f"{count:,} rows, this is the first"
            yield not_held(place, rule, value, f"{message} ({rows_left})", fix)


def columns_not_read(file: str, line: int, columns: Iterable[str], read: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for every column of a file that its source makes nothing of."""
    for name in columns:
        if name not in read:
            why = f"nothing is made of the column {short(name)!r}"
            yield not_held(Place(file, line, short(name)), "column-not-used", name, why, "Nothing to do.")
