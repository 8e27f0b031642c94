"""Several processes that answer at one address: started, replaced when they die, and ended in order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import Any, Final

import structlog

from kg.errors import KgError, StoreError
from mkg.cli.console import show_error

log = structlog.get_logger("mkg.workers")

Work = Callable[[socket.socket], None]
"""What a worker does with its bound socket until SIGTERM; a function that can be pickled."""

CANNOT_START: Final = 3
"""The exit code of a worker that would fail in the same way again; uvicorn ends so when an application cannot start."""

_TICK: Final = 0.5
# Before a worker that lived for less than so many seconds is replaced, so many pass.
_SHORT: Final = 5.0
# One socket for each worker, and the kernel deals the connections out; from a common one, one worker may take them all.
_DEALT_OUT: Final = sys.platform == "linux"


def run(work: Work, listening: socket.socket, number: int, grace: float) -> None:
    """Have so many processes do that work at the address of `listening` until SIGTERM or SIGINT.

    `listening` is bound and not listened on; it is closed here. When stopped, a worker has `grace` seconds to end.
    Raises StoreError when a worker cannot start, after the others were ended.
    """
    stopping = threading.Event()
    with _heard(stopping), _places(listening) as place:
        seats = [_Seat(work, place) for _ in range(number)]
        try:
            while not stopping.is_set():
                wait([seat.process.sentinel for seat in seats], timeout=_TICK)
                for seat in seats:
                    seat.look(stopping)
        finally:
            _end(seats, grace)


class _Seat:
    """One worker, and after it those that replace it."""

    def __init__(self, work: Work, place: Callable[[], socket.socket]) -> None:
        self._work = work
        self._place = place
        self.process = self._started()

    def look(self, stopping: threading.Event) -> None:
        """Replace the worker when it is dead; raise StoreError when another one would not live either."""
        if stopping.is_set() or self.process.is_alive():
            return
        if self.process.exitcode == CANNOT_START:
            raise StoreError("a worker could not start", hint="Its reason stands above; try with one worker.")
        log.error("worker ended", pid=self.process.pid, exit_code=self.process.exitcode)
        if time.monotonic() - self._begun < _SHORT:
            stopping.wait(_SHORT)
        if not stopping.is_set():
            self.process = self._started()

    def _started(self) -> SpawnProcess:
        self._begun = time.monotonic()
        # This process keeps no listening socket: one that a dead worker had is gone, and its share goes to the others.
        with self._place() as mine:
            process = multiprocessing.get_context("spawn").Process(target=_worker, args=(self._work, mine))
            process.start()
        return process


def _worker(work: Work, listening: socket.socket) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    # Ctrl+C reaches every process of the terminal; the one that watches ends when all have ended.
    try:
        work(listening)
    except KeyboardInterrupt:
        pass
    except KgError as error:
        show_error(error, as_json=False)
        sys.exit(CANNOT_START)


def _end_with(parent: int) -> None:
    """Stop this worker when the process that watches it is gone, however that ended."""
    wait([parent])
    os.kill(os.getpid(), signal.SIGTERM)


def _end(seats: list[_Seat], grace: float) -> None:
    for seat in seats:
        if seat.process.is_alive():
            seat.process.terminate()
    end = time.monotonic() + grace
    for seat in seats:
        seat.process.join(max(0.0, end - time.monotonic()))
        if seat.process.is_alive():
            seat.process.kill()
            seat.process.join()


@contextmanager
def _heard(stopping: threading.Event) -> Generator[None]:
    """Set `stopping` at SIGTERM and SIGINT for the length of a `with` block."""
    before: dict[signal.Signals, Any] = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, lambda _number, _frame: stopping.set())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _places(listening: socket.socket) -> Generator[Callable[[], socket.socket]]:
    """Return what makes another socket bound to that address, for the length of a `with` block.

    A worker listens when it is ready to answer, and no connection is dealt out to it before.
    """
    if not _DEALT_OUT:
        with listening:
            yield listening.dup
        return
    family, address = listening.family, listening.getsockname()

    def bound() -> socket.socket:
        made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind(address)
        return made

    # Until here nobody else could take the port, from here on only processes of this user that ask to share it.
    listening.close()
    with bound():  # Keeps the port while no worker listens.
        yield bound
