"""`mkg serve --workers`: several processes that answer at one address, and what becomes of them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from kg.settings import Settings
from kg.store import Address

pytestmark = pytest.mark.neo4j

_PATIENCE = 240.0


class Service:
    """A running `mkg serve --workers 2`."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", "from mkg.cli import main; main()", "serve", "--port", "0", "--workers", "2"]
        # The model is asked for at an address where nobody listens, so no weights are loaded.
        told = {"MKG_MODEL_URL": "http://127.0.0.1:1/v1", "MKG_MODEL": "none", "MKG_LOG_LEVEL": "error"}
        self.process = subprocess.Popen(command, env=os.environ | told, stderr=subprocess.PIPE, text=True)
        self.address = ""

    def started(self) -> None:
        """Wait until both workers answer."""
        assert self.process.stderr is not None
        said = ""
        while (found := re.search(r"http://127\.0\.0\.1:\d+", said)) is None:
            line = self.process.stderr.readline()
            assert line, said
            said += line
        self.address = found.group()
        # Each listens for itself, and not before it can answer.
        self.until(lambda: self.ready() and [_listens(worker) for worker in self.workers()] == [True, True])

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=10).status_code == 200
        except httpx.TransportError:
            return False

    def ask(self, query: str) -> Any:
        """Ask over a connection of its own, which any worker may take."""
        answer = httpx.post(f"{self.address}/graphql", json={"query": query}, timeout=30).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def workers(self) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if _is_worker(child)]

    @staticmethod
    def until(true: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not true():
            assert time.monotonic() < end, "it did not come to be in time"
            time.sleep(0.1)


def _listens(process: psutil.Process) -> bool:
    try:
        return any(one.status == psutil.CONN_LISTEN for one in process.net_connections("tcp"))
    except psutil.Error:
        return False


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "--multiprocessing-fork" in process.cmdline()
    except psutil.Error:
        return False  # It has just ended.


@pytest.fixture
def service(loaded: Settings) -> Iterator[Service]:
    running = Service()
    try:
        running.started()
        yield running
    finally:
        for process in (*running.workers(), running.process) if running.process.poll() is None else ():
            process.kill()
        running.process.wait()
        assert running.process.stderr is not None
        running.process.stderr.close()


def test_a_worker_that_dies_is_replaced_and_the_others_go_on_answering(service: Service) -> None:
    dead = service.workers()[0]
    dead.kill()
    # What was in its own queue is reset; what comes when it is gone is for the other.
    dead.wait(_PATIENCE)
    assert service.ask('{ disease(icd10: "J20") { name } }') == {"disease": {"name": "acute bronchitis"}}
    service.until(lambda: len({worker.pid for worker in service.workers()} - {dead.pid}) == 2)
    assert service.ready()


def test_a_worker_that_cannot_start_ends_the_service_with_the_reason(neo4j_address: Address, tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("here first")
    told = {
        "NEO4J_URI": neo4j_address.uri,
        "NEO4J_PASSWORD": neo4j_address.password,
        "MKG_DATA_DIR": str(tmp_path),
    }
    command = [sys.executable, "-c", "from mkg.cli import main; main()", "serve", "--port", "0", "--workers", "2"]
    ran = subprocess.run(command, env=os.environ | told, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    assert ran.returncode > 0
    assert "a worker could not start" in ran.stderr
    assert str(tmp_path / "jobs") in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_port_that_workers_share_is_taken_for_others(service: Service) -> None:
    port = service.address.rpartition(":")[2]
    command = [sys.executable, "-c", "from mkg.cli import main; main()", "serve", "--port", port, "--workers", "2"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    assert ran.returncode > 0
    assert f"port {port} on 127.0.0.1 is taken" in ran.stderr


def test_a_job_is_known_to_every_worker(service: Service) -> None:
    started = service.ask('mutation { startNotes(input: { icd10: ["J20"] }) { job { id } errors { message } } }')
    job = started["startNotes"]["job"]["id"]
    for _ in range(16):
        assert service.ask(f'{{ job(id: "{job}") {{ id }} }}') == {"job": {"id": job}}


def test_all_workers_end_in_order_when_the_service_is_stopped(service: Service) -> None:
    workers = service.workers()
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(timeout=_PATIENCE) == 0
    assert not any(worker.is_running() for worker in workers)


def test_no_worker_outlives_the_process_that_watches_it(service: Service) -> None:
    workers = service.workers()
    service.process.kill()
    _, alive = psutil.wait_procs(workers, timeout=_PATIENCE)
    assert not alive
