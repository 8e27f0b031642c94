"""Rows of notes read back, a line at a time: each has all that its makers promise, or is refused with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from generator.errors import RowsInvalid
from generator.exports.note import Note
from generator.runs.layout import is_unfinished
from generator.runs.part import part_of

# A row takes 5 KB. A longer line than this is another kind of file, and must not be taken into memory whole.
LONGEST_LINE: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file of rows; `number` counts from 1, `offset` is in bytes."""

    path: Path
    number: int
    offset: int
    raw: bytes

    def refused(self, cause: str) -> RowsInvalid:
        """Return the error that names this line."""
        return RowsInvalid(
            f"the row is no note: {cause}",
            place=f"file {self.path}, line {self.number}",
            hint="Rows are those of `mkg generate notes`; docs/generator.md says what they hold.",
        )


_NOTE: Final = TypeAdapter(Note)


def row_files(source: Path) -> tuple[Path, ...]:
    """Return the files of rows that are meant: one file, or those of a folder that end with .jsonl, by name.

    Raises RowsInvalid when there are none.
    """
    if source.is_dir():
        if is_unfinished(source):
            raise _not_finished(f"folder {source}")
        files = tuple(sorted(path for path in source.glob("*.jsonl") if path.is_file() and path.name[0] != "."))
        if files:
            return files
        raise RowsInvalid("the folder has no rows", place=f"folder {source}", hint="Files of rows end with .jsonl.")
    if source.is_file():
        return (source,)
    if part_of(source).exists():
        raise _not_finished(f"file {source}")
    raise RowsInvalid(
        "there is no such file",
        place=f"file {source}",
        hint="Give the JSONL file that `mkg generate notes` wrote, or a folder of such files.",
    )


def _not_finished(place: str) -> RowsInvalid:
    return RowsInvalid(
        "the run is not finished",
        place=place,
        hint="Start it again to have it go on; `mkg dataset status` says how far it is.",
    )


def read_lines(source: Path) -> Iterator[Line]:
    """Yield the lines of the file, or of all files of the folder; empty ones are passed over. Raises RowsInvalid."""
    for path in row_files(source):
        try:
            with path.open("rb") as file:
                offset, number = 0, 0
                while raw := file.readline(LONGEST_LINE + 1):
                    number += 1
                    line = Line(path, number, offset, raw)
                    if len(raw) > LONGEST_LINE:
                        raise line.refused(f"it is longer than {LONGEST_LINE:,} bytes")
                    if raw.strip():
                        yield line
                    offset += len(raw)
        except OSError as error:
            raise RowsInvalid(
                f"the file cannot be read: {error.strerror}", place=f"file {path}", hint="Check its rights."
            ) from error


def read_note(line: Line) -> Note:
    """Return the note that a line holds. Raises RowsInvalid with file, line, field and cause."""
    try:
        note = _NOTE.validate_json(line.raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise line.refused(f"{where}: {first['msg']}" if where else first["msg"]) from error
    _check_places(note, line)
    return note


def read_notes(source: Path) -> Iterator[Note]:
    """Yield the notes of a file, or of a folder. Raises RowsInvalid, also for an id that was there already."""
    seen: set[str] = set()
    for line in read_lines(source):
        note = read_note(line)
        if note.id in seen:
            raise RowsInvalid(
                f"the row {note.id} was there already",
                place=f"file {line.path}, line {line.number}",
                hint="A row stands once in a data set: name one file, or drop repeats with `mkg dataset dedupe`.",
            )
        seen.add(note.id)
        yield note


def _check_places(note: Note, line: Line) -> None:
    """Refuse a row whose facts or places cannot be: what shows the text in colour relies on them."""
    known = {fact.id for fact in note.facts}
    named = {*note.check.told, *note.check.missed, *note.check.contradicted, *note.check.spans}
    if len(known) != len(note.facts):
        raise line.refused("facts: two have the same id")
    if stray := sorted(named - known):
        raise line.refused(f"check: there is no fact {stray[0]!r}")
    places = [*note.check.spans.values(), *((found.start, found.end) for found in note.check.invented)]
    places += [(found.start, found.end) for found in note.check.violations]
    for start, end in places:
        if not 0 <= start <= end <= len(note.text):
            raise line.refused(f"check: {start} to {end} lies outside of the text")
