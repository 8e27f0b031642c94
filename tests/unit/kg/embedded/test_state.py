"""The lock and the state file of a data directory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kg.embedded.state import Run, is_locked, locked, read_run, write_run
from kg.errors import EmbeddedError


def test_a_state_reads_back_as_it_was_written(tmp_path: Path) -> None:
    run = Run("running", 42, "5.26.30", port=7687)
    write_run(tmp_path / "run.json", run)
    assert read_run(tmp_path / "run.json") == run
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_no_file_is_no_state(tmp_path: Path) -> None:
    assert read_run(tmp_path / "run.json") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[1]",
        "{}",
        '{"state": "running", "pid": 1, "version": "5", "port": null}',
        '{"state": "asleep", "pid": 1, "version": "5"}',
        '{"state": "starting", "pid": -1, "version": "5"}',
        '{"state": "starting", "pid": "1", "version": "5"}',
        '{"state": "starting", "pid": 1, "version": "5", "colour": 1}',
        "\udcff",
    ],
)
def test_a_corrupt_state_is_an_error_with_its_place(tmp_path: Path, text: str) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(EmbeddedError) as caught:
        read_run(file)
    assert caught.value.place == str(file)
    assert caught.value.hint


def test_a_lock_is_held_once_and_free_when_its_holder_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    program = (
        "import sys, time, pathlib\n"
        "from kg.embedded.state import locked\n"
        "with locked(pathlib.Path(sys.argv[1])) as ours: print(ours, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"True\n"
        assert is_locked(file)
        with locked(file, patience=0.1) as ours:
            assert not ours
        holder.kill()
        holder.wait()
    assert not is_locked(file)
    with locked(file, patience=0) as ours:
        assert ours


def test_a_lock_whose_file_was_removed_is_taken_anew(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with locked(file) as ours:
        assert ours
        file.unlink()
        assert not is_locked(file)
        with locked(file, patience=0) as again:
            assert again
            assert is_locked(file)


def test_a_file_where_the_folder_should_be_is_no_running_server(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("here first")
    assert not is_locked(blocked / "lock")
    assert read_run(blocked / "run.json") is None


def test_the_directory_of_another_user_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        # The superuser, as whom tests may run, is never refused by the system itself.
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kg.embedded.state.os.open", refuse)
    with pytest.raises(EmbeddedError, match="belongs to another user") as caught:
        is_locked(tmp_path / "lock")
    assert caught.value.place == str(tmp_path)
    assert "MKG_DATA_DIR" in (caught.value.hint or "")
