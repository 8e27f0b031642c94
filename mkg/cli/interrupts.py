"""What Ctrl-C means in the middle of a long run: the first ends it tidily, the second at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Final, Self

from mkg.cli.console import err

INTERRUPTED: Final = 130


class Interrupts:
    """Takes Ctrl-C for the length of a `with` block; `asked` says that it was pressed.

    A second one ends the process where it stands, which is as good as a kill: what was written before stays whole.
    """

    def __init__(self, first: str, second: str) -> None:
        """`first` and `second` are what is said each time."""
        self.asked = False
        self._said = (first, second)
        self._before: Callable[[int, FrameType | None], Any] | int | None = None

    def __enter__(self) -> Self:
        # Elsewhere than in the main thread nobody may set handlers, and no Ctrl-C arrives.
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._taken)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _taken(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.asked:
            # A model that computes cannot be told to stop, and the process would wait for it.
            err.show_cursor()
            err.print(self._said[1])
            os._exit(INTERRUPTED)
        self.asked = True
        err.print(self._said[0])
