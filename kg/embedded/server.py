"""The process that holds the embedded Neo4j: `python -m kg.embedded.server`, started by `process` alone."""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from kg.embedded.conf import conf_text, rules
from kg.embedded.failures import explained
from kg.embedded.jars import locked_jars
from kg.embedded.places import Places
from kg.embedded.state import BUSY, Run, locked, write_run
from kg.errors import EmbeddedError

_PATIENCE: Final = 60.0  # Seconds for the database to open once the server stands.
_AFTER_PARENT: Final = 7.0  # Seconds that a tied server has to stop in order before it ends at once.
_LITTLE: Final = 64 << 20  # Bytes; a new transaction log takes half of it.


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve one data directory until SIGTERM, or until the parent is gone; returns the exit code."""
    given = _parsed(arguments)
    places = Places(given.data_dir)
    os.umask(0o077)
    with locked(places.lock) as ours:
        if not ours:
            return BUSY
        run = Run("starting", os.getpid(), given.version)
        try:
            write_run(places.run, run)
            _serve(given, places, run, _stop_event(given.parent))
            places.run.unlink(missing_ok=True)
        except EmbeddedError as error:
            # The cause last: the start shows the last line of this log.
            print(*(part for part in (error.message, error.place) if part), sep="\n", file=sys.stderr, flush=True)
            with suppress(OSError):
                write_run(places.run, replace(run, state="failed", message=error.message, hint=error.hint))
            return 1
    return 0


def _serve(given: argparse.Namespace, places: Places, run: Run, stop: threading.Event) -> None:
    # Imported while Java starts: the driver takes half a second.
    ahead = threading.Thread(target=importlib.import_module, args=("kg.embedded.probe",))
    ahead.start()
    from kg.embedded import engine

    running: engine.Engine | None = None
    try:
        password = places.password.read_text(encoding="utf-8").strip()
        settings = rules(port=given.port, heap=given.heap, page_cache=given.page_cache, deadline=given.deadline)
        places.conf.write_text(conf_text(settings), encoding="utf-8")
        # The pinned jars by name, and not whatever lies in the folder.
        jars = [given.jars / jar.file_name for jar in locked_jars()]
        engine.start_java(jars, heap=given.heap, fast_start=given.fast_start)
        if not (places.home / "data" / "databases" / "system").exists():
            engine.set_first_password(places.home, password)
        running = engine.Engine(places.home, places.conf, places.logs)
        port = running.port()
        ahead.join()
        from kg.embedded import probe

        uri = f"bolt://127.0.0.1:{port}"
        if not probe.accepts(uri, password):
            # The password file was lost and made again; whoever owns the store owns its users.
            running.set_password(password)
        probe.check(uri, password, settings, patience=_PATIENCE)
        write_run(places.run, replace(run, state="running", port=port))
        stop.wait()
        write_run(places.run, replace(run, state="stopping"))
    except EmbeddedError:
        raise
    except Exception as error:
        told = [*engine.causes(error)] or [f"{type(error).__name__}: {error}"]
        # On a full disk Neo4j often fails with something else first.
        full = shutil.disk_usage(places.data_dir).free < _LITTLE
        raise explained([*told, *(["No space left on device"] if full else [])], given.port) from error
    finally:
        if running is not None:
            running.stop()


def _stop_event(parent: int) -> threading.Event:
    """Return what is set at SIGTERM, at SIGINT, or when `parent` is gone (0: none is watched)."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    if parent:
        threading.Thread(target=_watch, args=(parent, stop), daemon=True).start()
    return stop


def _watch(parent: int, stop: threading.Event) -> None:
    # A process whose parent has ended gets another one, however the first one ended.
    while os.getppid() == parent:
        time.sleep(0.25)
    stop.set()
    time.sleep(_AFTER_PARENT)
    os._exit(1)


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kg.embedded.server")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--jars", type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--heap", required=True)
    parser.add_argument("--page-cache", required=True)
    parser.add_argument("--deadline", type=float, required=True)
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--fast-start", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Neo4j is closed: nothing is left that the Java virtual machine would have to end in order.
    os._exit(code)
