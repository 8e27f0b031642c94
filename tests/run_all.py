"""What `run.py test`, `make check` and `.ci/run` all do: format, lint, types, imports and tests, with their times.

Names of steps as arguments run only those. Nothing of the user's is touched: the database and its password live in a
temporary folder, and a server named in the environment is not used. No process stays behind.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Final

import psutil

ROOT: Final = Path(__file__).resolve().parents[1]
MARK: Final = "MKG_TEST_RUN"
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("pyright",),
    "imports": ("lint-imports", "--no-logo"),
    # Two at once, each with servers of its own: a file of tests stays with one.
    "tests": ("python", "-m", "pytest", "-p", "tests.no_skips", "-n", "2", "--dist", "loadfile", "--durations=25"),
}
LONGEST: Final = 40 * 60  # seconds for one step; past that something hangs
GRACE: Final = 15  # seconds in which a server that a test started may finish its stop


def clean(environment: Mapping[str, str], folder: Path, run_id: str) -> dict[str, str]:
    """Return the environment of a run: only the cache as the user set it, data in `folder`, marked with `run_id`."""
    kept = {
        name: value
        for name, value in environment.items()
        if name == "MKG_CACHE_DIR" or not name.startswith(("MKG_", "NEO4J_"))
    }
    # pyright would ask its registry for a newer version of itself.
    return kept | {MARK: run_id, "MKG_DATA_DIR": str(folder / "data"), "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}


def left_behind(run_id: str) -> list[psutil.Process]:
    """Return the processes that carry the mark of a run and still live."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK) == run_id and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


@contextlib.contextmanager
def scratch() -> Generator[Path]:
    """Give a folder for the data of a run and remove it, whatever a killed server left in it."""
    folder = Path(tempfile.mkdtemp(prefix="mkg-check-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def step(name: str, environment: Mapping[str, str]) -> tuple[bool, float]:
    """Run one step; return whether it passed and its seconds."""
    program, *rest = STEPS[name]
    print(f"== {name}: {' '.join(STEPS[name])}", flush=True)
    begun = time.monotonic()
    try:
        # The programs are those beside this Python, whatever PATH has.
        command = [str(Path(sys.executable).parent / program), *rest]
        passed = subprocess.run(command, cwd=ROOT, env=environment, check=False, timeout=LONGEST).returncode == 0
    except subprocess.TimeoutExpired:
        print(f"{name} did not end in {LONGEST} s and was stopped", flush=True)
        passed = False
    return passed, time.monotonic() - begun


def main(names: Sequence[str]) -> int:
    """Run the named steps, or all; return 0 when all passed and nothing stayed behind."""
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        print(f"There is no step {unknown[0]!r}; the steps are {', '.join(STEPS)}.", file=sys.stderr)
        return 2
    run_id = uuid.uuid4().hex
    results: dict[str, tuple[bool, float]] = {}
    with scratch() as folder:
        environment = clean(os.environ, folder, run_id)
        try:
            for name in names or STEPS:
                results[name] = step(name, environment)
        finally:
            _, stayed = psutil.wait_procs(left_behind(run_id), timeout=GRACE)
            for process in stayed:
                with contextlib.suppress(psutil.Error):
                    print(f"left behind and ended: {process.pid} {' '.join(process.cmdline())[:200]}", flush=True)
                    process.kill()
    print("   ".join(f"{name} {'ok' if ok else 'FAILED'} {took:.0f} s" for name, (ok, took) in results.items()))
    return 0 if all(ok for ok, _ in results.values()) and not stayed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
