"""The server's process as others see it: started, waited for, signalled and reaped."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import psutil

import kg
from kg.embedded.jars import Progress
from kg.embedded.places import Places
from kg.embedded.state import BUSY, Run, is_locked, read_run
from kg.errors import EmbeddedError
from kg.settings import Settings

_START_WITHIN: Final = 240.0  # Seconds; a start after a crash replays the logs.
_TICK: Final = 0.05
_MODULE: Final = "kg.embedded.server"
# Would change the Java virtual machine or what it prints; the password is none of its business.
_NOT_INHERITED: Final = ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "NEO4J_PASSWORD")

# Servers that this process started, kept so that they can be reaped when they end.
_children: dict[int, subprocess.Popen[bytes]] = {}


def check_port(port: int) -> None:
    """Raise EmbeddedError when Bolt cannot listen on that port of loopback."""
    if port == 0:
        return
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        # As the server does it: a connection that closed a moment ago does not count.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as error:
            reserved = isinstance(error, PermissionError)
            raise EmbeddedError(
                f"Port {port} may not be used by this user" if reserved else f"Port {port} is taken",
                place=f"127.0.0.1:{port}",
                hint="Choose another with --port or MKG_BOLT_PORT; 0 takes a free one.",
            ) from error


def spawn(
    settings: Settings, places: Places, jars: Path, version: str, *, tied: bool, fast_start: bool
) -> subprocess.Popen[bytes]:
    """Start the server's process, in a session of its own and with its output in a log."""
    command = [
        # -P: what lies in the folder that the command runs in must not be imported.
        *(sys.executable, "-P", "-m", _MODULE),
        *("--data-dir", str(places.data_dir)),
        *("--jars", str(jars)),
        *("--version", version),
        *("--port", str(settings.bolt_port)),
        *("--heap", settings.heap),
        *("--page-cache", settings.page_cache),
        *("--deadline", str(settings.deadline)),
        *(("--parent", str(os.getpid())) if tied else ()),
        *(("--fast-start",) if fast_start else ()),
    ]
    if places.console.exists():
        places.console.replace(places.console.with_suffix(".log.1"))
    with os.fdopen(os.open(places.console, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as console:
        child = subprocess.Popen(  # noqa: S603  # our own module with our own arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            env=_environment(),
            start_new_session=True,
        )
    _children[child.pid] = child
    return child


def wait_until_running(places: Places, child: subprocess.Popen[bytes] | None, progress: Progress) -> None:
    """Return once the server answers: `child`, or the one that another process is starting.

    Raises EmbeddedError with the reason and the last line of the log when it ends before.
    """
    began = time.monotonic()
    told = -1
    while (passed := time.monotonic() - began) < _START_WITHIN:
        if int(passed) > told:
            told = int(passed)
            progress("starting Neo4j", told, 0)
        if child is not None and child.poll() == BUSY:
            child = None  # Another process was quicker: its server is as good.
        ended = child.poll() is not None if child is not None else not is_locked(places.lock)
        run = read_run(places.run)
        # Until the child has written its own state, the file tells of an earlier life.
        if run is not None and child is not None and run.pid != child.pid:
            run = None
        if run is not None and run.state == "running" and serves(places, run):
            return
        if ended:
            raise _failure(places, run)
        time.sleep(_TICK)
    if child is not None:
        child.kill()
        child.wait()
    raise EmbeddedError(
        f"The embedded Neo4j did not answer within {_START_WITHIN:.0f} s",
        place=_last_line(places),
        hint="Is the machine very busy? Look into the log, then start again.",
    )


def serves(places: Places, run: Run) -> bool:
    """Whether the process of that run lives and is the server of this directory, not a later one with its pid."""
    return _process(places, run) is not None


def end(places: Places, run: Run, *, force: bool = False) -> None:
    """Ask the server to stop in order, or by `force` end it at once."""
    process = _process(places, run)
    if process is not None:
        try:
            (process.kill if force else process.terminate)()
        except psutil.NoSuchProcess:
            return


def wait_until_gone(places: Places, run: Run, patience: float) -> bool:
    """Whether the directory came free and the run's process ended within `patience` seconds."""
    until = time.monotonic() + patience
    while is_locked(places.lock) or serves(places, run):
        if time.monotonic() >= until:
            return False
        time.sleep(_TICK)
    child = _children.pop(run.pid, None)
    if child is not None:
        child.wait()  # It closed its store and is past its last statement.
    return True


def reap() -> None:
    """Take note of the servers that this process started and that have ended."""
    for pid, child in list(_children.items()):
        if child.poll() is not None:
            del _children[pid]


def _environment() -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    # The server finds this very package, wherever it was imported from.
    source = str(Path(kg.__file__).parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(part for part in (source, os.environ.get("PYTHONPATH")) if part)
    if sys.platform == "linux":
        environment["LC_ALL"] = "C.UTF-8"  # Java reads the encoding of file names from here.
    return environment


def _process(places: Places, run: Run) -> psutil.Process | None:
    # The command line and not the time of start, which moves with the machine's clock.
    try:
        process = psutil.Process(run.pid)
        words = process.cmdline()
    except psutil.Error:
        return None
    return process if _MODULE in words and str(places.data_dir) in words else None


def _failure(places: Places, run: Run | None) -> EmbeddedError:
    if run is not None and run.state == "failed":
        return EmbeddedError(run.message or "Neo4j did not start", place=_last_line(places), hint=run.hint)
    return EmbeddedError(
        "The process of the embedded Neo4j ended while it started",
        place=_last_line(places),
        hint="The log tells why. MKG_HEAP and MKG_PAGE_CACHE set how much memory it takes.",
    )


def _last_line(places: Places) -> str:
    """Return the log's path and the last line in it that says something."""
    try:
        text = places.console.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    lines = [line.strip() for line in text.splitlines() if any(letter.isalpha() for letter in line)]
    return "\n".join((str(places.console), *lines[-1:]))
