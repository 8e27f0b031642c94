"""Headers of neo4j-admin: what each column is, as in `id:ID(Drug)`, `name`, `icd10:string[]`, `:LABEL`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

RoleName = Literal["id", "label", "start", "end", "type", "ignore", "property"]

_FIELD: Final = re.compile(r"([^:]*)(?::([A-Za-z_]+)(?:\(([^)]*)\))?(\[\])?(?:\{[^}]*\})?)?")
_ROLES: Final[dict[str, RoleName]] = {
    "ID": "id",
    "LABEL": "label",
    "START_ID": "start",
    "END_ID": "end",
    "TYPE": "type",
    "IGNORE": "ignore",
}
_UNFIT: Final = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its heading, the property's name, what it is, the space of its ids, and whether it holds several."""

    heading: str
    name: str
    role: RoleName
    space: str = ""
    several: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table."""

    fields: tuple[Field, ...]

    def place_of(self, role: RoleName) -> int | None:
        """Return the number of the column that is this; None when there is none."""
        return next((number for number, field in enumerate(self.fields) if field.role == role), None)

    @property
    def of_edges(self) -> bool:
        """Whether the rows are edges."""
        return self.place_of("start") is not None or self.place_of("end") is not None

    @property
    def missing(self) -> str | None:
        """The column without which the rows cannot be read; None when all are there."""
        needed: tuple[RoleName, ...] = ("start", "end") if self.of_edges else ("id",)
        names = {"start": ":START_ID", "end": ":END_ID", "id": ":ID"}
        return next((names[role] for role in needed if self.place_of(role) is None), None)


def header_of(cells: Sequence[str]) -> Header:
    """Return the header that these cells are; a cell of no known form is a property of that name."""
    return Header(tuple(_field(cell.strip()) for cell in cells))


def space_prefix(space: str) -> str:
    """Return the prefix of ids that are told in a space alone, for instance `LOCAL.Drug`."""
    name = _UNFIT.sub("", space)[:40]
    return f"LOCAL.{name}" if name else "LOCAL"


def is_typed(cells: Sequence[str]) -> bool:
    """Say whether cells are the header of nodes or of edges."""
    header = header_of(cells)
    return header.missing is None


def _field(heading: str) -> Field:
    found = _FIELD.fullmatch(heading)
    if found is None:
        return Field(heading, heading, "property")
    name, kind, space, several = found[1].strip(), found[2] or "", found[3] or "", bool(found[4])
    return Field(heading, name, _ROLES.get(kind, "property"), space, several)
