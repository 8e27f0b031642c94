"""The servers that are measured, each a process of its own on loopback: ours, the peer, and their database."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from unittest.mock import patch

import httpx
import orjson

from bench.children import mkg_load, server
from bench.zipf import Size, write_graph
from graphql_api.access.keys import Role, new_key
from kg.connect import address_of
from kg.embedded import control
from kg.store import Address

_HERE: Final = Path(__file__).parents[1]
_START_SECONDS: Final = 120.0
# Diseases, symptoms, drugs, edges and classes of drugs.
_NUMBERS: Final = (5_000, 2_000, 8_000, 300_000, 400)
# Which predicates the edges have: 130,000 symptoms, 80,000 treatments, 78,000 warnings, 12,000 classes of 300,000.
_SHARES: Final = {"has_phenotype": 0.4334, "treats": 0.2667, "contraindicated_in": 0.26, "subclass_of": 0.04}


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: where, how it is asked, its process."""

    name: str
    port: int
    path: str
    pid: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def address(self) -> str:
        """Where operations are posted."""
        return f"http://127.0.0.1:{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class Database:
    """The database of a measurement that runs: its address, its process, and where the peer's packages are kept."""

    address: Address
    pid: int
    cache: Path


@contextmanager
def database(folder: Path, times: float) -> Generator[Database]:
    """Run a server with the measured graph for the length of a `with` block; a loaded one in the folder is taken.

    It holds `times` 5,000 diseases, 2,000 symptoms, 8,000 drugs, 400 classes and 300,000 edges.
    """
    folder = folder / f"times-{times:g}"
    loaded = folder / "loaded"
    if not loaded.exists():
        shutil.rmtree(folder, ignore_errors=True)
        diseases, symptoms, drugs, edges, classes = (int(number * times) for number in _NUMBERS)
        size = Size(diseases, symptoms, drugs, edges, classes, _SHARES)
        files = write_graph(folder / "files", size, seed=5)
        with server(folder / "data") as settings:
            mkg_load(settings, "kgx", *(str(path) for path in files))
        loaded.touch()
    # The wrapper is no part of the package, and the server's process looks for nothing in the folder that it runs in.
    paths = f"{_HERE.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    with (
        patch("kg.embedded.process._MODULE", "bench.unbounded"),
        patch.dict(os.environ, {"PYTHONPATH": paths}),
        server(folder / "data", heap="3g", page_cache="512m") as settings,
    ):
        pid = control.status(settings).pid
        assert pid is not None
        yield Database(address_of(settings), pid, settings.cache_dir)


@contextmanager
def ours(at: Address, *, workers: int = 1, cached: bool = False) -> Generator[Served]:
    """Run `mkg serve` on that database for the length of a `with` block; answers are kept only when `cached`."""
    key, entry = new_key("bench", Role.CURATOR)
    port = _free_port()
    told = {
        "NEO4J_URI": at.uri,
        "NEO4J_USER": at.user,
        "NEO4J_PASSWORD": at.password,
        "MKG_LOG_LEVEL": "warning",
        "MKG_API_KEYS": entry,
        **({} if cached else {"MKG_ANSWER_CACHE": "0"}),
    }
    command = [sys.executable, "-c", "from mkg.cli import main; main()", "serve", "--port", str(port)]
    if workers > 1:
        command += ["--workers", str(workers)]
    with _running(command, os.environ | told, None, f"http://127.0.0.1:{port}/readyz") as process:
        yield Served("ours", port, "/graphql", process.pid, {"Authorization": f"Bearer {key}"})


@contextmanager
def peer(address: Address, cache: Path) -> Generator[Served]:
    """Run the peer on that database for the length of a `with` block; its packages are kept in the cache."""
    port = _free_port()
    told = {
        "NODE_ENV": "production",
        "PORT": str(port),
        "NEO4J_URI": address.uri,
        "NEO4J_USER": address.user,
        "NEO4J_PASSWORD": address.password,
    }
    folder = installed(cache)
    alive = f"http://127.0.0.1:{port}/?query=%7B__typename%7D"
    with _running(["node", "server.mjs"], os.environ | told, folder, alive) as process:
        yield Served("peer", port, "/", process.pid)


def versions() -> str:
    """Return what is compared, as the peer's lock and its runtime name it."""
    lock = orjson.loads((_HERE / "peer" / "package-lock.json").read_bytes())["packages"]
    names = ("@neo4j/graphql", "@apollo/server", "neo4j-driver")
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return ", ".join(f"{name} {lock[f'node_modules/{name}']['version']}" for name in names) + f", Node {node}"


def installed(cache: Path) -> Path:
    """Return a folder with the peer and its packages, installed from its lock unless they are there already."""
    files = [path for path in sorted((_HERE / "peer").iterdir()) if path.is_file()]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
    folder = cache / f"bench-peer-{digest}"
    if not (folder / "installed").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in files:
            shutil.copy(path, folder)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"npm could not install the peer: {done.stderr[-1500:]}")
        (folder / "installed").touch()
    return folder


@contextmanager
def _running(
    command: list[str], variables: Mapping[str, str], folder: Path | None, address: str
) -> Generator[subprocess.Popen[bytes]]:
    """Run a server for the length of a `with` block, from when it answers at that address; raise RuntimeError."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=dict(variables), cwd=folder, stdout=subprocess.DEVNULL, stderr=said)
        try:
            if not _answers(process, address):
                said.seek(0)
                raise RuntimeError(f"{' '.join(command)} does not answer: {said.read()[-1500:].decode()}")
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(process: subprocess.Popen[bytes], address: str) -> bool:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(httpx.TransportError):
            # The peer takes a GET only with this, which no form of a foreign page can send.
            if httpx.get(address, headers={"apollo-require-preflight": "true"}, timeout=5).status_code == 200:
                return True
        time.sleep(0.2)
    return False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
