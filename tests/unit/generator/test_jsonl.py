"""Rows survive a kill at any byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import OutputRefused
from generator.jsonl import RowFile

RUN = {"seed": 7, "recipe": "r@1"}
ROWS = [{"id": f"NOTE:{number}", "text": "кашель\n" * number} for number in range(4)]


def write(out: Path, *, overwrite: bool = False, run: dict[str, object] | None = None) -> int:
    with RowFile(out, run or RUN, len(ROWS), overwrite=overwrite) as file:
        before = len(file.rows)
        if not file.finished:
            for row in ROWS[before:]:
                file.append(row)
            file.finish()
    return before


def whole(tmp_path: Path) -> bytes:
    write(tmp_path / "whole")
    return (tmp_path / "whole").read_bytes()


def begin(out: Path, rows: int) -> None:
    with RowFile(out, RUN, len(ROWS)) as file:
        for row in ROWS[:rows]:
            file.append(row)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(cut=st.integers(0, 10_000))
def test_a_file_that_was_cut_at_any_byte_ends_in_the_same_bytes(tmp_path: Path, cut: int) -> None:
    expected = whole(tmp_path)
    out = tmp_path / "cut"
    begin(out, 3)
    part = tmp_path / "cut.part"
    part.write_bytes(part.read_bytes()[:cut])
    write(out)
    assert out.read_bytes() == expected
    assert not part.exists()
    out.unlink()
    (tmp_path / "cut.manifest.json").unlink()


def test_nothing_bears_the_name_before_it_is_whole(tmp_path: Path) -> None:
    begin(tmp_path / "notes", 3)
    assert not (tmp_path / "notes").exists()
    assert write(tmp_path / "notes") == 3
    assert [json.loads(line) for line in (tmp_path / "notes").read_text().splitlines()] == ROWS


def test_a_run_cut_off_between_naming_the_file_and_noting_it_is_whole(tmp_path: Path) -> None:
    write(tmp_path / "notes")
    manifest = tmp_path / "notes.manifest.json"
    noted = manifest.read_bytes()
    manifest.write_text(json.dumps({"run": json.loads(noted)["run"]}))
    assert write(tmp_path / "notes") == 4
    assert manifest.read_bytes() == noted


def test_a_whole_file_of_the_same_run_is_left_alone(tmp_path: Path) -> None:
    before = whole(tmp_path)
    stamp = (tmp_path / "whole").stat().st_mtime_ns
    assert write(tmp_path / "whole") == 4
    assert (tmp_path / "whole").read_bytes() == before
    assert (tmp_path / "whole").stat().st_mtime_ns == stamp


def test_a_part_of_another_run_is_refused_and_kept(tmp_path: Path) -> None:
    begin(tmp_path / "notes", 2)
    with pytest.raises(OutputRefused, match="its seed differ"):
        write(tmp_path / "notes", run={"seed": 8, "recipe": "r@1"})
    assert write(tmp_path / "notes") == 2


def test_a_file_without_a_manifest_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine\n")
    with pytest.raises(OutputRefused, match="no manifest"):
        write(tmp_path / "notes")
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]
    assert write(tmp_path / "notes", overwrite=True) == 0


def test_a_whole_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    whole(tmp_path)
    with (tmp_path / "whole").open("a") as file:
        file.write("{}\n")
    with pytest.raises(OutputRefused, match="changed after it was written"):
        write(tmp_path / "whole")


def test_two_runs_cannot_write_one_file(tmp_path: Path) -> None:
    with (
        RowFile(tmp_path / "notes", RUN, 4) as file,
        pytest.raises(OutputRefused, match="another run is writing"),
        RowFile(tmp_path / "notes", RUN, 4),
    ):
        file.append(ROWS[0])


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputRefused, match="cannot be written"):
        write(tmp_path / "file" / "notes")
