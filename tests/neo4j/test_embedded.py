"""The embedded Neo4j itself: its locks and doors, its settings, and how it lives, dies and comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import neo4j
import psutil
import pytest
from neo4j.exceptions import AuthError

from kg import embedded
from kg.embedded import probe
from kg.embedded.conf import Rule, rules
from kg.embedded.jars import jars_dir, locked_jars, neo4j_version
from kg.embedded.places import Places
from kg.embedded.state import is_locked, read_run
from kg.errors import EmbeddedError
from kg.settings import Settings
from kg.store import Address

pytestmark = pytest.mark.neo4j

STARTER = """
import sys, time
from pathlib import Path
from kg import embedded
from kg.settings import Settings
settings = Settings.model_validate({
    "NEO4J_URI": None, "data_dir": Path(sys.argv[1]), "cache_dir": Path(sys.argv[2]),
    "bolt_port": 0, "heap": "512m", "page_cache": "64m",
})
print(embedded.start(settings, tied=True, fast_start=True).pid, flush=True)
time.sleep(600)
"""

UNSAFE_SERVER = """
import sys
from kg.embedded import probe, server
probe.differences = lambda settings, shown: ["dbms.security.auth_enabled is 'false', not 'true'"]
raise SystemExit(server.main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def own(neo4j_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A second data directory, with a name that is hard to handle, beside the one of the session."""
    folder = tmp_path_factory.mktemp("own") / "Данные, ü $(x) 1"
    settings = neo4j_server.model_copy(update={"data_dir": folder})
    yield settings
    embedded.stop(settings)


def ask(settings: Settings, statement: str, password: str | None = None) -> list[neo4j.Record]:
    uri = embedded.status(settings).uri
    assert uri is not None
    login = ("neo4j", password or embedded.password(settings).get_secret_value())
    with neo4j.GraphDatabase.driver(uri, auth=login) as driver:
        return driver.execute_query(statement).records  # type: ignore[arg-type]


def others_may_read(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.stat().st_mode & 0o077 and path.parent.stat().st_mode & 0o077]


def test_a_login_without_the_password_is_refused(neo4j_server: Settings, neo4j_address: Address) -> None:
    for login in (None, ("neo4j", "neo4j"), ("admin", neo4j_address.password)):
        with neo4j.GraphDatabase.driver(neo4j_address.uri, auth=login) as driver, pytest.raises(AuthError):
            driver.execute_query("RETURN 1")
    assert ask(neo4j_server, "RETURN 1 AS one")[0]["one"] == 1


def test_it_listens_on_loopback_and_on_bolt_alone(neo4j_server: Settings) -> None:
    now = embedded.status(neo4j_server)
    assert now.pid is not None
    listening = [each.laddr for each in psutil.Process(now.pid).net_connections("inet") if each.status == "LISTEN"]
    assert [(ip.removeprefix("::ffff:"), f"bolt://127.0.0.1:{port}") for ip, port in listening] == [
        ("127.0.0.1", now.uri)
    ]


def test_every_asserted_setting_is_as_it_was_set(neo4j_server: Settings) -> None:
    shown = {row["name"]: row["value"] for row in ask(neo4j_server, "SHOW SETTINGS YIELD name, value")}
    assert shown["dbms.security.auth_enabled"] == "true"
    assert shown["dbms.usage_report.enabled"] == "false"
    assert shown["dbms.security.allow_csv_import_from_file_urls"] == "false"
    assert shown["db.transaction.timeout"] == "1m"
    assert shown["db.memory.transaction.max"] == "128.00MiB"


def test_the_probe_tells_a_setting_that_differs(neo4j_server: Settings, neo4j_address: Address) -> None:
    given = rules(port=0, heap="512m", page_cache="64m", deadline=60)
    probe.check(neo4j_address.uri, neo4j_address.password, given, patience=1)
    with pytest.raises(EmbeddedError, match=r"server\.http\.enabled is 'false', not 'true'"):
        probe.check(neo4j_address.uri, neo4j_address.password, [Rule("server.http.enabled", "true")], patience=1)


def test_files_are_for_their_owner_alone(neo4j_server: Settings) -> None:
    assert neo4j_server.data_dir.stat().st_mode & 0o777 == 0o700
    assert (neo4j_server.data_dir / "neo4j-password").stat().st_mode & 0o777 == 0o600
    assert others_may_read(neo4j_server.data_dir) == []


def test_the_password_appears_in_no_log_and_in_no_command_line(neo4j_server: Settings, neo4j_address: Address) -> None:
    pid = embedded.status(neo4j_server).pid
    assert neo4j_address.password not in " ".join(psutil.Process(pid).cmdline())
    for log in (neo4j_server.data_dir / "logs" / "neo4j").iterdir():
        assert neo4j_address.password not in log.read_text(encoding="utf-8"), log


def test_java_prints_no_warnings_while_it_starts(neo4j_server: Settings) -> None:
    printed = (neo4j_server.data_dir / "logs" / "neo4j" / "console.log").read_text(encoding="utf-8").splitlines()
    # Lucene tells two things, in two lines each, at the first full-text question: that it maps memory in the new way,
    # and that an incubating Java module would make vectors faster.
    of_lucene = [number for number, line in enumerate(printed) if " org.apache.lucene." in line]
    told = [line for number, line in enumerate(printed) if not {number, number - 1} & set(of_lucene)]
    assert told == []


def test_a_life_beside_another_directory_with_two_kills_and_a_clean_stop(neo4j_server: Settings, own: Settings) -> None:
    first = embedded.start(own, fast_start=True)
    beside = embedded.status(neo4j_server)
    assert first.state == beside.state == "running"
    assert first.uri != beside.uri
    assert embedded.start(own) == first == embedded.status(own)

    # Its port and its directory are taken.
    taken = int((first.uri or "").rpartition(":")[2])
    third = own.model_copy(update={"data_dir": own.data_dir.parent / "third", "bolt_port": taken})
    with pytest.raises(EmbeddedError, match=f"Port {taken} is taken"):
        embedded.start(third)
    with pytest.raises(EmbeddedError, match="is running"):
        embedded.wipe(own)

    # The server is killed, and the password lost: the next start, tied to its parent, has the data and a new password.
    ask(own, "CREATE (:Kept {id: 'X:1'})")
    old_password = embedded.password(own)
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    psutil.Process(first.pid).wait(10)
    assert embedded.status(own).state == "crashed"
    (own.data_dir / "neo4j-password").unlink()
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(own.data_dir), str(own.cache_dir)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        tied = int(parent.stdout.readline())
        assert embedded.status(own).pid == tied != first.pid
        assert embedded.password(own) != old_password
        assert ask(own, "MATCH (k:Kept) RETURN k.id AS id")[0]["id"] == "X:1"
        parent.kill()
        parent.wait()

    # The parent is killed: the server goes with it, and the next start works.
    killed = time.monotonic()
    while is_locked(own.data_dir / "neo4j.lock") or psutil.pid_exists(tied):
        assert time.monotonic() - killed < 10
        time.sleep(0.1)
    last = embedded.start(own, fast_start=True)
    assert ask(own, "MATCH (k:Kept) RETURN count(k) AS kept")[0]["kept"] == 1

    # A clean stop leaves no process, no lock and no state; a wipe leaves nothing.
    assert embedded.stop(own).state == "stopped"
    assert not psutil.pid_exists(last.pid or 0)
    assert not is_locked(own.data_dir / "neo4j.lock")
    assert embedded.stop(own).state == "stopped"
    embedded.wipe(own)
    assert list(own.data_dir.iterdir()) == []


def test_a_server_whose_settings_differ_never_becomes_ready(own: Settings, tmp_path: Path) -> None:
    version = neo4j_version(locked_jars())
    places = Places(tmp_path)
    places.home.mkdir()
    places.logs.mkdir(parents=True)
    places.password.write_text("0123456789abcdef")
    options = {"data-dir": tmp_path, "jars": jars_dir(own.cache_dir, version), "version": version}
    options |= {"port": 0, "heap": "512m", "page-cache": "64m", "deadline": 10}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    ended = subprocess.run(
        [sys.executable, "-c", UNSAFE_SERVER, *words, "--fast-start"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    run = read_run(places.run)
    assert run is not None
    assert run.state == "failed"
    assert "dbms.security.auth_enabled is 'false', not 'true'" in (run.message or "")
    assert not is_locked(places.lock)


def test_a_java_machine_that_cannot_start_leaves_its_last_words_in_the_error(own: Settings, tmp_path: Path) -> None:
    settings = own.model_copy(update={"data_dir": tmp_path / "greedy", "heap": "9000000g"})
    with pytest.raises(EmbeddedError) as caught:
        embedded.start(settings)
    assert "console.log" in (caught.value.place or "")
    assert "heap" in (caught.value.place or "").lower()
    assert embedded.status(settings).state in ("stopped", "crashed")
