"""How long work takes, in words, and what Ctrl-C does to it."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from mkg.cli.pace import Pace, rate_in_words, time_in_words

TWICE = """
import os, signal, time
from mkg.cli.interrupts import Interrupts
with Interrupts("first", "second") as interrupts:
    os.kill(os.getpid(), signal.SIGINT)
    assert interrupts.asked
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
"""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "60 min"), (3600, "1 h 0 min"), (12_000, "3 h 20 min")],
)
def test_time_is_told_as_people_say_it(seconds: float, words: str) -> None:
    assert time_in_words(seconds) == words


def test_what_is_slow_is_counted_by_the_minute() -> None:
    assert rate_in_words(12.34, "notes") == "12.3 notes/s"
    assert rate_in_words(0.05, "notes") == "3.0 notes/min"


def test_nothing_is_told_before_the_first_is_done_and_what_was_there_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    pace = Pace("notes", done=10)
    assert pace.told(10, 40) == ""
    now[0] += 5
    assert pace.told(20, 40) == "2.0 notes/s, 10 s left"


def test_ctrl_c_a_second_time_ends_the_process_at_once() -> None:
    began = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True, timeout=50, check=False)
    assert (ended.returncode, ended.stderr.split()) == (130, ["first", "second"])
    assert time.monotonic() - began < 50
