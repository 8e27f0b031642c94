"""Where an export is written: under another name first, so that what stands at the path is always whole."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kg.errors import DataError


@contextmanager
def whole(path: Path, *, folder: bool) -> Generator[Path]:
    """Give a file or folder to write to; it becomes `path` when the `with` block ends well, and is removed otherwise.

    Raises DataError when there is something at `path` already, or when it cannot be written.
    """
    if path.exists() and not (folder and path.is_dir() and not any(path.iterdir())):
        raise DataError("there is something at this path already", place=str(path), hint="Name another, or remove it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as beside:
            inside = Path(beside) / path.name
            if folder:
                inside.mkdir()
            yield inside
            if path.is_dir():
                path.rmdir()
            inside.rename(path)
    except OSError as error:
        raise DataError(
            f"the export cannot be written: {error.strerror or error}", place=str(path), hint="Is there room and leave?"
        ) from error


@contextmanager
def text_at(path: Path) -> Generator[IO[str]]:
    """Open a file for text with LF at the ends of lines, packed when its name ends with .gz; on the disk at the end."""
    with path.open("wb") as raw:
        if path.suffix == ".gz":
            # Neither name nor time in the head, so that the same text gives the same bytes.
            with (
                gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed,
                io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
            ):
                yield text
        else:
            text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
            yield text
            text.flush()
            text.detach()
        raw.flush()
        os.fsync(raw.fileno())


def described(path: Path) -> list[dict[str, Any]]:
    """Return name, size in bytes and SHA-256 of the file, or of each file in the folder."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [{"name": file.name, "bytes": file.stat().st_size, "sha256": _sha256(file)} for file in files]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
