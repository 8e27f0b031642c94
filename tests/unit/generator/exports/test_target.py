"""What is written is whole or not there, and nothing is lost that was not to be overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import OutputRefused
from generator.exports.target import refuse_source, whole_files, whole_folder

OURS = ("README.md", "data/*.parquet")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def full_disk() -> bytes:
    raise OSError(28, "No space left on device")


def test_files_take_their_names_when_all_are_written(tmp_path: Path) -> None:
    with whole_files(tmp_path / "a" / "x", tmp_path / "a" / "y", overwrite=False) as (first, second):
        first.write_text("1")
        second.write_text("2")
        assert not (tmp_path / "a" / "x").exists()
    assert names(tmp_path / "a") == ["x", "y"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "x"
    out.write_text("old")
    with pytest.raises(OutputRefused, match="No space"), whole_files(out, overwrite=True) as (file,):
        file.write_bytes(full_disk())
    assert out.read_text() == "old"
    assert names(tmp_path) == ["x"]


def test_what_is_there_is_overwritten_only_when_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "x"
    out.write_text("old")
    with pytest.raises(OutputRefused, match="something at this path"), whole_files(out, overwrite=False):
        pytest.fail("it was let in")
    with whole_files(out, overwrite=True) as (file,):
        file.write_text("new")
    assert out.read_text() == "new"
    with pytest.raises(OutputRefused, match="a folder"), whole_files(tmp_path, overwrite=True):
        pytest.fail("it was let in")


def test_a_folder_with_anything_of_somebody_else_is_never_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "set"
    with whole_folder(out, overwrite=False, ours=OURS) as folder:
        (folder / "README.md").write_text("card")
    with pytest.raises(OutputRefused, match="something"), whole_folder(out, overwrite=False, ours=OURS):
        pytest.fail("it was let in")
    with whole_folder(out, overwrite=True, ours=OURS) as folder:
        (folder / "README.md").write_text("card 2")
    assert names(tmp_path) == ["set"]
    assert (out / "README.md").read_text() == "card 2"
    (out / "thesis.docx").write_text("years of work")
    with pytest.raises(OutputRefused, match=r"thesis\.docx"), whole_folder(out, overwrite=True, ours=OURS):
        pytest.fail("it was let in")
    (tmp_path / "file").touch()
    with pytest.raises(OutputRefused, match="a file"), whole_folder(tmp_path / "file", overwrite=True, ours=OURS):
        pytest.fail("it was let in")


def test_a_folder_that_is_there_and_empty_is_taken(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    with whole_folder(tmp_path / "set", overwrite=False, ours=OURS) as folder:
        (folder / "README.md").touch()
    assert names(tmp_path / "set") == ["README.md"]


def test_rows_are_not_written_over_themselves(tmp_path: Path) -> None:
    rows, other = tmp_path / "rows", tmp_path / "link"
    rows.touch()
    other.symlink_to(rows)
    with pytest.raises(OutputRefused, match="same file"):
        refuse_source([rows], other)
    refuse_source([rows], tmp_path / "new")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputRefused, match="cannot be written"), whole_files(tmp_path / "file" / "x", overwrite=False):
        pytest.fail("it was let in")
