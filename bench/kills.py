"""Ends the loader or Neo4j by SIGKILL at random moments of a load, loads again, and compares with an unbroken graph."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import anyio
import orjson
import psutil

from bench.children import environment, server
from bench.figures import Figure, Section
from bench.standing import TIMES, standing
from kg.connect import address_of, connected
from kg.embedded import control
from kg.migrate import MIGRATIONS
from kg.settings import Settings
from kg.statements import Statement, fixed

Victim = Literal["loader", "neo4j"]

# How long a loader may go on, in seconds, before that counts as hanging: one that finds Neo4j dead at its own start
# starts it again and goes on to the end.
PATIENCE: Final = 600.0
_LOOK: Final = 0.02
_EMPTY: Final = Statement(
    "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 2000 ROWS RETURN count(n) AS gone"
)
_BROKEN_OFF: Final = Statement(
    "MATCH (c:ChangeSet) OPTIONAL MATCH (b:ChangeBatch {change_set: c.id}) "
    "RETURN c.status AS status, count(b) AS batches"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """So many seconds after the loader said that it begins a step, or after its start."""

    step: bytes | None
    after: float


@dataclass(frozen=True, slots=True)
class Broken:
    """One load that was broken off: what was killed, how late, where it stood, and what became of it.

    `stood` is `before` (nothing written), `within` (an open change set) or `after` (it had finished). `same` says that
    the graph was the unbroken one, to the byte, once the load had been run again. `told` is what the loader said.
    """

    victim: Victim
    after: float
    stood: Literal["before", "within", "after"]
    same: bool
    told: str


def measure(folder: Path, shared: Path, times: int, seed: int = 1) -> Section:
    """Break off so many loads of Hetionet's clinical files and return what became of them."""
    with server(folder, heap="512m", page_cache="64m") as settings:
        broken = broken_off(settings, ("hetionet", str(shared / "hetionet")), times, seed)
    stood = Counter(one.stood for one in broken)
    killed = Counter(one.victim for one in broken)
    traces = sum("Traceback" in one.told for one in broken)
    return Section(
        "Kills",
        (
            Figure("loads broken off by SIGKILL", times, "", f"{killed['loader']} loaders, {killed['neo4j']} Neo4j"),
            Figure("of them while the change set was open", stood["within"], "", f"{stood['before']} before it"),
            Figure("same graph after running it again", sum(one.same for one in broken), "", "byte by byte, no times"),
            Figure("tracebacks of the loader", traces, "", f"seed {seed}"),
        ),
    )


def broken_off(settings: Settings, words: Sequence[str], times: int, seed: int) -> list[Broken]:
    """Break off `mkg load WORDS` on the running server of these settings so many times, each on an empty graph."""
    chance = random.Random(seed)
    _run(settings, words)
    _emptied(settings)
    seconds, writing = _run(settings, words)
    unbroken = _standing(settings)
    found: list[Broken] = []
    for number in range(times):
        _emptied(settings)
        victim: Victim = "neo4j" if number % 2 else "loader"
        # Of four, one at any moment of the whole run, and three while it writes, where there is most to break.
        moment = Moment(None, chance.uniform(0.0, 1.0) * seconds)
        if number % 4:
            moment = Moment(b"write", chance.uniform(0.0, 1.0) * writing)
        told = _break(settings, words, victim, moment)
        address_of(settings)
        stood = _stood(settings)
        _run(settings, words)
        same = _standing(settings) == unbroken
        found.append(Broken(victim, moment.after, stood, same, told))
        sys.stderr.write(
            f"{number + 1}/{times}: {victim} after {moment.after:.1f} s, {stood}, {'same' if same else 'OTHER'}\n"
        )
    return found


def _command(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-c", "from mkg.cli import main; main()", "load", *words, "--by", "bench", "--json"]


def _run(settings: Settings, words: Sequence[str]) -> tuple[float, float]:
    """Run the load to its end; return the seconds that it took all in all, and for writing."""
    begun = time.monotonic()
    done = subprocess.run(_command(words), env=environment(settings), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"mkg load {' '.join(words)} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    steps = orjson.loads(done.stdout)["steps"]
    return time.monotonic() - begun, steps.get("nodes", 0.0) + steps.get("edges", 0.0)


def _break(settings: Settings, words: Sequence[str], victim: Victim, moment: Moment) -> str:
    """Start the load, kill the victim at that moment, wait for the loader's end; return what it said."""
    pid = control.status(settings).pid
    assert pid is not None
    with tempfile.NamedTemporaryFile() as said:
        loader = subprocess.Popen(_command(words), env=environment(settings), stdout=said, stderr=said)
        try:
            while moment.step and loader.poll() is None and moment.step not in Path(said.name).read_bytes():
                time.sleep(_LOOK)
            with suppress(subprocess.TimeoutExpired):
                loader.wait(moment.after)
            if victim == "loader":
                loader.kill()
            else:
                process = psutil.Process(pid)
                process.kill()
                psutil.wait_procs([process], 30)
            loader.wait(PATIENCE)
        finally:
            loader.kill()
            loader.wait()
        return Path(said.name).read_text("utf-8")


def _emptied(settings: Settings) -> None:
    async def work() -> None:
        async with connected(settings) as graph:
            await graph.store.command(_EMPTY)
            await graph.store.command(fixed("write/migration_done", id=MIGRATIONS[-1], sha256=""))

    anyio.run(work)


def _standing(settings: Settings) -> bytes:
    async def work() -> bytes:
        async with connected(settings) as graph:
            return await standing(graph.store, without=TIMES)

    return anyio.run(work)


def _stood(settings: Settings) -> Literal["before", "within", "after"]:
    async def work() -> Literal["before", "within", "after"]:
        async with connected(settings) as graph:
            rows = await graph.store.read(_BROKEN_OFF)
        if not rows:
            return "before"
        return "after" if rows[0]["status"] == "done" else "within"

    return anyio.run(work)
