"""Writing that survives a power cut, and a lock that a killed process lets go of."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from generator.errors import OutputRefused

try:
    import fcntl
except ImportError:  # Windows has no such locks; there the first run to end wins.
    fcntl = None

# A look at how far a run is holds the lock for a moment (`is_locked`), so it is asked for more than once.
_TRIES: Final = 5
_BETWEEN: Final = 0.05  # seconds


def lock(handle: int, out: Path) -> None:
    """Take the lock of an open file; it lasts until the file is closed. Raises OutputRefused when another has it."""
    if fcntl is None:
        return
    for left in reversed(range(_TRIES)):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if not left:
                raise OutputRefused(
                    "another run is writing here",
                    place=str(out),
                    hint="Wait for it, or take another name with --out.",
                ) from error
            time.sleep(_BETWEEN)


def is_locked(path: Path) -> bool:
    """Say whether a run holds the lock of a file."""
    if fcntl is None or not path.is_file():
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def write_all(handle: int, content: bytes) -> None:
    """Write all bytes to an open file."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def replace_whole(path: Path, content: bytes) -> None:
    """Put a small file in place of another: after a power cut it is the old one or the new one."""
    temporary = hidden_beside(path)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        write_all(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    temporary.replace(path)
    sync_folder(path.parent)


def hidden_beside(path: Path) -> Path:
    """Return where a file is written before it takes its name; one name, so that kills leave one such file at most."""
    return path.with_name(f".{path.name}.new")


def sync_file(path: Path) -> None:
    """Make the content of a file survive a power cut."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a new name survive a power cut; Windows cannot open a folder and needs no such thing."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def as_refusal(path: Path) -> Generator[None]:
    """Turn what the disk says into OutputRefused."""
    try:
        yield
    except OSError as error:
        raise OutputRefused(
            f"the file cannot be written: {error.strerror}",
            place=f"file {path}",
            hint="Check the folder, its rights and the space on the disk.",
        ) from error
