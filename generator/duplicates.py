"""Notes that say nearly the same: found by MinHash and LSH, confirmed by counting, the first of each kept."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

from generator.errors import OutputRefused
from generator.exports.note import Note
from generator.exports.rows import Line, read_lines, read_note

DEFAULT_THRESHOLD: Final = 0.8
DEFAULT_WORDS: Final = 3

# Slots of a signature. With 128 the estimate errs by about 0.04 (Broder 1997); each pair is counted exactly anyway.
SLOTS: Final = 128
# The least chance with which a pair right at the threshold is looked at.
RECALL: Final = 0.999

_WORD = re.compile(r"\w+")
_BITS: Final = 64
_EMPTY: Final = (1 << _BITS) - 1


@dataclass(frozen=True, slots=True)
class Pair:
    """A note that was dropped, and the earlier one that it repeats; `similarity` is Jaccard's, of their shingles."""

    dropped: str
    kept: str
    similarity: float
    dropped_line: int
    kept_line: int


def shingles(text: str, words: int) -> frozenset[int]:
    """Return the runs of so many words as hashes of 64 bits; a shorter text is one run. Case does not count."""
    said = _WORD.findall(text.casefold())
    runs = {tuple(said[at : at + words]) for at in range(max(1, len(said) - words + 1))}
    return frozenset(_hash("\x1f".join(run)) for run in runs)


def jaccard(left: frozenset[int], right: frozenset[int]) -> float:
    """Return the share of what is in both among what is in either, 0 to 1 (Jaccard 1912)."""
    either = len(left | right)
    return len(left & right) / either if either else 1.0


def signature(items: Iterable[int], slots: int = SLOTS) -> tuple[int, ...]:
    """Return the MinHash signature of a set: two sets agree in a slot with a chance of their Jaccard similarity.

    One permutation hashing (Li, Owen, Zhang 2012): each item goes to one slot, which keeps its least hash. An empty
    slot takes the value of another one, chosen by a hash of its number and of the tries alone (optimal densification,
    Shrivastava 2017), so that the chance stays that of MinHash (Broder 1997) also for short texts.
    """
    filled = [_EMPTY] * slots
    for item in items:
        slot, rest = item % slots, item // slots
        filled[slot] = min(filled[slot], rest)
    if all(value == _EMPTY for value in filled):
        return tuple(filled)
    return tuple(
        value if value != _EMPTY else next(filled[at] for at in _tries(slot, slots) if filled[at] != _EMPTY)
        for slot, value in enumerate(filled)
    )


