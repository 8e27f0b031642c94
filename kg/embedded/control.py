"""Starts, stops and wipes the embedded Neo4j of a data directory, and tells how it is."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pydantic import SecretStr

from kg.embedded.folder import prepare, prepare_store, read_password, remove_store
from kg.embedded.jars import Progress, ensure_jars, jars_dir, locked_jars, neo4j_version
from kg.embedded.places import Places
from kg.embedded.process import check_port, end, reap, serves, spawn, wait_until_gone, wait_until_running
from kg.embedded.state import is_locked, locked, read_run
from kg.errors import EmbeddedError
from kg.settings import Settings

_STOP_WITHIN: Final = 60.0
_STOP_AFTER_SECOND: Final = 20.0


@dataclass(frozen=True, slots=True)
class Status:
    """How the embedded Neo4j of a data directory is.

    `uri` is there while it runs, `pid` while a process has the directory, `version` is that of Neo4j.
    """

    state: Literal["running", "starting", "stopped", "crashed"]
    uri: str | None
    pid: int | None
    version: str
    data_dir: Path


def _silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def status(settings: Settings) -> Status:
    """Return how the embedded Neo4j is; raises EmbeddedError when its state file makes no sense while it runs."""
    return _status(_places(settings))


def start(settings: Settings, *, progress: Progress = _silent, tied: bool = False, fast_start: bool = False) -> Status:
    """Start the embedded Neo4j, or find it running, and return its status when it answers queries.

    Takes 5 to 30 seconds, and longer the first time, when 140 MB are fetched; `progress` hears of the jars
    (so many of so many) and then of the seconds (of 0). The server outlives this process, unless it is `tied`
    to it. `fast_start` trades speed for a quicker start, for tests. Raises EmbeddedError naming what stands in
    the way; then nothing runs.
    """
    _refuse_external(settings)
    _refuse_windows()
    places = _places(settings)
    prepare(places)
    if (now := _status(places)).state == "running":
        return now
    if now.state == "stopped" and (ending := read_run(places.run)) is not None:
        wait_until_gone(places, ending, _STOP_WITHIN)
    child = None
    if now.state != "starting":
        jars = locked_jars()
        version = neo4j_version(jars)
        folder = jars_dir(settings.cache_dir.absolute(), version)
        ensure_jars(jars, folder, progress)
        prepare_store(places, version)
        check_port(settings.bolt_port)
        child = spawn(settings, places, folder, version, tied=tied, fast_start=fast_start)
    wait_until_running(places, child, progress)
    return _status(places)


def stop(settings: Settings) -> Status:
    """Stop the embedded Neo4j in order and return when its store is closed; does nothing when none runs.

    Raises EmbeddedError when it had to be ended by force.
    """
    _refuse_external(settings)
    places = _places(settings)
    run = read_run(places.run)
    if run is not None and is_locked(places.lock):
        for patience in (_STOP_WITHIN, _STOP_AFTER_SECOND):
            end(places, run)
            if wait_until_gone(places, run, patience):
                break
        else:
            end(places, run, force=True)
            wait_until_gone(places, run, _STOP_AFTER_SECOND)
            raise EmbeddedError(
                f"The embedded Neo4j did not stop within {_STOP_WITHIN + _STOP_AFTER_SECOND:.0f} s"
                " and was ended by force",
                place=str(places.logs / "debug.log"),
                hint="What was acknowledged is safe: the next start recovers it.",
            )
    if not is_locked(places.lock):
        places.run.unlink(missing_ok=True)
    return _status(places)


def wipe(settings: Settings) -> None:
    """Remove the database, its password, its logs and its run files, and nothing else of the data directory.

    Raises EmbeddedError while a server uses it, or when the store was not made by mkg.
    """
    _refuse_external(settings)
    places = _places(settings)
    if not places.data_dir.is_dir():
        return
    with locked(places.lock, patience=0.2) as ours:
        if not ours:
            raise EmbeddedError(
                "The embedded Neo4j is running", place=str(places.data_dir), hint="Stop it first: mkg db stop."
            )
        remove_store(places)


def password(settings: Settings) -> SecretStr:
    """Return the password of the user `neo4j`; raises EmbeddedError when there is none or others may read it."""
    return SecretStr(read_password(_places(settings).password))


def _places(settings: Settings) -> Places:
    return Places(settings.data_dir.absolute())


def _status(places: Places) -> Status:
    version = neo4j_version(locked_jars())
    reap()
    held = is_locked(places.lock)
    try:
        run = read_run(places.run)
    except EmbeddedError:
        if held:
            raise
        return Status("crashed", None, None, version, places.data_dir)
    if not held:
        over = run is None or run.state == "failed"
        return Status("stopped" if over else "crashed", None, None, version, places.data_dir)
    if run is None or not serves(places, run) or run.state == "starting":
        # The file may tell of an earlier life until the process that has the lock has written its own.
        return Status("starting", None, None if run is None else run.pid, version, places.data_dir)
    if run.state == "running":
        return Status("running", f"bolt://127.0.0.1:{run.port}", run.pid, run.version, places.data_dir)
    return Status("stopped", None, run.pid, version, places.data_dir)


def _refuse_external(settings: Settings) -> None:
    if settings.neo4j_uri is not None:
        raise EmbeddedError(
            "NEO4J_URI names another server, so the embedded Neo4j is not in use",
            place=f"setting NEO4J_URI = {settings.neo4j_uri}",
            hint="Unset it to use the embedded one; start and stop that server with its own tools.",
        )


def _refuse_windows() -> None:
    if sys.platform == "win32":
        raise EmbeddedError(
            "The embedded Neo4j runs on Linux and macOS",
            hint="On Windows use it inside WSL, or set NEO4J_URI to a server.",
        )
