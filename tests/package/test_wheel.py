"""The wheel has everything that it needs, and its base packages alone start a database, load the graph and answer."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PACKAGES = ("kg", "graphql_api", "generator", "mkg", "cypher")

pytestmark = pytest.mark.package


def call(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, built by the hatchling of the lock: nothing is fetched."""
    folder = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def shipped(*patterns: str) -> set[str]:
    """The files of the checkout that have to be in the wheel."""
    found = {path.relative_to(ROOT).as_posix() for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    assert found
    return {name for name in found if "__pycache__" not in name}


@pytest.mark.parametrize(
    "pattern",
    [
        "cypher/**/*.cypher",
        "kg/check/*.csv",
        "kg/core/*.csv",
        "kg/embedded/jars.lock",
        "kg/query/grammar.lark",
        "generator/recipes/*",
        "generator/examples/**/*.yaml",
        "graphql_api/transport/static/*",
        *(f"{package}/**/*.py" for package in PACKAGES),
    ],
)
def test_what_the_code_reads_is_in_the_wheel(names: set[str], pattern: str) -> None:
    assert shipped(pattern) <= names


def test_the_licence_is_in_the_wheel_and_nothing_else_of_the_checkout(names: set[str]) -> None:
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in names)
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert not [name for name in names if re.search(r"__pycache__|\.pyc$|\.env|(^|/)tests?/|\.jar$|\.gguf$", name)]


@dataclass(frozen=True)
class Machine:
    """A folder with the wheel installed and a data directory of its own; knows nothing of the checkout."""

    folder: Path

    def mkg(self, *arguments: str) -> str:
        return call(self.folder / "venv" / "bin" / "mkg", *arguments, cwd=self.folder)


@pytest.fixture(scope="module")
def machine(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch_module: pytest.MonkeyPatch
) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    for name in [name for name in os.environ if name.startswith(("NEO4J_", "PYTHON")) or name == "VIRTUAL_ENV"]:
        monkeypatch_module.delenv(name)
    settings = {
        "MKG_DATA_DIR": str(folder / "data"),
        "MKG_BOLT_PORT": "0",
        "MKG_HEAP": "512m",
        "MKG_PAGE_CACHE": "64m",
    }
    for name, value in settings.items():
        monkeypatch_module.setenv(name, value)
    python = folder / "venv" / "bin" / "python"
    call(BIN / "uv", "venv", "--no-project", "--python", sys.executable, folder / "venv", cwd=folder)
    # The lock as constraints: the wheel asks for its base packages, the lock says which files they may be.
    wanted = folder / "wanted.txt"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    wanted.write_text(f"mkg @ {wheel.as_uri()} --hash=sha256:{digest}\n", encoding="utf-8")
    install = (BIN / "uv", "pip", "install", "--python", python, "--require-hashes", "--only-binary", ":all:")
    call(*install, "--constraints", ROOT / "requirements.txt", "--requirements", wanted, cwd=folder)
    installed = Machine(folder)
    yield installed
    with contextlib.suppress(AssertionError):  # a test may have stopped it
        installed.mkg("db", "stop")


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_the_base_packages_need_no_model_library(machine: Machine) -> None:
    version = machine.mkg("--version")
    assert re.search(r"\d+\.\d+\.\d+", version)
    found = call(
        machine.folder / "venv" / "bin" / "python",
        "-c",
        "import importlib.util as u, kg; print(u.find_spec('torch'), u.find_spec('transformers'), kg.__file__)",
        cwd=machine.folder,
    )
    assert found.startswith("None None ")
    assert str(machine.folder) in found


@pytest.mark.neo4j
def test_a_fresh_machine_loads_the_graph_and_answers_a_question(machine: Machine) -> None:
    machine.mkg("load", "core")
    state = json.loads(machine.mkg("db", "status", "--json"))
    assert state["uri"].startswith("bolt://127.0.0.1:")
    assert state["version"].startswith("5.26.")
    answer = json.loads(machine.mkg("ask", 'disease "J20" | symptoms top 5', "--json"))
    symptoms = [node for node in answer["nodes"] if node["kind"] == "Symptom"]
    assert len(symptoms) == 5
    assert all(edge["evidence"] for edge in answer["edges"])
    machine.mkg("db", "stop")
    assert json.loads(machine.mkg("db", "status", "--json"))["state"] == "stopped"
