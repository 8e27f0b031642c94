"""What the Dockerfile and compose.yaml must never lose, read from their text since no engine runs here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.embedded import conf
from kg.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
# What differs in a container: where the server listens and where its log goes.
PLACES = ("server.default_listen_address", "server.bolt.listen_address", "server.directories.logs")

Steps = list[tuple[str, str]]


def stages() -> list[Steps]:
    """The instructions of each stage, continuation lines joined and comments dropped."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    found: list[Steps] = []
    for line in joined.splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        if word:
            found[-1].append((word, rest.strip()))
    return found


def said(word: str) -> list[str]:
    return [rest for name, rest in stages()[-1] if name == word]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture(params=["neo4j", "mkg"])
def service(request: pytest.FixtureRequest, compose: dict[str, Any]) -> dict[str, Any]:
    return compose["services"][request.param]


def setting(variable: str) -> str:
    """The Neo4j setting that the image makes of a variable: `__` stands for `_`, and `_` for a dot."""
    return re.sub(r"\.\.", "_", variable.removeprefix("NEO4J_").replace("_", "."))


def test_hadolint_has_nothing_to_say() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([linter, DOCKER / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_built_in_one_stage_and_run_in_another() -> None:
    assert len(stages()) == 2
    assert all("pip" not in rest for word, rest in stages()[-1] if word == "RUN")


def test_every_base_image_names_a_version() -> None:
    bases = [rest.split()[0] for stage in stages() for word, rest in stage if word == "FROM"]
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", base) for base in bases), bases
    assert len(set(bases)) == 1, "the environment is copied between the stages, so both need the same Python"


def test_the_image_runs_as_an_unprivileged_user_who_owns_only_its_two_folders() -> None:
    assert said("USER") == ["10001:10001"]
    after = DOCKERFILE[DOCKERFILE.index("USER 10001") :]
    assert "RUN" not in after
    assert "COPY" not in after
    assert "--chown" not in DOCKERFILE
    assert said("VOLUME") == ['["/var/lib/mkg", "/var/cache/mkg"]']


def test_everything_that_is_fetched_has_a_hash() -> None:
    installs = [part for stage in stages() for word, rest in stage if word == "RUN" for part in rest.split("&&")]
    installs = [part for part in installs if "pip install" in part]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    # The second is the project itself, built by what the first brought.
    assert "--no-build-isolation" in installs[1]
    assert "--no-deps" in installs[1]
    assert not re.search(r"\bADD\b|curl|wget|https?://(?!127\.0\.0\.1)", DOCKERFILE)


def test_the_health_check_asks_the_service_itself() -> None:
    (check,) = said("HEALTHCHECK")
    assert "http://127.0.0.1:8000/healthz" in check
    assert all(option in check for option in ("--interval", "--timeout", "--start-period", "--retries"))


def test_the_image_holds_no_secret_and_the_builder_sees_only_what_it_needs() -> None:
    assert not re.search(r"password|secret|token|api_key", re.sub(r"^#.*", "", DOCKERFILE, flags=re.M), re.I)
    assert not said("ARG")
    first, *rest = [line for line in (DOCKER / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] != "#"]
    assert first == "*"
    allowed = {line.removeprefix("!") for line in rest if line.startswith("!")}
    copied = [word for stage in stages() for name, text in stage if name == "COPY" for word in text.split()[:-1]]
    assert allowed == {word for word in copied if word != "--from=build" and word != "/opt/mkg"}
    assert all((ROOT / name).exists() for name in allowed)


def test_a_container_gets_no_rights_beyond_its_own_files(service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "network_mode", "pid", "ipc", "devices", "userns_mode"} & set(service)
    assert service["pids_limit"] > 0
    assert service["mem_limit"]
    assert all(volume.split(":")[0][0] not in "./~" for volume in service["volumes"]), "no folder of the host"


def test_neither_container_runs_as_root(compose: dict[str, Any]) -> None:
    assert compose["services"]["neo4j"]["user"] == "7474:7474"
    assert "user" not in compose["services"]["mkg"], "the image's own user is the unprivileged one"


def test_the_service_cannot_write_outside_its_volumes(compose: dict[str, Any]) -> None:
    mkg = compose["services"]["mkg"]
    assert mkg["read_only"] is True
    assert mkg["tmpfs"] == ["/tmp"]
    assert {volume.split(":")[1] for volume in mkg["volumes"]} == {"/var/lib/mkg", "/var/cache/mkg"}


def test_ports_are_open_on_loopback_only(compose: dict[str, Any]) -> None:
    assert compose["services"]["mkg"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in compose["services"]["neo4j"]
    assert compose["networks"]["graph"] == {"internal": True}
    assert compose["services"]["neo4j"]["networks"] == ["graph"]


def test_there_is_no_default_password_and_no_default_key(compose: dict[str, Any]) -> None:
    database = compose["services"]["neo4j"]["environment"]
    client = compose["services"]["mkg"]["environment"]
    assert database["NEO4J_AUTH"].startswith("neo4j/${NEO4J_PASSWORD:?")
    assert client["NEO4J_PASSWORD"].startswith("${NEO4J_PASSWORD:?")
    assert client["MKG_API_KEYS"].startswith("${MKG_API_KEYS:?")
    # The image would take NEO4J_PASSWORD for a setting of the server and refuse to start.
    assert "NEO4J_PASSWORD" not in database


def test_both_have_a_health_check_and_time_to_stop(compose: dict[str, Any], service: dict[str, Any]) -> None:
    assert service["stop_grace_period"] == "60s"
    assert service["restart"] == "unless-stopped"
    assert "RETURN 1" in compose["services"]["neo4j"]["healthcheck"]["test"][1]
    assert compose["services"]["mkg"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}


def test_neo4j_has_the_version_of_the_embedded_server(compose: dict[str, Any]) -> None:
    jars = (ROOT / "kg" / "embedded" / "jars.lock").read_text(encoding="utf-8")
    found = re.search(r"^org\.neo4j:neo4j:(\S+) ", jars, re.MULTILINE)
    assert found
    assert compose["services"]["neo4j"]["image"].split("@")[0] == f"neo4j:{found[1]}-community"


def test_neo4j_has_the_settings_of_the_embedded_server(compose: dict[str, Any]) -> None:
    ours = Settings.model_fields
    heap, page_cache, deadline = (ours[name].default for name in ("heap", "page_cache", "deadline"))
    rules = conf.rules(port=7687, heap=heap, page_cache=page_cache, deadline=deadline)
    expected = {rule.name: rule.value for rule in rules if rule.name not in PLACES}
    expected |= {"server.memory.heap.initial_size": heap, "server.memory.heap.max_size": heap}
    environment = compose["services"]["neo4j"]["environment"]
    told = {setting(name): value for name, value in environment.items() if name != "NEO4J_AUTH"}
    assert {name: value for name, value in told.items() if name not in PLACES} == expected
