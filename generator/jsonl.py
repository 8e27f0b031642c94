"""Rows on disk as they come: a run that was cut off goes on where it stopped and ends in the same bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import orjson

from generator.errors import OutputRefused

try:
    import fcntl
except ImportError:  # Windows has no such locks; there the first run to end wins.
    fcntl = None

FORMAT: Final = 1

Row = dict[str, Any]


def _whole_row(row: Row) -> Row:
    return row


class RowFile:
    """The file of one run: `<out>.part` while it grows, `<out>` when it is whole, `<out>.manifest.json` beside it.

    The manifest's `run` says which run it is; two runs with the same `run` write the same bytes. Use it as a context;
    `rows` are those already there. A row counts from the moment its line is on the disk.
    """

    def __init__(
        self,
        out: Path,
        run: Mapping[str, Any],
        count: int,
        *,
        overwrite: bool = False,
        keep: Callable[[Row], Row] = _whole_row,
    ) -> None:
        """`count` is the number of rows of the whole run; `keep` says what of a row stays in memory as `rows`.

        Raises OutputRefused when the file belongs to another run.
        """
        self.out = out
        self._keep = keep
        self.rows: list[Row] = []
        self.finished = False
        self._run = {"format": FORMAT, **run, "rows": count}
        self._count = count
        self._part = out.with_name(out.name + ".part")
        self._manifest = out.with_name(out.name + ".manifest.json")
        self._overwrite = overwrite
        self._file: int | None = None

    def __enter__(self) -> Self:
        with _as_refusal(self.out):
            self.out.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._part, os.O_RDWR | os.O_CREAT, 0o644)
            _lock(self._file, self.out)
            try:
                self._take_up()
            except BaseException:
                self._close()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def append(self, row: Row) -> None:
        """Write one row; when this returns it survives a power cut."""
        self.extend([row])

    def extend(self, rows: Iterable[Row]) -> None:
        """Write rows that came quickly at once; when this returns they survive a power cut."""
        assert self._file is not None
        kept: list[Row] = []
        lines = bytearray()
        for row in rows:
            lines += orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
            kept.append(self._keep(row))
        with _as_refusal(self.out):
            _write(self._file, bytes(lines))
            os.fsync(self._file)
        self.rows += kept

    def finish(self) -> None:
        """Give the file its name, and note its SHA-256 in the manifest."""
        with _as_refusal(self.out):
            digest = _digest(self._part)
            self._part.replace(self.out)
            _sync_folder(self.out.parent)
            self._note({"sha256": digest})
        self.finished = True

    def _take_up(self) -> None:
        """Find out where an earlier run stopped."""
        known = self._read_manifest()
        same = known is not None and known.get("run") == self._run
        if self.out.exists() and not self._overwrite:
            self._take_up_whole(known if same else None)
        elif self._begun() and not self._overwrite:
            if not same:
                raise self._belongs_to_another(self._part, known)
            self.rows = self._complete_rows()
        else:
            # The old manifest goes first: without one no rows can be taken for those of this run.
            self._manifest.unlink(missing_ok=True)
            self._truncate(0)
            self.out.unlink(missing_ok=True)
            self._note({})

    def _take_up_whole(self, known: Mapping[str, Any] | None) -> None:
        if known is None:
            raise self._belongs_to_another(self.out, self._read_manifest())
        digest, noted = _digest(self.out), known.get("sha256")
        with self.out.open("rb") as file:
            rows = [self._keep(orjson.loads(line)) for line in file]
        # Without a digest the run was cut off between naming the file and noting it.
        if (noted is not None and noted != digest) or len(rows) != self._count:
            raise OutputRefused(
                "the file was changed after it was written",
                place=f"file {self.out}",
                hint="Take another name with --out, or --overwrite to write it again.",
            )
        if noted is None:
            self._note({"sha256": digest})
        self.rows, self.finished = rows, True

    def _begun(self) -> bool:
        return self._part.stat().st_size > 0

    def _complete_rows(self) -> list[Row]:
        """Return the rows whose line is whole, and cut off what follows them."""
        rows: list[Row] = []
        length = 0
        # Line by line: of a long run the file may be larger than the memory.
        with self._part.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n") or len(rows) == self._count:
                    break
                try:
                    rows.append(self._keep(orjson.loads(line)))
                except orjson.JSONDecodeError:
                    break
                length += len(line)
        self._truncate(length)
        return rows

    def _truncate(self, length: int) -> None:
        assert self._file is not None
        os.ftruncate(self._file, length)
        os.lseek(self._file, length, os.SEEK_SET)

    def _read_manifest(self) -> dict[str, Any] | None:
        try:
            return dict(orjson.loads(self._manifest.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def _note(self, found: Mapping[str, Any]) -> None:
        content = orjson.dumps({"run": self._run, **found}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        handle, temporary = tempfile.mkstemp(dir=self.out.parent, prefix=f".{self.out.name}-")
        try:
            _write(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(self._manifest)
        _sync_folder(self.out.parent)

    def _belongs_to_another(self, path: Path, known: Mapping[str, Any] | None) -> OutputRefused:
        other: Mapping[str, Any] = (known or {}).get("run") or {}
        differing = [name for name, value in self._run.items() if other.get(name) != value]
        why = f"its {', '.join(differing)} differ" if other else "it has no manifest"
        return OutputRefused(
            f"the file belongs to another run: {why}",
            place=f"file {path}",
            hint="Take another name with --out, or --overwrite to lose what is there.",
        )

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
            # Nothing was begun, or the part was only a place for the lock.
            if self._part.exists() and self._part.stat().st_size == 0:
                self._part.unlink()


def _lock(handle: int, out: Path) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise OutputRefused(
            "another run is writing this file",
            place=f"file {out}",
            hint="Wait for it, or take another name with --out.",
        ) from error


def _write(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make a new name survive a power cut; Windows cannot open a folder and needs no such thing."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _as_refusal(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise OutputRefused(
            f"the file cannot be written: {error.strerror}",
            place=f"file {path}",
            hint="Check the folder, its rights and the space on the disk.",
        ) from error
