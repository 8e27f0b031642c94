"""The run of all checks: its own data folder, no skips, and no process left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def checks() -> ModuleType:
    spec = spec_from_file_location("checks_under_test", ROOT / "tests" / "run_all.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("def test_it(): pass", 0),
        ("import pytest\ndef test_it(): pytest.skip('no')\ndef test_other(): pass", 1),
        ("import pytest\npytest.importorskip('no_such_module')", 1),
        ("import pytest\n@pytest.mark.xfail\ndef test_it(): assert False", 1),
        ("def test_it(): assert False", 1),
    ],
    ids=["passes", "skips", "skips the file", "expected to fail", "fails"],
)
def test_a_run_with_a_skip_has_failed(tmp_path: Path, body: str, code: int) -> None:
    (tmp_path / "test_one.py").write_text(body, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.no_skips",
        "--rootdir",
        tmp_path,
        "-c",
        os.devnull,
        tmp_path,
    ]
    # Skipping all of one file's tests is pytest's exit code 5, and as much of a failure.
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == bool(code), done.stdout


def test_settings_of_the_user_do_not_reach_the_tests(checks: ModuleType, tmp_path: Path) -> None:
    theirs = {
        "NEO4J_URI": "bolt://production:7687",
        "NEO4J_PASSWORD": "theirs",
        "MKG_DATA_DIR": "/theirs",
        "MKG_CACHE_DIR": "/cache",
        "PATH": "/bin",
    }
    kept = checks.clean(theirs, tmp_path, "id")
    assert "production" not in str(kept)
    assert "theirs" not in str(kept)
    assert kept["MKG_DATA_DIR"] == str(tmp_path / "data")
    assert (kept["MKG_CACHE_DIR"], kept["PATH"]) == ("/cache", "/bin")


def test_a_process_that_a_test_left_behind_is_found_by_its_mark(checks: ModuleType) -> None:
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, checks.MARK: "a-run"}) as process:
        assert [found.pid for found in checks.left_behind("a-run")] == [process.pid]
        assert checks.left_behind("another-run") == []
        process.communicate(b"\n")
    assert checks.left_behind("a-run") == []


def test_an_unknown_step_names_the_known_ones(checks: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.main(["tset"]) == 2
    assert "format, lint, types, imports, tests" in capsys.readouterr().err


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "python3 run.py test" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)
