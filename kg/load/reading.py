"""Files as text: plain, gzip or bzip2, UTF-8 and nothing else, with guards against what is not a text file."""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Final

from kg.errors import FileUnreadable

MAX_LINE: Final = 1024 * 1024
MAX_UNPACKED: Final = 2 * 1024**3
MAX_RATIO: Final = 100
# A short text of one repeated line packs better than any guard should mind.
RATIO_FROM: Final = 8 * 1024**2

PIECE: Final = 64 * 1024
# After how many lines or pieces it is looked how far the reading is.
_GAUGED: Final = 1_000

_GZIP: Final = b"\x1f\x8b"
_BZIP2: Final = b"BZh"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Gauge:
    """How far a file has been read: the furthest byte, counted as the file lies on the disk."""

    position: int = 0


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that can be gone through as often as wanted; nothing is held in memory.

    Raises FileUnreadable while being read.
    """

    path: Path
    name: str
    gauge: Gauge = field(default_factory=Gauge, compare=False)

    def __iter__(self) -> Iterator[str]:
        """Yield the lines; they end with LF and keep their end, CR included."""
        offset = 0
        for number, line in enumerate(_lines(self), start=1):
            if number == 1:
                _refuse_utf16(line, self.name)
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise _not_utf8(self.name, f", line {number}", line[error.start], offset + error.start) from error
            offset += len(line)
            yield text.removeprefix("\ufeff") if number == 1 else text

    def pieces(self) -> Iterator[str]:
        """Yield the text in pieces of at most 64 Ki characters, wherever its lines end."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        offset = 0
        with _unpacked(self) as file:
            while piece := file.read(PIECE):
                if offset == 0:
                    _refuse_utf16(piece, self.name)
                try:
                    text = decoder.decode(piece)
                except UnicodeDecodeError as error:
                    pending = len(error.object) - len(piece)
                    raise _not_utf8(self.name, "", error.object[error.start], offset - pending + error.start) from error
                first = offset == 0
                offset += len(piece)
                yield text.removeprefix("\ufeff") if first else text
            if decoder.getstate()[0]:
                raise FileUnreadable("the file ends inside a character", place=self.name, hint="Download it again.")

    def head(self) -> str:
        """Return the first 64 Ki characters at most, for looking at; what is not UTF-8 there is replaced."""
        with _unpacked(self) as file:
            return file.read(PIECE).decode("utf-8", errors="replace").removeprefix("\ufeff")


def text_file(path: Path) -> TextFile:
    """Return the file at `path`; raise FileUnreadable when there is none that can be read."""
    with _opened(path, path.name):
        return TextFile(path, path.name)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file as it is on the disk; raise FileUnreadable when it cannot be read."""
    with _opened(path, path.name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
        hint = "Download it again; `gzip -t` or `bzip2 -t` shows whether it is whole."
        raise FileUnreadable(f"the packed file {what}", place=str(path), hint=hint) from error
    except OSError as error:
        if error.errno is None:
            # bz2 tells of damage by an OSError that no system call made.
            hint = "Download it again; `bzip2 -t` shows whether it is whole."
            raise FileUnreadable(f"the packed file is corrupt: {error}", place=str(path), hint=hint) from error
        raise FileUnreadable(f"the file cannot be read: {error.strerror or error}", place=str(path)) from error


@contextmanager
def _unpacked(file: TextFile) -> Generator[_Watched]:
    """Open the file and take off its packing, whatever its name says."""
    path, name = file.path, file.name
    with _opened(path, name) as raw:
        begin = raw.read(len(_BZIP2))
        raw.seek(0)
        size = path.stat().st_size
        if begin.startswith(_GZIP):
            with gzip.GzipFile(fileobj=raw) as inner:
                yield _Watched(inner, raw, file, size)
        elif begin == _BZIP2:
            with bz2.BZ2File(raw) as inner:
                yield _Watched(inner, raw, file, size)
        else:
            if path.suffix.lower() in (".gz", ".bz2"):
                kind = "gzip" if path.suffix.lower() == ".gz" else "bzip2"
                hint = f"Take {path.suffix} off its name if it is plain text."
                raise FileUnreadable(f"the file is no {kind} file", place=str(path), hint=hint)
            yield _Watched(raw, raw, file, None)


class _Watched:
    """A file that is being read: watches how much comes out of a packed one, and keeps how far it is."""

    def __init__(
        self,
        inner: BufferedReader | gzip.GzipFile | bz2.BZ2File,
        raw: BufferedReader,
        file: TextFile,
        packed: int | None,
    ) -> None:
        self._inner = inner
        self._raw = raw
        self._file = file
        self._packed = packed
        self._out = 0
        self._times = 0

    def read(self, size: int) -> bytes:
        return self._seen(self._inner.read(size))

    def readline(self, size: int) -> bytes:
        return self._seen(self._inner.readline(size))

    def _seen(self, data: bytes) -> bytes:
        if self._packed is not None:
            self._out += len(data)
            _refuse_bomb(self._out, self._packed, self._file.name)
        self._times += 1
        if not data or self._times % _GAUGED == 0:
            gauge = self._file.gauge
            gauge.position = max(gauge.position, self._raw.tell())
        return data


def _lines(file: TextFile) -> Iterator[bytes]:
    number = 0
    with _unpacked(file) as inner:
        while line := inner.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise FileUnreadable(
                    f"the line is longer than {MAX_LINE // 1024} KiB",
                    place=f"{file.name}, line {number}",
                    hint="Is this a text file with lines?",
                )
            yield line


def _not_utf8(name: str, where: str, byte: int, at: int) -> FileUnreadable:
    return FileUnreadable(
        f"byte {byte:#04x} at offset {at} is not UTF-8",
        place=f"{name}{where}",
        hint=f"Convert the file: iconv -f WINDOWS-1251 -t UTF-8 {name} (or whatever its encoding is).",
    )


def _refuse_bomb(unpacked: int, size: int, name: str) -> None:
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > size * MAX_RATIO):
        raise FileUnreadable(
            f"the packed file unpacks to more than {unpacked // 1024**2} MiB from {size} bytes",
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
