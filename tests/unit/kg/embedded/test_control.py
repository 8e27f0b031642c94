"""Every refusal to start, stop or wipe that needs no server to be seen."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg import embedded
from kg.embedded.failures import explained
from kg.embedded.state import locked
from kg.errors import EmbeddedError
from kg.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return made(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")


@pytest.fixture
def jars(monkeypatch: pytest.MonkeyPatch) -> None:
    """All jars are there: a start goes on to what comes after them, and fails there."""
    monkeypatch.setattr("kg.embedded.control.ensure_jars", lambda *_: ())
    monkeypatch.setattr("kg.embedded.control.spawn", None)


def made(**given: Any) -> Settings:
    return Settings.model_validate({"NEO4J_URI": None, **given})


def refused(step: Callable[[Settings], object], settings: Settings) -> EmbeddedError:
    with pytest.raises(EmbeddedError) as caught:
        step(settings)
    assert caught.value.place
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("step", [embedded.start, embedded.stop, embedded.wipe])
def test_with_another_server_set_nothing_is_started_stopped_or_wiped(
    step: Callable[[Settings], object], tmp_path: Path
) -> None:
    error = refused(step, made(data_dir=tmp_path / "data", NEO4J_URI="bolt://db:7687"))
    assert "NEO4J_URI" in error.message
    assert not (tmp_path / "data").exists()


def test_without_a_data_directory_it_is_stopped_and_stays_so(settings: Settings) -> None:
    assert embedded.status(settings).state == "stopped"
    assert embedded.stop(settings).state == "stopped"
    embedded.wipe(settings)
    assert "no embedded Neo4j yet" in refused(embedded.password, settings).message
    assert not settings.data_dir.exists()


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = refused(embedded.start, made(data_dir=tmp_path / "file" / "data"))
    assert str(tmp_path / "file") in (error.place or "")
    assert "MKG_DATA_DIR" in (error.hint or "")


def test_a_full_disk_stops_the_start_before_anything_is_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(settings.data_dir.parent)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert "disk is full" in refused(embedded.start, settings).message
    assert not (settings.data_dir / "neo4j").exists()


@pytest.mark.usefixtures("jars")
def test_a_taken_port_is_named_with_the_way_out(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        error = refused(embedded.start, settings.model_copy(update={"bolt_port": port}))
    assert error.message == f"Port {port} is taken"
    assert "--port or MKG_BOLT_PORT" in (error.hint or "")
    assert embedded.status(settings).state == "stopped"


@pytest.mark.usefixtures("jars")
def test_a_folder_of_somebody_else_is_neither_used_nor_wiped(settings: Settings) -> None:
    theirs = settings.data_dir / "neo4j" / "thesis.txt"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("years of work")
    for step in (embedded.start, embedded.wipe):
        assert "did not write" in refused(step, settings).message
    assert theirs.read_text() == "years of work"


@pytest.mark.usefixtures("jars")
def test_a_store_of_a_newer_neo4j_is_left_alone(settings: Settings) -> None:
    mark = settings.data_dir / "neo4j" / "mkg-version"
    mark.parent.mkdir(parents=True)
    mark.write_text("2099.1.0\n")
    assert "2099.1.0" in refused(embedded.start, settings).message
    assert mark.read_text() == "2099.1.0\n"


@pytest.mark.usefixtures("jars")
@pytest.mark.parametrize(("mode", "text"), [(0o644, "x" * 64), (0o640, "x" * 64), (0o600, ""), (0o600, "short")])
def test_a_password_file_that_others_can_read_or_that_is_empty_is_refused(
    settings: Settings, mode: int, text: str
) -> None:
    settings.data_dir.mkdir()
    file = settings.data_dir / "neo4j-password"
    file.write_text(text)
    file.chmod(mode)
    for step in (embedded.password, embedded.start):
        assert refused(step, settings).place == str(file)
    assert file.read_text() == text


def test_wipe_removes_the_database_and_nothing_else(settings: Settings) -> None:
    home, keep = settings.data_dir / "neo4j", settings.data_dir / "notes"
    for folder in (home / "data", keep, settings.data_dir / "logs" / "neo4j", settings.data_dir / "logs" / "service"):
        folder.mkdir(parents=True)
    for file in (home / "mkg-version", settings.data_dir / "neo4j-password", keep / "a"):
        file.write_text("5.26.30")
    embedded.wipe(settings)
    assert sorted(str(path.relative_to(settings.data_dir)) for path in settings.data_dir.rglob("*")) == [
        "logs",
        "logs/service",
        "notes",
        "notes/a",
    ]


def test_wipe_is_refused_while_a_process_has_the_directory(settings: Settings) -> None:
    settings.data_dir.mkdir()
    with locked(settings.data_dir / "neo4j.lock"):
        assert "is running" in refused(embedded.wipe, settings).message


def test_a_process_that_got_the_pid_of_a_dead_server_is_not_taken_for_it(settings: Settings) -> None:
    settings.data_dir.mkdir()
    run = {"state": "running", "pid": os.getpid(), "version": "5.26.30", "port": 7687}
    (settings.data_dir / "neo4j-run.json").write_text(json.dumps(run))
    assert embedded.status(settings).state == "crashed"
    assert embedded.stop(settings).state == "stopped"  # and this very process still runs


def test_a_corrupt_state_file_matters_only_while_a_process_has_the_directory(settings: Settings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "neo4j-run.json").write_text("{")
    assert embedded.status(settings).state == "crashed"
    with locked(settings.data_dir / "neo4j.lock"):
        assert "cannot be read" in refused(embedded.status, settings).message


@pytest.mark.parametrize(
    ("cause", "message"),
    [
        ("java.net.BindException: Address already in use", "Port 7687 is taken by another program"),
        ("java.io.IOException: No space left on device", "The disk is full"),
        (
            "org.neo4j.kernel.internal.locker.FileLockException: Lock file is locked",
            "Another program has the store open",
        ),
        ("java.nio.file.AccessDeniedException: /data", "The data directory cannot be written"),
        ("java.lang.IllegalStateException: gremlins", "Neo4j did not start: java.lang.IllegalStateException: gremlins"),
    ],
)
def test_a_java_failure_is_told_in_words(cause: str, message: str) -> None:
    assert explained(["java.lang.RuntimeException: Error starting", cause], 7687).message == message
