"""The peer's lock names no registry, and every package in it by its hash."""

from __future__ import annotations

import json
from pathlib import Path

LOCK = Path(__file__).resolve().parents[3] / "bench" / "peer" / "package-lock.json"


def test_the_lock_says_by_hash_what_is_installed_and_not_from_where() -> None:
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    others = {name: package for name, package in packages.items() if name}
    assert others
    assert all("resolved" not in package for package in others.values())
    assert all(package["integrity"].startswith("sha512-") for package in others.values())


def test_the_lock_is_of_the_versions_that_are_asked_for() -> None:
    lock = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    asked = json.loads((LOCK.parent / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {name: lock[f"node_modules/{name}"]["version"] for name in asked} == asked
