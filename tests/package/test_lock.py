"""The locks hold every dependency with hashes, none below its floor, and nothing of the machine that made them."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "docker/requirements.txt")
NEVER = {"llm", "llama-cpp-python", "llm-llama-cpp", "sentence-transformers", "triton"}
PACKAGES = ("kg", "graphql_api", "generator", "mkg", "cypher")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def floors() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))


def entries(lock: str) -> list[str]:
    """One text per locked package: its requirement line and its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return re.split(r"\n(?=\S)", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).rstrip("\n"))


def requirement(entry: str) -> Requirement:
    return Requirement(entry.split("\n")[0].rstrip(" \\"))


def versions(lock: str) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for entry in entries(lock):
        wanted = requirement(entry)
        (pin,) = wanted.specifier
        assert pin.operator == "==", entry
        found.setdefault(canonicalize_name(wanted.name), []).append(Version(pin.version))
    return found


def group(name: str) -> list[Requirement]:
    """The requirements of a dependency group, with those of the groups it includes."""
    found: list[Requirement] = []
    for item in project()["dependency-groups"][name]:
        found += [Requirement(item)] if isinstance(item, str) else group(item["include-group"])
    return found


def declared(*groups: str) -> list[Requirement]:
    base = [Requirement(text) for text in project()["project"]["dependencies"]]
    return base + [wanted for name in groups for wanted in group(name)]


@pytest.mark.parametrize(
    ("lock", "groups"),
    [("requirements.txt", ("model", "py2neo", "dev")), ("docker/requirements.txt", ("model", "build"))],
)
def test_every_declared_dependency_is_locked_at_a_version_that_fits(lock: str, groups: tuple[str, ...]) -> None:
    locked = versions(lock)
    for wanted in declared(*groups):
        pinned = locked.get(canonicalize_name(wanted.name))
        assert pinned, f"{wanted.name} is not in {lock}: run make lock"
        assert all(version in wanted.specifier for version in pinned), f"{wanted} is locked at {pinned}: run make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes_and_none_is_a_file_or_an_address(lock: str) -> None:
    for entry in entries(lock):
        first, *rest = entry.split("\n")
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*==\S+( ; .*?)? \\", first), first
        assert rest, first
        assert all(re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in rest), entry


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_tells_nothing_of_the_machine_that_made_it(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--extra-index|--find-links|--trusted-host|file:|@ |(?<!\w)/\w", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_what_would_be_built_for_many_minutes_or_is_never_used_is_left_out(lock: str) -> None:
    assert not NEVER & set(versions(lock))


def test_the_image_takes_the_same_files_as_everybody() -> None:
    assert set(entries("docker/requirements.txt")) <= set(entries("requirements.txt"))


def test_no_locked_version_is_below_its_floor() -> None:
    locked = versions("requirements.txt")
    required, optional = floors()["python"], floors()["if_present"]
    assert set(required) <= set(locked)
    below = {
        name: [str(version) for version in locked.get(name, []) if version < Version(floor)]
        for name, floor in (required | optional).items()
    }
    assert not {name: found for name, found in below.items() if found}


def test_what_pip_may_choose_is_not_below_its_floor_either() -> None:
    for wanted in [*declared("model"), *map(Requirement, project()["project"]["optional-dependencies"]["llm"])]:
        floor = floors()["python"].get(canonicalize_name(wanted.name))
        if floor:
            lowest = min(Version(spec.version) for spec in wanted.specifier if spec.operator in (">=", "=="))
            assert lowest >= Version(floor), wanted


def test_the_server_is_not_below_its_floor() -> None:
    jars = (ROOT / "kg" / "embedded" / "jars.lock").read_text(encoding="utf-8")
    for name, floor in floors()["maven"].items():
        found = re.search(rf"^{re.escape(name)}:(\S+) ", jars, re.MULTILINE)
        assert found, name
        assert Version(found[1]) >= Version(floor)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_each_python_gets_one_version_of_each_package(python: str, system: str) -> None:
    machine = {"linux": "x86_64", "darwin": "arm64"}[system]
    place = {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": system,
        "platform_machine": machine,
    }
    names = [
        canonicalize_name(wanted.name)
        for wanted in map(requirement, entries("requirements.txt"))
        if (wanted.marker or Marker("python_version > '3'")).evaluate(place)
    ]
    assert len(names) == len(set(names))
    assert {canonicalize_name(wanted.name) for wanted in declared("model", "py2neo")} <= set(names)


def test_everything_that_is_imported_is_declared() -> None:
    """A package that another one happens to bring can be gone with the next version of that one."""
    names = {canonicalize_name(wanted.name) for wanted in declared("model", "py2neo")}
    owners = packages_distributions()
    missing: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for module in imported(ast.parse(path.read_text(encoding="utf-8"))):
                if module in sys.stdlib_module_names or module in PACKAGES:
                    continue
                if not {canonicalize_name(name) for name in owners.get(module, [])} & names:
                    missing.add(f"{path.relative_to(ROOT)} imports {module}")
    assert not missing


def imported(tree: ast.AST) -> set[str]:
    """The top names of all modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found
