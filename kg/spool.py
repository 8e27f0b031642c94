"""Records on the disk between two goes over them, so that what is loaded may be larger than memory."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final

import orjson

_BUFFER: Final = 256 * 1024


class Spool:
    """Files of JSON lines in a folder of its own, which is gone at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, BinaryIO] = {}
        self._written: dict[str, int] = {}

    def write(self, name: str, item: Any) -> None:
        """Append an item, which JSON can hold, to the file of that name."""
        self.write_packed(name, orjson.dumps(item))

    def write_packed(self, name: str, line: bytes) -> None:
        """Append an item that is JSON already."""
        file = self._open.get(name)
        if file is None:
            file = (self._folder / name).open("wb", buffering=_BUFFER)
            self._open[name] = file
        file.write(line)
        file.write(b"\n")
        self._written[name] = self._written.get(name, 0) + 1

    def count(self, name: str) -> int:
        """Return how many items were written under that name."""
        return self._written.get(name, 0)

    def read(self, name: str) -> Iterator[Any]:
        """Yield the items in the order in which they were written; none when nothing was."""
        for line in self.lines(name):
            yield orjson.loads(line)

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the items as JSON."""
        file = self._open.pop(name, None)
        if file is not None:
            file.close()
        if name in self._written:
            with (self._folder / name).open("rb", buffering=_BUFFER) as lines:
                yield from lines

    def drop(self, name: str) -> None:
        """Take a file away that is not needed any more."""
        if name in self._written:
            file = self._open.pop(name, None)
            if file is not None:
                file.close()
            (self._folder / name).unlink()
            del self._written[name]

    def close(self) -> None:
        """Close all files."""
        for file in self._open.values():
            file.close()
        self._open.clear()


@contextmanager
def spool() -> Generator[Spool]:
    """Make a spool for the length of a `with` block."""
    with TemporaryDirectory(prefix="mkg-load-") as folder:
        made = Spool(Path(folder))
        try:
            yield made
        finally:
            made.close()


def share_of(key: str, shares: int) -> int:
    """Return which of so many files a key belongs to; the same in every process."""
    return zlib.crc32(key.encode()) % shares
