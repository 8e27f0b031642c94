"""What went past while a data set was written: how many notes, of what, made with what."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from generator.exports.note import Note
from generator.exports.rows import row_files


class Tally:
    """Counts of the notes that pass through `counted`, and the hashes of the files that they came from."""

    def __init__(self) -> None:
        self.read = 0
        self.written = 0
        self.left_out = 0
        self.words = 0
        self.values: dict[str, Counter[str]] = {
            name: Counter() for name in ("language", "code", "status", "model", "recipe", "graph", "examples")
        }

    def counted(self, notes: Iterable[Note], *, with_rejected: bool) -> Iterator[Note]:
        """Yield the notes that belong to the data set, and count them."""
        for note in notes:
            self.read += 1
            if note.rejected and not with_rejected:
                self.left_out += 1
                continue
            self.written += 1
            self.words += len(note.text.split())
            told = {
                "language": note.language,
                "code": note.icd10 or note.disease_id,
                "status": "rejected" if note.rejected else note.status,
                "model": f"{note.model} ({note.model_fingerprint})",
                "recipe": f"{note.recipe} ({note.recipe_hash})",
                "graph": note.graph_release,
                "examples": note.example_source or "none",
            }
            for name, value in told.items():
                self.values[name][value] += 1
            yield note

    def as_json(self) -> dict[str, Any]:
        """Return the counts for a summary; of each kind the most frequent first, ties by name."""
        return {
            "read": self.read,
            "written": self.written,
            "left_out": self.left_out,
            **{name: dict(sorted(seen.items(), key=lambda item: (-item[1], item[0]))) for name, seen in self._kinds()},
        }

    def _kinds(self) -> Iterator[tuple[str, Counter[str]]]:
        return ((name, seen) for name, seen in self.values.items() if name != "code")


def hashes_of(source: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of rows by its name."""
    return {path.name: hash_of(path) for path in row_files(source)}


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
