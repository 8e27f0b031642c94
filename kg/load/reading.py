"""Files as lines of text: plain or gzip, UTF-8 and nothing else, with guards against what is not a text file."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from kg.errors import FileUnreadable

MAX_LINE: Final = 1024 * 1024
MAX_UNPACKED: Final = 2 * 1024**3
MAX_RATIO: Final = 100
# A short text of one repeated line packs better than any guard should mind.
RATIO_FROM: Final = 8 * 1024**2

_GZIP: Final = b"\x1f\x8b"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file whose lines can be gone through as often as wanted; nothing is held in memory.

    Lines end with LF and keep their end, CR included. Raises FileUnreadable while being read.
    """

    path: Path
    name: str

    def __iter__(self) -> Iterator[str]:
        offset = 0
        for number, line in enumerate(_lines(self.path, self.name), start=1):
            if number == 1:
                _refuse_utf16(line, self.name)
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                at = offset + error.start
                raise FileUnreadable(
                    f"byte {line[error.start]:#04x} at offset {at} is not UTF-8",
                    place=f"{self.name}, line {number}",
                    hint=f"Convert the file: iconv -f WINDOWS-1251 -t UTF-8 {self.name} (or whatever its encoding is).",
                ) from error
            offset += len(line)
            yield text.removeprefix("\ufeff") if number == 1 else text


def text_file(path: Path) -> TextFile:
    """Return the file at `path`; raise FileUnreadable when there is none that can be read."""
    with _opened(path, path.name):
        return TextFile(path, path.name)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file as it is on the disk; raise FileUnreadable when it cannot be read."""
    with _opened(path, path.name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_in(paths: Sequence[Path], suffixes: Sequence[str]) -> tuple[TextFile, ...]:
    """Return the files that are named, and of each folder those that end with a suffix, in order of name.

    A suffix may be followed by `.gz`. Raises FileUnreadable when something is not there or a folder has none.
    """
    found: list[TextFile] = []
    endings = tuple(ending for suffix in suffixes for ending in (suffix, f"{suffix}.gz"))
    for path in paths:
        if not path.is_dir():
            found.append(text_file(path))
            continue
        inside = sorted(item for item in path.iterdir() if item.name.lower().endswith(endings) and item.is_file())
        if not inside:
            raise FileUnreadable(
                f"the folder has no file that ends with {' or '.join(endings)}",
                place=str(path),
                hint="Name the files themselves if they are called otherwise.",
            )
        found.extend(text_file(item) for item in inside)
    return tuple(found)


@contextmanager
def _opened(path: Path, name: str) -> Generator[BufferedReader]:
    """Open a regular file, and tell what is wrong with it in this package's own words."""
    try:
        if path.exists() and not path.is_file():
            what = "a folder" if path.is_dir() else "no regular file"
            raise FileUnreadable(f"this is {what}", place=str(path), hint="Name a file.")
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise FileUnreadable("there is no such file", place=str(path), hint="Check the path.") from error
    except PermissionError as error:
        hint = f"Give yourself the right: chmod u+r {name}"
        raise FileUnreadable("the file may not be read", place=str(path), hint=hint) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        what = "ends too early" if isinstance(error, EOFError) else f"is corrupt: {error}"
        hint = "Download it again; `gzip -t` shows whether it is whole."
        raise FileUnreadable(f"the gzip file {what}", place=str(path), hint=hint) from error
    except OSError as error:
        raise FileUnreadable(f"the file cannot be read: {error.strerror or error}", place=str(path)) from error


def _lines(path: Path, name: str) -> Iterator[bytes]:
    with _opened(path, name) as file:
        packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        if not packed:
            if path.suffix.lower() == ".gz":
                raise FileUnreadable(
                    "the file is no gzip file", place=str(path), hint="Take .gz off its name if it is plain text."
                )
            yield from _bounded(file, name)
            return
        size = path.stat().st_size
        unpacked = 0
        with gzip.GzipFile(fileobj=file) as inner:
            for line in _bounded(inner, name):
                unpacked += len(line)
                _refuse_bomb(unpacked, size, name)
                yield line


def _bounded(file: BufferedReader | gzip.GzipFile, name: str) -> Iterator[bytes]:
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise FileUnreadable(
                f"the line is longer than {MAX_LINE // 1024} KiB",
                place=f"{name}, line {number}",
                hint="Is this a text file with lines?",
            )
        yield line


def _refuse_bomb(unpacked: int, size: int, name: str) -> None:
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > size * MAX_RATIO):
        raise FileUnreadable(
            f"the gzip file unpacks to more than {unpacked // 1024**2} MiB from {size} bytes",
            place=name,
            hint=f"At most {MAX_UNPACKED // 1024**3} GiB and {MAX_RATIO} times its size are taken: unpack it yourself.",
        )


def _refuse_utf16(line: bytes, name: str) -> None:
    if line.startswith(_UTF16_MARKS):
        raise FileUnreadable(
            f"byte {line[0]:#04x} at offset 0 is not UTF-8: the file begins as UTF-16",
            place=f"{name}, line 1",
            hint=f"Convert the file: iconv -f UTF-16 -t UTF-8 {name}",
        )
