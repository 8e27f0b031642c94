"""The pieces of a note while it is written: appended by the model's thread, read by whoever watches."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson


class Live:
    """Takes the pieces of one note. Use it as a context; the file is gone when it ends, for the note has it all then.

    A file needs no memory for those who read slowly and never makes the model wait for them.
    """

    def __init__(self, path: Path) -> None:
        self.pieces = 0
        self._path = path
        self._file = os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600), "wb", buffering=0
        )
        # A note that is given up leaves a thread behind that may have one more piece to tell.
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._file.close()
        self._path.unlink(missing_ok=True)

    def hear(self, attempt: int, piece: str) -> None:
        """Write one piece down."""
        with self._lock:
            if not self._file.closed:
                self.pieces += 1
                # A full disk costs the preview; the note itself says so when it is written down.
                with suppress(OSError):
                    self._file.write(orjson.dumps([attempt, piece], option=orjson.OPT_APPEND_NEWLINE))


def read_live(path: Path, offset: int) -> tuple[Sequence[tuple[int, str]], int]:
    """Return the text since `offset` bytes, joined for each attempt, and where the next look begins."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            content = file.read()
    except FileNotFoundError:
        return (), offset
    whole = content[: content.rfind(b"\n") + 1]
    joined: dict[int, str] = {}
    for line in whole.splitlines():
        attempt, piece = orjson.loads(line)
        joined[attempt] = joined.get(attempt, "") + piece
    return tuple(joined.items()), offset + len(whole)
