"""Rows of `mkg generate patients` read back: each has all that a note needs, or is refused with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as read_strictly

from generator.errors import RowsInvalid
from generator.patient import Patient

_STRICT = ConfigDict(strict=True, allow_inf_nan=False)
# A row takes 10 KB; a longer line than this is another kind of file.
_LONGEST: Final = 4 * 1024 * 1024


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Named:
    """Something of the graph with its names by language."""

    id: str
    names: dict[str, str]


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Illness:
    """A disease of the patient; `role` is `main` or `comorbidity`."""

    id: str
    names: dict[str, str]
    icd10: str | None
    role: str


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Given:
    """A drug that the patient is given, and the edges that say so."""

    id: str
    names: dict[str, str]
    dose: str | None
    edge_ids: tuple[str, ...]


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Statement:
    """What the row says, with the edge and the evidence that it stands on."""

    kind: str
    text: str
    edge_id: str | None
    term_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Life:
    """Who the patient is."""

    age: int
    sex: Literal["female", "male"]
    pregnant: bool
    marital_state: str
    smoker: bool

    def patient(self) -> Patient:
        """Return the patient that a prompt speaks of."""
        return Patient(self.age, self.sex, self.smoker, self.pregnant, self.marital_state)


@read_strictly(frozen=True, slots=True, config=_STRICT)
class PatientRow:
    """One patient; `languages` are those of the names, the first also that of the statements."""

    id: str
    icd10: str | None
    disease_id: str
    patient: Life
    diseases: tuple[Illness, ...]
    symptoms: tuple[Named, ...]
    drugs: tuple[Given, ...]
    side_effects: tuple[Named, ...]
    facts: tuple[Statement, ...]
    question: dict[str, str]
    languages: tuple[str, ...]
    graph_release: str

    def named(self) -> Iterator[Named | Illness | Given]:
        """Yield what the row has names for."""
        yield from self.diseases
        yield from self.symptoms
        yield from self.drugs
        yield from self.side_effects


_ROW: Final = TypeAdapter(PatientRow)


@dataclass(frozen=True, slots=True)
class PatientFile:
    """Where each row of a file begins, in bytes; rows are read when they are wanted. `hash` is that of the file."""

    path: Path
    hash: str
    release: str
    _starts: tuple[int, ...]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read a file through. Raises RowsInvalid with the place of what is no patient."""
        digest = hashlib.sha256()
        starts: list[int] = []
        releases: dict[str, int] = {}
        at = 0
        try:
            with path.open("rb") as file:
                for number, line in enumerate(iter(lambda: file.readline(_LONGEST + 1), b""), start=1):
                    digest.update(line)
                    if line.strip():
                        row = _read(line, path, number)
                        releases.setdefault(row.graph_release, number)
                        starts.append(at)
                    at += len(line)
        except OSError as error:
            raise _unreadable(path, error) from error
        if not starts:
            raise RowsInvalid("the file has no patients", place=f"file {path}", hint="Draw some first.")
        if len(releases) > 1:
            number = max(releases.values())
            raise _refused(path, number, "the patient is of another state of the graph than those before")
        return cls(path, digest.hexdigest(), next(iter(releases)), tuple(starts))

    def __len__(self) -> int:
        """How many patients there are."""
        return len(self._starts)

    def rows(self, places: range) -> list[PatientRow]:
        """Return the patients at these places. Raises RowsInvalid when the file was changed meanwhile."""
        try:
            with self.path.open("rb") as file:
                found: list[PatientRow] = []
                for place in places:
                    file.seek(self._starts[place])
                    found.append(_read(file.readline(_LONGEST + 1), self.path, place + 1))
                return found
        except OSError as error:
            raise _unreadable(self.path, error) from error


def _read(line: bytes, path: Path, number: int) -> PatientRow:
    try:
        return _ROW.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _refused(path, number, f"{where}: {first['msg']}" if where else first["msg"]) from error


def _refused(path: Path, number: int, cause: str) -> RowsInvalid:
    return RowsInvalid(
        f"the row is no patient: {cause}",
        place=f"file {path}, line {number}",
        hint="Rows are those of `mkg generate patients`; docs/patients.md says what they hold.",
    )


def _unreadable(path: Path, error: OSError) -> RowsInvalid:
    return RowsInvalid(f"the file cannot be read: {error.strerror}", place=f"file {path}", hint="Check its rights.")
