"""Runs `mkg` as a user does, in a process of its own, and measures that process: seconds, processor time, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import psutil

from kg.connect import address_of
from kg.embedded import control
from kg.settings import Settings, load_settings

# `mkg` of this environment, whatever the shell would find.
MKG: Final = (sys.executable, "-c", "from mkg.cli import main; main()")
PATIENCE: Final = 7200.0  # seconds that writing may take before it counts as hanging


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run of `mkg load` took: wall seconds, its own and the server's processor seconds, peak MB of memory.

    `loads` are its reports, one for each load that it made.
    """

    seconds: float
    cpu: float
    server_cpu: float
    peak: float
    loads: Sequence[dict[str, Any]]

    def step(self, name: str) -> float:
        """Return the seconds of one step over all loads."""
        return sum(load["steps"].get(name, 0.0) for load in self.loads)

    @property
    def writing(self) -> float:
        """The seconds in which nodes and edges were written."""
        return self.step("nodes") + self.step("edges")

    def told(self, what: str, *counts: str) -> int:
        """Return how many `nodes` or `edges` were new, changed or unchanged, over all loads."""
        return sum(load[what][name] for load in self.loads for name in counts)

    @property
    def loading(self) -> float:
        """The seconds of the loads themselves, without the start of Python."""
        return sum(load["seconds"] for load in self.loads)


def mkg_load(settings: Settings, *words: str) -> Ran:
    """Run `mkg load WORDS --json` on the running server of these settings; raise RuntimeError when it fails."""
    command = [*MKG, "load", *words, "--by", "bench", "--json"]
    server = psutil.Process(control.status(settings).pid)
    before = _busy(server)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        child = subprocess.Popen(command, env=environment(settings), stdout=out, stderr=err)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode != 0:
            raise RuntimeError(
                f"mkg load {' '.join(words)} ended with {child.returncode}: {err.read()[-2000:].decode()}"
            )
        told = orjson.loads(out.read())
    loads = told.get("loads", [told])
    return Ran(seconds, used.ru_utime + used.ru_stime, _busy(server) - before, used.ru_maxrss / 1024, loads)


def mkg_writes(settings: Settings, *words: object, **also: object) -> dict[str, Any]:
    """Run `mkg` with these words and these more variables, and return the JSON that it prints, if it was asked for any.

    Raises RuntimeError when it fails; that a note was rejected is no failure.
    """
    told: Mapping[str, str] = {name: str(value) for name, value in also.items()}
    command, variables = [*MKG, *map(str, words)], environment(settings) | told
    done = subprocess.run(command, env=variables, capture_output=True, check=False, timeout=PATIENCE)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"mkg {words[0]} {words[1]} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return orjson.loads(done.stdout) if "--json" in words else {}


@contextmanager
def server(folder: Path, **given: object) -> Generator[Settings]:
    """Run an embedded server on an empty data directory and a free port for the length of a `with` block."""
    settings = load_settings(data_dir=folder, bolt_port=0, neo4j_uri=None, **given)
    try:
        address_of(settings)
        yield settings
    finally:
        control.stop(settings)


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables by which another process finds the server of these settings."""
    told = {"MKG_DATA_DIR": settings.data_dir, "MKG_CACHE_DIR": settings.cache_dir, "MKG_BOLT_PORT": settings.bolt_port}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
    return kept | {name: str(value) for name, value in told.items()}


def _busy(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
