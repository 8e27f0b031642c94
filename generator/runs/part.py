"""A file of rows while it grows: a row counts from the moment its line is on the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import orjson

from generator.runs.disk import as_refusal, lock, write_all

Row = dict[str, Any]
Kept = TypeVar("Kept")

PART = ".part"


def part_of(out: Path) -> Path:
    """Return where the rows stand before their file has its name."""
    return out.with_name(out.name + PART)


class PartFile:
    """The rows of `out` before it has its name. Use it as a context: opening locks, closing takes away an empty one."""

    def __init__(self, out: Path, *, alone: bool = True) -> None:
        """`alone` says that the file has to be locked; a folder of them may be locked as a whole."""
        self.out = out
        self.path = part_of(out)
        self._alone = alone
        self._handle: int | None = None

    def open(self) -> None:
        """Open and lock it. Raises OutputRefused when another run has it."""
        with as_refusal(self.out):
            self.out.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            if self._alone:
                try:
                    lock(self._handle, self.out)
                except BaseException:
                    os.close(self._handle)
                    self._handle = None
                    raise

    def close(self) -> None:
        """Close it and let go of the lock."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
            # Nothing was begun, or the part was only a place for the lock.
            if self.path.exists() and self.path.stat().st_size == 0:
                self.path.unlink()

    def take_up(self, most: int, group: int, keep: Callable[[Row], Kept]) -> list[Kept]:
        """Return what `keep` says of each row of whole groups, and cut off what follows them.

        A group is `group` rows that were written together, or fewer at the end of the `most` rows of the file. Rows of
        a group that is not whole are written anew: the model may have written them side by side.
        """
        kept: list[Kept] = []
        waiting: list[Row] = []
        length = whole = 0
        # Line by line: of a long run the file may be larger than the memory.
        with self.path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n") or len(kept) == most:
                    break
                try:
                    waiting.append(orjson.loads(line))
                except orjson.JSONDecodeError:
                    break
                length += len(line)
                if len(waiting) == group or len(kept) + len(waiting) == most:
                    kept += map(keep, waiting)
                    waiting.clear()
                    whole = length
        self.truncate(whole)
        return kept

    def truncate(self, length: int) -> None:
        """Cut the file off after so many bytes; what comes next is written there."""
        assert self._handle is not None
        os.ftruncate(self._handle, length)
        os.lseek(self._handle, length, os.SEEK_SET)

    def extend(self, rows: Iterable[Row]) -> None:
        """Write rows; when this returns they survive a power cut. Raises OutputRefused."""
        assert self._handle is not None
        lines = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
        with as_refusal(self.out):
            write_all(self._handle, lines)
            os.fsync(self._handle)
