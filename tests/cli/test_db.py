"""`mkg db` from start to wipe, `mkg doctor` beside it, and `mkg serve` as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest

from kg.settings import Settings

pytestmark = pytest.mark.neo4j

Run = Callable[..., Any]


def test_a_database_lives_from_start_to_wipe(mkg: Run, tmp_path: Path) -> None:
    where = ("--data-dir", str(tmp_path / "data"))
    started = mkg("db", "start", *where, "--port", "0", "--json")
    assert started.code == 0, started.err
    status = mkg("db", "status", *where, "--json").json
    assert status == started.json
    assert status["state"] == "running"
    assert status["uri"].startswith("bolt://127.0.0.1:")
    assert isinstance(status["pid"], int)
    assert status["version"].startswith("5.26.")

    refused = mkg("db", "wipe", *where, "--yes")
    assert refused.code == 4
    assert "mkg db stop" in refused.err

    stopped = mkg("db", "stop", *where, "--json").json
    assert (stopped["state"], stopped["uri"], stopped["pid"]) == ("stopped", None, None)
    (tmp_path / "data" / "mine.txt").write_text("not the database's")
    assert mkg("db", "wipe", *where, "--yes").code == 0
    assert [path.name for path in (tmp_path / "data").iterdir() if path.name != "demo"] == ["mine.txt"]


def test_the_doctor_finds_what_is_fine(mkg: Run, loaded: Settings) -> None:
    ran = mkg("doctor", "--json")
    assert ran.code == 0, ran.out
    findings = {finding["what"]: finding for finding in ran.json}
    assert all(finding["state"] == "ok" for finding in findings.values())
    assert "nodes" in findings["Graph"]["told"]


def test_the_doctor_finds_what_is_in_the_way(mkg: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here first")
    monkeypatch.setenv("MKG_DATA_DIR", str(tmp_path / "file" / "data"))
    ran = mkg("doctor", "--json")
    assert ran.code == 1
    bad = [finding for finding in ran.json if finding["state"] == "bad"]
    assert "MKG_DATA_DIR" in bad[0]["hint"]


def test_the_version_is_one_line(mkg: Run) -> None:
    assert re.fullmatch(r"mkg \d+\.\d+\.\d+\S*\n", mkg("--version").out)


def test_the_service_says_where_it_is_and_what_it_gives_and_ends_when_told(loaded: Settings) -> None:
    command = [sys.executable, "-c", "from mkg.cli import main; main()", "serve", "--port", "0"]
    with subprocess.Popen(command, env=os.environ.copy(), stderr=subprocess.PIPE, text=True) as service:
        assert service.stderr is not None
        said = ""
        while "GraphQL and GraphiQL at" not in said:
            line = service.stderr.readline()
            assert line, said
            said += line
        assert "reading and generation only" in said
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address is not None
        with httpx.Client(base_url=address.group(), timeout=30) as client:
            # The address is said just before the first request is taken.
            for _ in range(300):
                try:
                    ready = client.get("/readyz")
                    break
                except httpx.ConnectError:
                    time.sleep(0.1)
            assert ready.status_code == 200
            answer = client.post("/graphql", json={"query": '{ disease(icd10: "J20") { name } }'}).json()
        assert answer["data"] == {"disease": {"name": "acute bronchitis"}}
        # Clients keep a connection for some seconds, which must not end in the middle of a request; nor does one that
        # is open keep the service from ending.
        with closing(HTTPConnection(address.group().removeprefix("http://"))) as connection:
            for pause in (0, 6):
                time.sleep(pause)
                connection.request("GET", "/healthz")
                assert connection.getresponse().read()
            service.send_signal(signal.SIGTERM)
            assert service.wait(timeout=30) in (0, -signal.SIGTERM)