def bands_for(threshold: float, slots: int = SLOTS, recall: float = RECALL) -> tuple[int, int]:
    """Return how many bands of how many slots each: the longest bands that find a pair at the threshold surely enough.

    A pair of similarity s agrees in one of b bands of r slots with the chance 1 - (1 - s^r)^b (Leskovec, Rajaraman,
    Ullman: Mining of Massive Datasets, 3.4). Longer bands mean fewer pairs to look at in vain.
    """
    able = [
        (slots // rows, rows) for rows in range(1, slots + 1) if 1 - (1 - threshold**rows) ** (slots // rows) >= recall
    ]
    return able[-1] if able else (slots, 1)


class Seen:
    """Texts seen so far; where a text repeats one of them, it says which and how much.

    Of a text that is kept only keys of its bands stay, in a file that is gone at the end; the earlier text is read
    again from where it stands. So the memory needed does not grow with the data set.
    """

    def __init__(self, table: sqlite3.Connection, threshold: float, words: int) -> None:
        self._table = table
        self._threshold = threshold
        self._words = words
        self._bands, self._rows = bands_for(threshold)
        self._again = _Again()
        table.execute("CREATE TABLE band (key INTEGER, note INTEGER, PRIMARY KEY (key, note)) WITHOUT ROWID")
        table.execute("CREATE TABLE note (number INTEGER PRIMARY KEY, path TEXT, line INTEGER, at INTEGER)")

    def repeats(self, line: Line, note: Note) -> Pair | None:
        """Return the pair with the most similar text kept so far, the earliest among equals; else keep this one."""
        items = shingles(note.text, self._words)
        keys = [*self._keys(signature(items))]
        best: Pair | None = None
        for path, number, at in self._candidates(keys):
            earlier = self._again.note(Path(path), number, at)
            similarity = jaccard(items, shingles(earlier.text, self._words))
            if similarity >= self._threshold and (best is None or similarity > best.similarity):
                best = Pair(note.id, earlier.id, similarity, line.number, number)
        if best is None:
            found = self._table.execute(
                "INSERT INTO note (path, line, at) VALUES (?, ?, ?)", (str(line.path), line.number, line.offset)
            )
            self._table.executemany(
                "INSERT OR IGNORE INTO band VALUES (?, ?)", [(key, found.lastrowid) for key in keys]
            )
        return best

    def close(self) -> None:
        """Close the files that are read again."""
        self._again.close()

    def _candidates(self, keys: Sequence[int]) -> list[tuple[str, int, int]]:
        marks = ",".join("?" * len(keys))
        return self._table.execute(
            f"SELECT path, line, at FROM note WHERE number IN (SELECT note FROM band WHERE key IN ({marks}))"  # noqa: S608
            " ORDER BY number",
            keys,
        ).fetchall()

    def _keys(self, signed: tuple[int, ...]) -> Iterator[int]:
        for band in range(self._bands):
            part = signed[band * self._rows : (band + 1) * self._rows]
            yield _hash(f"{band}:{part}") - (1 << (_BITS - 1))


@contextmanager
def seen(threshold: float = DEFAULT_THRESHOLD, words: int = DEFAULT_WORDS) -> Generator[Seen]:
    """Give a place to look texts up in for the length of a `with` block. Raises OutputRefused when the disk is full."""
    try:
        with (
            tempfile.TemporaryDirectory(prefix="mkg-duplicates-") as folder,
            closing(sqlite3.connect(Path(folder) / "bands")) as table,
        ):
            # Nobody needs the file after a crash.
            table.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
            found = Seen(table, threshold, words)
            try:
                yield found
            finally:
                found.close()
    except sqlite3.Error as error:
        raise OutputRefused(
            f"the table of duplicates cannot be kept: {error}",
            place=f"folder {tempfile.gettempdir()}",
            hint="Make room there, or name another folder with TMPDIR.",
        ) from error


def without_duplicates(
    source: Path, threshold: float = DEFAULT_THRESHOLD, words: int = DEFAULT_WORDS
) -> Iterator[tuple[Line, Note, Pair | None]]:
    """Yield each row of a file or folder with the pair that it makes with an earlier one, or None.

    Rejected notes are compared with none, so that none of them pushes a good one out. Raises RowsInvalid.
    """
    with seen(threshold, words) as known:
        for line in read_lines(source):
            note = read_note(line)
            yield line, note, None if note.rejected else known.repeats(line, note)


class _Again:
    """Reads single lines of files again, which stay open meanwhile."""

    def __init__(self) -> None:
        self._open: dict[Path, BinaryIO] = {}

    def note(self, path: Path, number: int, at: int) -> Note:
        if path not in self._open:
            self._open[path] = path.open("rb")
        file = self._open[path]
        file.seek(at)
        return read_note(Line(path, number, at, file.readline()))

    def close(self) -> None:
        for file in self._open.values():
            file.close()


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=_BITS // 8).digest(), "big")


@cache
def _tries(slot: int, slots: int) -> tuple[int, ...]:
    """Return where an empty slot looks for a value, in this order; every slot comes up in the end."""
    drawn = dict.fromkeys(_hash(f"{slot}/{attempt}") % slots for attempt in range(4 * slots))
    return (*drawn, *(other for other in range(slots) if other not in drawn))
