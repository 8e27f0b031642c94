"""Templates of a mapping: text with columns in braces, filled from the cells of a row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg.errors import DataError

_COLUMN: Final = re.compile(r"\{([^{}|]+)(?:\|([^{}|]*))?\}")
_NOT_PLAIN: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Slot:
    column: str
    change: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Template:
    """Text with columns in braces, such as `DOID:{disease id}` or `OWN:{symptom|slug}`."""

    text: str
    _parts: tuple[str | _Slot, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is filled from, in order."""
        return tuple(part.column for part in self._parts if isinstance(part, _Slot))

    def empty_column(self, cells: Mapping[str, str]) -> str | None:
        """Return the first of its columns whose cell is empty, or None."""
        return next((column for column in self.columns if not cells[column]), None)

    def filled(self, cells: Mapping[str, str]) -> str:
        """Return the text for this row; empty when one of its cells is."""
        if self.empty_column(cells) is not None:
            return ""
        return "".join(part if isinstance(part, str) else part.change(cells[part.column]) for part in self._parts)


def slug(text: str) -> str:
    """Return the text as the local part of an id: small letters, digits and `_`.

    Text with other letters than a to z becomes `x` and a hash of it, so that it stays one thing with one id.
    """
    folded = " ".join(text.casefold().split())
    if folded.isascii():
        plain = _NOT_PLAIN.sub("_", folded).strip("_")
        if plain:
            return plain[:100]
    return "x" + hashlib.sha256(folded.encode()).hexdigest()[:16]


CHANGES: Final[Mapping[str, Callable[[str], str]]] = {
    "slug": slug,
    "upper": str.upper,
    "lower": str.lower,
}


@cache
def template(text: str) -> Template:
    """Read a template; raise DataError when a brace is left open or a change is not known."""
    parts: list[str | _Slot] = []
    at = 0
    for found in _COLUMN.finditer(text):
        parts.append(text[at : found.start()])
        change = found[2]
        if change is not None and change.strip() not in CHANGES:
            raise DataError(f"{found[0]} asks for an unknown change", hint=f"Changes: {', '.join(CHANGES)}.")
        parts.append(_Slot(found[1].strip(), CHANGES[change.strip()] if change is not None else str))
        at = found.end()
    parts.append(text[at:])
    if any("{" in part or "}" in part for part in parts if isinstance(part, str)):
        raise DataError(f"{text!r} has a brace without its other half", hint="Write a column as {name}.")
    return Template(text, tuple(part for part in parts if part))
