"""The texts that symptoms are read from: a folder of text files, one file, or JSON lines."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from generator.errors import RowsInvalid

_ID: Final = re.compile(r"[\w][\w.:-]{0,99}")
_RUSSIAN: Final = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN: Final = re.compile(r"[a-z]", re.IGNORECASE)
_HINT: Final = "Give a .txt file, a folder of them, or .jsonl with `id` and `text` on each line."


@dataclass(frozen=True, slots=True)
class Entry:
    """A text; its `id` names the file of its symptoms."""

    id: str
    text: str

    @property
    def language(self) -> str:
        """The language by its letters."""
        return "ru" if len(_RUSSIAN.findall(self.text)) > len(_LATIN.findall(self.text)) else "en"

    @property
    def digest(self) -> str:
        """The SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_entries(source: Path) -> tuple[Entry, ...]:
    """Return the texts in the order of their ids. Raises RowsInvalid with file and line."""
    found: dict[str, Entry] = {}
    for entry, place in _entries(source):
        if entry.id in found:
            raise RowsInvalid(f"the id {entry.id!r} stands twice", place=place, hint="Give each text an id of its own.")
        if not _ID.fullmatch(entry.id):
            raise RowsInvalid(
                f"{entry.id!r} cannot be an id", place=place, hint="Letters, digits, and . : _ - between them."
            )
        if not entry.text.strip():
            raise RowsInvalid("the text is empty", place=place, hint="Leave it out, or fill it in.")
        found[entry.id] = entry
    if not found:
        raise RowsInvalid("there are no texts", place=str(source), hint=_HINT)
    return tuple(found[key] for key in sorted(found))


def _entries(source: Path) -> Iterator[tuple[Entry, str]]:
    if source.is_dir():
        for path in sorted(source.glob("*.txt")):
            yield Entry(path.stem, _text_of(path)), f"file {path}"
    elif source.suffix.lower() == ".jsonl":
        for number, line in enumerate(_text_of(source).splitlines(), start=1):
            if line.strip():
                yield _row(line, f"file {source}, line {number}"), f"file {source}, line {number}"
    else:
        yield Entry(source.stem, _text_of(source)), f"file {source}"


def _row(line: str, place: str) -> Entry:
    try:
        row = orjson.loads(line)
        key, text = row["id"], row["text"]
    except (ValueError, TypeError, KeyError) as error:
        raise RowsInvalid("the line has no `id` and `text`", place=place, hint=_HINT) from error
    if not isinstance(key, str) or not isinstance(text, str):
        raise RowsInvalid("`id` and `text` must be text", place=place, hint=_HINT)
    return Entry(key, text)


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RowsInvalid(f"the file cannot be read: {error.strerror}", place=f"file {path}", hint=_HINT) from error
    except UnicodeDecodeError as error:
        raise RowsInvalid("the file is not UTF-8", place=f"file {path}", hint="Save it as UTF-8.") from error
