"""Ends `mkg generate notes` by SIGKILL at random moments, has it go on, and compares with an unbroken run."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import orjson

from bench.children import MKG, PATIENCE, environment, mkg_load, mkg_writes, server
from bench.figures import Figure, Section
from generator.report.standing import standing
from generator.runs.layout import MANIFEST, is_folder_of_run
from kg.settings import Settings

ROWS: Final = 1000
PER_SHARD: Final = 100
_LOOK: Final = 0.01


def measure(folder: Path, times: int, seed: int = 1) -> Section:
    """Kill a run of 1,000 notes so many times and return what came of it.

    The notes are those of the shipped graph. The model is a server beside it that says the facts it is given, so that
    the time goes into what is tested: asking, checking and writing.
    """
    with server(folder, heap="512m", page_cache="64m") as settings, _model() as url:
        mkg_load(settings, "core")
        plan = folder / "plan.csv"
        mkg_writes(settings, "generate", "plan", "--total", ROWS, "--mode", "uniform", "--out", plan)
        words = ["notes", "--plan", str(plan), "--shard", str(PER_SHARD), "--model", "bench", "--model-url", url]
        whole, killed = folder / "whole", folder / "killed"
        mkg_writes(settings, "generate", *words, "--out", whole)
        writing = float(json.loads((whole / MANIFEST).read_bytes())["seconds"])
        stood = _killed(settings, [*words, "--out", str(killed)], killed, times, writing, seed)
        mkg_writes(settings, "generate", *words, "--out", killed, "--resume")
    names = sorted(path.name for path in whole.iterdir() if path.name != MANIFEST)
    other = sorted(path.name for path in killed.iterdir() if path.name != MANIFEST)
    same = sum((killed / name).read_bytes() == (whole / name).read_bytes() for name in {*names} & {*other})
    ids = [
        orjson.loads(line)["id"] for path in sorted(killed.glob("*.jsonl")) for line in path.read_bytes().splitlines()
    ]
    return Section(
        "Notes killed",
        (
            Figure("runs of notes ended by SIGKILL", times, "", f"{ROWS} rows, {PER_SHARD} to a shard, seed {seed}"),
            Figure("of them with rows there and rows missing", sum(0 < rows < ROWS for rows in stood), ""),
            Figure("files that differ from the unbroken run", len({*names, *other}) - same, "", f"of {len(names)}"),
            Figure("rows", len(ids), "", "after the last session"),
            Figure("rows twice", len(ids) - len(set(ids)), ""),
            Figure("unbroken run", ROWS / writing, "notes/s", "without the model: asking, checking, writing"),
        ),
    )


def _killed(settings: Settings, words: list[str], out: Path, times: int, writing: float, seed: int) -> list[int]:
    """Kill so many sessions and return how many rows were there after each.

    Of four, one at any moment of its start, and three at about a part of the work after they took the run up.
    """
    chance = random.Random(seed)
    stood: list[int] = []
    for number in range(times):
        before, begun = _noted(out), time.monotonic()
        child = subprocess.Popen(
            [*MKG, "generate", *words], env=environment(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        moment = chance.uniform(0.0, 2.0)
        if number % 4:
            while child.poll() is None and _noted(out) == before and time.monotonic() - begun < PATIENCE:
                time.sleep(_LOOK)
            moment *= 2 * writing / times
        with suppress(subprocess.TimeoutExpired):
            child.wait(moment)
        child.kill()
        child.wait()
        stood.append(sum(run.rows for run in standing(out).runs) if is_folder_of_run(out) else 0)
        sys.stderr.write(f"{number + 1}/{times}: {stood[-1]} rows\n")
    return stood


def _noted(out: Path) -> int:
    """Return when the manifest was written, in nanoseconds; a session that takes the run up writes it first."""
    with suppress(FileNotFoundError):
        return (out / MANIFEST).stat().st_mtime_ns
    return 0


class _Reteller(BaseHTTPRequestHandler):
    """Answers as a chat server: the facts of the prompt as a sentence, and a slip now and then to be mended."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = orjson.dumps({"choices": [{"message": {"content": _retold(asked)}}]})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        del format, args


def _retold(asked: Mapping[str, Any]) -> str:
    turns = [turn["content"] for turn in asked["messages"] if turn["role"] == "user"]
    # Who is told what to mend has the facts in the turn before.
    facts = next(text for text in reversed(turns) if text.startswith("Patient: "))
    slip = " There is an insulin pump." if asked["seed"] % 4 == 0 and facts == turns[-1] else ""
    return f"Seen today: {'. '.join(facts.splitlines())}.{slip}"


@contextmanager
def _model() -> Generator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Reteller) as there:
        thread = threading.Thread(target=there.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{there.server_address[1]}/v1"
        finally:
            there.shutdown()
