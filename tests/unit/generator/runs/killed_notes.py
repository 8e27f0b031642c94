"""A run of notes that is killed over and over: each session is a process of its own, and ends by SIGKILL.

Run as a program: a folder to write to, how many kills, and the seed of their moments. It writes the same runs unbroken
and killed, into a file and into shards, and prints how many rows were there after each kill.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import anyio

import generator.exports.parquet  # noqa: F401  so that no session spends its life on the import
from generator.notes import Target, write_notes
from generator.notes.order import order_of_codes
from generator.prompt import Prompt
from generator.recipe import find_recipe
from generator.report.standing import standing
from tests.unit.generator.hand_graph import HandGraph
from tests.unit.generator.scribe import Scribe, retold

PARTS = (("J20", 13), ("E11", 9), ("G43", 14))
PER_SHARD = 10


def sometimes_wrong(prompt: Prompt, seed: int) -> str:
    """Make something up in two of three texts, so that rows need attempts of different number."""
    time.sleep(0.002)
    return retold(prompt, seed) + (" Aspirin is given as well." if seed % 3 else "")


def write(out: Path, width: int) -> None:
    """Write the run, or go on with it."""

    async def work() -> None:
        graph = HandGraph()
        order = await order_of_codes(graph, PARTS)
        model = Scribe(sometimes_wrong, width=width)
        target = Target(out, None if out.suffix else PER_SHARD)
        await write_notes(graph, model, find_recipe("outpatient-en"), order, 7, target)

    anyio.run(work)


def killed(out: Path, width: int, times: int, chance: random.Random, seconds: float) -> list[int]:
    """Kill so many sessions within their first `seconds`, then let one come to its end; return the rows after each."""
    rows: list[int] = []
    for _ in range(times):
        child = os.fork()
        if not child:
            write(out, width)
            os._exit(0)
        time.sleep(chance.uniform(0.01, seconds))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        rows.append(sum(run.rows for run in standing(out).runs) if begun(out) else 0)
    write(out, width)
    return rows


def begun(out: Path) -> bool:
    manifest = out.with_name(f"{out.name}.manifest.json") if out.suffix else out / "manifest.json"
    return manifest.exists()


def main(folder: Path, times: int, seed: int) -> dict[str, list[int]]:
    chance = random.Random(seed)
    told: dict[str, list[int]] = {}
    for name, width in (("notes.jsonl", 3), ("notes", 4)):
        started = time.monotonic()
        write(folder / "whole" / name, width)
        # A third of the whole is made in each session at most, so that many of them are needed.
        told[name] = killed(folder / "killed" / name, width, times, chance, (time.monotonic() - started) / 3)
    return told


if __name__ == "__main__":
    where, number, moments = sys.argv[1:]
    print(json.dumps(main(Path(where), int(number), int(moments))))
