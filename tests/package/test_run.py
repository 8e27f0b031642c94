"""`run.py` makes the environment once, from the lock, with whatever installer the machine has."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = """\
# made by make lock
uv==1.2.3 ; sys_platform == 'linux' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via mkg (pyproject.toml:dev)
uvicorn==4.5.6 \\
    --hash=sha256:cc
"""


def load(root: Path) -> ModuleType:
    """A fresh `run` whose checkout is `root`."""
    spec = spec_from_file_location("run_under_test", root / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("run.py", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "requirements.txt").write_text(LOCK, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(checkout: Path) -> ModuleType:
    return load(checkout)


def finished(checkout: Path, run: ModuleType) -> Path:
    """Lay an environment that `run.py` takes for finished; its mkg prints its arguments."""
    folder = checkout / ".venv" / "bin"
    folder.mkdir(parents=True)
    (folder / "python").symlink_to(sys.executable)
    (folder / "mkg").write_text('#!/bin/sh\nprintf "%s|" "$@"\nexit 7\n', encoding="utf-8")
    (folder / "mkg").chmod(0o755)
    stamp = run.stamp(checkout, sys.version_info[:2])
    (checkout / ".venv" / "mkg-installed.json").write_text(json.dumps(stamp), encoding="utf-8")
    return folder


def silent(command: Sequence[str]) -> str:
    return ""


def no_step(command: Sequence[str], environment: object) -> bool:
    return False


def forbidden(command: Sequence[str], environment: object) -> bool:
    pytest.fail(f"nothing may start: {command}")


def some_uv(tools: Path) -> tuple[str, ...]:
    return ("uv",)


def start(checkout: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "run.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def test_a_finished_environment_is_used_at_once_with_the_same_arguments_and_exit_code(
    checkout: Path, run: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> None:
    finished(checkout, run)
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def once() -> float:
        begun = time.monotonic()
        done = start(checkout, "ask", 'disease "J20" | symptoms', "--json", cwd=elsewhere)
        assert (done.stdout, done.stderr, done.returncode) == ('ask|disease "J20" | symptoms|--json|', "", 7)
        return time.monotonic() - begun

    assert min(once() for _ in range(3)) < 0.3


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_lock_or_project_asks_for_an_update(checkout: Path, run: ModuleType, name: str) -> None:
    finished(checkout, run)
    assert run.installed(run.VENV, run.stamp(checkout, (3, 11))) is (sys.version_info[:2] == (3, 11))
    with (checkout / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert not run.installed(run.VENV, run.stamp(checkout, sys.version_info[:2]))


def test_another_python_and_a_moved_checkout_ask_for_a_new_environment(checkout: Path, run: ModuleType) -> None:
    here = run.stamp(checkout, (3, 11))
    assert run.stamp(checkout, (3, 12)) != here
    moved = checkout / "moved"
    moved.mkdir()
    for name in ("requirements.txt", "pyproject.toml"):
        (moved / name).write_bytes((checkout / name).read_bytes())
    assert run.stamp(moved, (3, 11)) != here


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"inputs": "x"}'])
def test_a_broken_stamp_counts_as_not_installed(checkout: Path, run: ModuleType, broken: str) -> None:
    finished(checkout, run)
    (checkout / ".venv" / "mkg-installed.json").write_text(broken, encoding="utf-8")
    assert not run.installed(run.VENV, run.stamp(checkout, sys.version_info[:2]))


def test_an_environment_whose_python_is_gone_is_not_used(checkout: Path, run: ModuleType) -> None:
    folder = finished(checkout, run)
    (folder / "python").unlink()
    (folder / "python").symlink_to(checkout / "gone")
    assert not run.installed(run.VENV, run.stamp(checkout, sys.version_info[:2]))
    assert not run.reusable(run.VENV, "3.11")


def test_an_interrupted_installation_is_not_built_upon(checkout: Path, run: ModuleType) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", checkout / ".venv"], check=True)
    version = "{}.{}".format(*sys.version_info[:2])
    assert run.reusable(run.VENV, version)
    assert not run.reusable(run.VENV, "3.99")
    run.BEGUN.touch()
    assert not run.reusable(run.VENV, version)


def test_uv_comes_from_the_lock_with_its_hashes(run: ModuleType) -> None:
    assert run.locked("uv", LOCK) == (
        "uv==1.2.3 ; sys_platform == 'linux' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
    )
    with pytest.raises(run.InstallError, match="missing is not in"):
        run.locked("missing", LOCK)
    # The real lock has it too.
    real = run.locked("uv", (ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert re.match(r"uv==\d", real)


def test_settings_that_only_pip_knows_are_told_to_uv(run: ModuleType) -> None:
    told = "\n".join(
        [
            "global.index-url='https://user:pass@mirror.example/index'",
            "install.trusted-host='mirror.example'",
            ":env:.cert='/etc/certs/corporate.pem'",
            "global.proxy='http://proxy.example:3128'",
            "global.default-timeout='180'",
            "what is this",
            "global.extra-index-url=it's broken",
        ]
    )
    assert run.uv_settings(told, {}) == {
        "UV_DEFAULT_INDEX": "https://user:pass@mirror.example/index",
        "UV_INSECURE_HOST": "mirror.example",
        "SSL_CERT_FILE": "/etc/certs/corporate.pem",
        "ALL_PROXY": "http://proxy.example:3128",
    }


@pytest.mark.parametrize("own", ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_CONFIG_FILE"])
def test_what_uv_was_told_itself_is_never_replaced(run: ModuleType, own: str) -> None:
    told = "global.index-url='https://a.example/index'\nglobal.cert='/a.pem'\n"
    assert run.uv_settings(told, {own: "theirs", "SSL_CERT_FILE": "/b.pem"}) == {}


def test_with_uv_every_package_needs_a_hash_and_a_wheel_and_the_project_fetches_nothing(run: ModuleType) -> None:
    make, sync, project = run.commands(("uv",), (), "/py", True)
    assert make[:2] == ("uv", "venv")
    assert {"--require-hashes", "--only-binary"} <= set(sync)
    assert {"--no-deps", "--no-build-isolation"} <= set(project)
    assert run.commands(("uv",), (), "/py", False) == [sync, project]


def test_pip_alone_does_the_same_where_uv_cannot_be_had(run: ModuleType) -> None:
    make, packages, project = run.commands((), ("/py", "-m", "pip"), "/py", True)
    # Debian without python3-venv has no ensurepip: the pip that is there installs into the new environment.
    assert "--without-pip" in make
    assert packages[:4] == ("/py", "-m", "pip", "--python")
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(packages)
    assert {"--no-deps", "--no-build-isolation"} <= set(project)


@pytest.mark.parametrize(
    ("said", "version"), [("uv 0.13.9 (x86_64)", (0, 13)), ("uv 1.0", (1, 0)), ("pyenv: uv: not found", ()), ("", ())]
)
def test_a_uv_that_does_not_answer_is_no_uv(run: ModuleType, said: str, version: tuple[int, ...]) -> None:
    assert run.uv_version(said) == version


def test_without_any_installer_it_says_what_was_tried_and_what_to_do(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "answer", silent)
    monkeypatch.setattr(run, "run", no_step)
    assert run.main(["demo"]) == 1
    shown = capsys.readouterr().err
    for part in ("uv on PATH", "python -m pip", "python -m venv", "python3-venv", "run the same command again"):
        assert part in shown
    assert "Traceback" not in shown


def test_a_machine_that_may_not_install_gets_uv_into_a_folder_of_its_own(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    tried: list[Sequence[str]] = []

    def pip_only(command: Sequence[str]) -> str:
        return "pip 25" if "pip" in command else ""

    def record(command: Sequence[str], environment: object) -> bool:
        tried.append(command)
        return False

    monkeypatch.setattr(run, "run", record)
    monkeypatch.setattr(run, "answer", pip_only)
    assert run.bring_uv(checkout / "build" / "tools", {}) == ()
    installs = [command for command in tried if "install" in command]
    assert installs
    for command in installs:
        assert "--require-hashes" in command
        assert command[command.index("--target") + 1] == str(checkout / "build" / "tools")
    assert [command[1:3] for command in tried[:2]] == [("-m", "pip"), ("-m", "venv")]


def test_a_failed_step_is_named_and_the_environment_is_not_taken_for_finished(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "usable_uv", some_uv)
    monkeypatch.setattr(run, "ROOM_GB", 0)

    def only_venv(command: Sequence[str], environment: object) -> bool:
        if "venv" in command:
            run.VENV.mkdir()
            return True
        return False

    monkeypatch.setattr(run, "run", only_venv)
    assert run.main(["demo"]) == 1
    assert "This step failed: uv pip sync" in capsys.readouterr().err
    assert run.BEGUN.exists()
    assert not run.STAMP.exists()


def test_a_full_disk_is_told_before_anything_is_fetched(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "usable_uv", some_uv)
    monkeypatch.setattr(run, "ROOM_GB", 10**9)
    monkeypatch.setattr(run, "run", forbidden)
    assert run.main(["demo"]) == 1
    assert "GB free" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_line(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], checkout: Path
) -> None:
    (checkout / "build").write_text("a file where the folder should be", encoding="utf-8")
    assert run.main(["demo"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("mkg: ")
    assert shown.count("\n") == 1


def test_two_at_once_install_one_after_the_other(run: ModuleType, checkout: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with load(checkout).alone():
            order.append("second")

    with run.alone():
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.2)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]


def test_test_runs_the_checks_and_no_argument_shows_the_help(run: ModuleType) -> None:
    assert run.target(["test", "lint"])[1:] == [str(run.ROOT / "tests" / "run_all.py"), "lint"]
    assert run.target([])[1:] == ["--help"]
    assert (ROOT / "tests" / "run_all.py").is_file()


def test_it_is_read_by_old_pythons_far_enough_to_say_what_is_missing() -> None:
    text = (ROOT / "run.py").read_text(encoding="utf-8")
    before = text[: text.index('if sys.platform == "win32"')]
    assert "sys.version_info < (3, 11)" in before
    assert ":=" not in text
    assert "match " not in re.sub(r'""".*?"""|#.*', "", text, flags=re.DOTALL)
    assert "from __future__" not in text, "Python 3.6 would stop there without our message"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
