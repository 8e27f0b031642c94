"""Which process serves a data directory: a lock it holds for life, and a file that says where it listens."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal, cast, get_args

from kg.errors import EmbeddedError

BUSY: Final = 75  # Exit code of a server that finds another one at work in its data directory.

RunState = Literal["starting", "running", "stopping", "failed"]


@dataclass(frozen=True, slots=True)
class Run:
    """One life of the server, as it tells it itself; only the lock says whether it still lives."""

    state: RunState
    pid: int
    version: str
    port: int | None = None
    message: str | None = None
    hint: str | None = None


def write_run(path: Path, run: Run) -> None:
    """Replace the file in one step, so that no reader sees half of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(run)) + "\n", encoding="utf-8")
    draft.replace(path)


def read_run(path: Path) -> Run | None:
    """Return what the file says, or None when there is none.

    Raises EmbeddedError when it cannot be read or makes no sense.
    """
    try:
        told: object = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(told, dict):
            raise TypeError("it is not an object")
        return _checked(Run(**cast("dict[str, object]", told)))  # type: ignore[arg-type]  # checked right there
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError) as error:
        raise EmbeddedError(
            f"The state of the embedded Neo4j cannot be read: {error}",
            place=str(path),
            hint="End the process that serves this data directory, then start again; the data are not in that file.",
        ) from error


def _checked(run: Run) -> Run:
    if run.state not in get_args(RunState):
        raise ValueError(f"there is no state {run.state!r}")
    pid, port = cast("object", run.pid), cast("object", run.port)
    if not isinstance(pid, int) or pid <= 0:
        raise ValueError(f"{pid!r} is not a process id")
    if run.state == "running" and not isinstance(port, int):
        raise ValueError(f"{port!r} is not a port")
    return run


@contextmanager
def locked(path: Path, *, patience: float = 2.0) -> Generator[bool]:
    """Hold the lock of `path`; yields False when another process kept it for `patience` seconds.

    A look by `is_locked` holds it for an instant, so a little patience is always needed.
    """
    import fcntl  # Not there on Windows, where a start is refused before.

    end = time.monotonic() + patience
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    yield False
                    return
            else:
                # A wipe may have removed the file meanwhile: then this lock guards nothing.
                if _is_file_of(descriptor, path):
                    yield True
                    return
        finally:
            os.close(descriptor)
        time.sleep(0.05)


def is_locked(path: Path) -> bool:
    """Whether another process holds the lock of `path`; raises EmbeddedError when this user may not look."""
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError as error:
        raise EmbeddedError(
            "This data directory belongs to another user",
            place=str(path.parent),
            hint="Use one of your own with MKG_DATA_DIR, or work as the user who started it.",
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _is_file_of(descriptor: int, path: Path) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False
