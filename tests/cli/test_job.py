"""`mkg job` over the queue that the service has, with the real model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.settings import Settings

pytestmark = [pytest.mark.neo4j, pytest.mark.model]

Run = Callable[..., Any]


@pytest.fixture
def own_jobs(loaded: Settings) -> Iterator[Path]:
    """The folder of the jobs; what a test leaves in it is nobody else's business."""
    folder = loaded.data_dir / "jobs"
    yield folder
    for job in folder.glob("*/job.json"):
        job.unlink()


def test_a_job_waits_for_a_service_and_can_be_listed_and_cancelled(mkg: Run, own_jobs: Path) -> None:
    started = mkg("job", "start", "--icd10", "J20", "--count", "2", "--by", "ann", "--operation", "one", "--json")
    assert started.code == 0, started.err
    job = started.json
    assert (job["status"], job["notes"], job["done"], job["by"]) == ("queued", 2, 0, "ann")
    again = mkg("job", "start", "--icd10", "J20", "--count", "2", "--by", "ann", "--operation", "one", "--json")
    assert again.json["id"] == job["id"]
    assert [one["id"] for one in mkg("job", "list", "--json").json] == [job["id"]]
    assert "waits for `mkg serve`" in mkg("job", "show", job["id"]).err

    cancelled = mkg("job", "cancel", job["id"], "--json")
    assert cancelled.json["status"] == "cancelled"
    assert mkg("job", "cancel", job["id"], "--json").json["status"] == "cancelled"
    watched = mkg("job", "watch", job["id"])
    assert watched.code == 1
    assert "cancelled" in watched.err


def test_what_is_watched_is_written_here_and_is_what_generate_writes(mkg: Run, own_jobs: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text("icd10,count\nJ20,1\nI10,1\n")
    ran = mkg("job", "start", "--plan", str(plan), "--seed", "7", "--watch", "--json")
    assert ran.code == 0, ran.err
    events = [json.loads(line) for line in ran.out.splitlines()]
    assert events[-1]["event"] == "end"
    assert events[-1]["status"] == "done"
    rows = [event["row"] for event in events if event["event"] == "note"]
    written = "".join(event["text"] for event in events if event["event"] == "piece" and event["note"] == 0)
    assert len(rows) == 2
    assert written.strip()

    rows_printed = [json.loads(line) for line in mkg("job", "notes", events[-1]["id"], "--json").out.splitlines()]
    assert rows_printed == rows
    assert rows[0]["text"] in mkg("job", "notes", events[-1]["id"]).out
    out = tmp_path / "notes.jsonl"
    assert mkg("generate", "notes", "--plan", str(plan), "--seed", "7", "--out", str(out)).code == 0
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == rows


def test_a_writer_that_is_stopped_hands_the_job_back(mkg: Run, own_jobs: Path, loaded: Settings) -> None:
    words = ["job", "start", "--icd10", "J20", "--count", "50", "--watch", "--json"]
    child = subprocess.Popen(
        [sys.executable, "-c", "from mkg.cli import main; main()", *words],
        stdout=subprocess.PIPE,
        env={**os.environ, "MKG_DATA_DIR": str(loaded.data_dir), "MKG_BOLT_PORT": "0"},
    )
    assert child.stdout is not None
    for line in child.stdout:
        if json.loads(line)["event"] == "piece":
            break
    child.send_signal(signal.SIGINT)
    begun = time.monotonic()
    child.communicate(timeout=60)
    assert time.monotonic() - begun < 30
    (job,) = mkg("job", "list", "--json").json
    assert job["status"] == "queued"
    assert mkg("job", "cancel", job["id"], "--json").json["status"] == "cancelled"


@pytest.mark.parametrize("command", ["show", "watch", "cancel", "notes"])
def test_a_job_that_is_not_there_is_told_with_the_next_step(mkg: Run, own_jobs: Path, command: str) -> None:
    ran = mkg("job", command, "JOB:../../etc")
    assert ran.code == 6
    assert "there is no job" in ran.err.lower()
    assert "list" in ran.err


def test_a_disease_or_recipe_that_is_not_there_is_told_before_the_job_is_taken_in(mkg: Run, own_jobs: Path) -> None:
    assert mkg("job", "start", "--icd10", "no such disease").code == 2
    assert mkg("job", "start", "--icd10", "J20", "--recipe", "../secret").code != 0
    (own_jobs.parent / "plan.csv").write_text("icd10,count\nJ20,2\nI10,1\n")
    plan = ("--plan", str(own_jobs.parent / "plan.csv"))
    assert "at least one" in mkg("job", "start").err
    assert "a plan says itself" in mkg("job", "start", *plan, "--count", "3").err
    assert "a plan says itself" in mkg("job", "start", *plan, "--icd10", "J20").err
    assert mkg("job", "list", "--json").json == []
