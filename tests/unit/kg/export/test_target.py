"""What stands at the path of an export is whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.export.target import described, text_at, whole


def test_a_file_is_there_when_it_is_whole_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "new" / "graph.jsonl"

    with whole(path, folder=False) as inside:
        with text_at(inside) as file:
            file.write("one\n")
        assert not path.exists()

    assert path.read_text() == "one\n"
    assert [file.name for file in path.parent.iterdir()] == ["graph.jsonl"]


@pytest.mark.parametrize("broken", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("folder", [True, False])
def test_nothing_is_left_when_it_breaks_off(tmp_path: Path, broken: type[BaseException], folder: bool) -> None:
    def half() -> None:
        with whole(tmp_path / "graph", folder=folder) as inside:
            with text_at(inside / "nodes" if folder else inside) as file:
                file.write("half")
            raise broken

    with pytest.raises(broken):
        half()

    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "graph.jsonl").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("mine")

    for name, folder in (("graph.jsonl", False), ("folder", True), ("folder", False)):
        with pytest.raises(DataError, match="already"), whole(tmp_path / name, folder=folder):
            raise AssertionError

    assert (tmp_path / "graph.jsonl").read_text() == "mine"


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    with whole(tmp_path / "folder", folder=True) as inside, text_at(inside / "nodes.tsv") as file:
        file.write("id\n")

    assert [file["name"] for file in described(tmp_path / "folder")] == ["nodes.tsv"]


def test_a_path_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DataError, match="cannot be written") as refused, whole(tmp_path / "file" / "x", folder=False):
        raise AssertionError

    assert refused.value.place == str(tmp_path / "file" / "x")


def test_a_packed_file_has_neither_name_nor_time(tmp_path: Path) -> None:
    for name in ("one.gz", "two.gz"):
        with text_at(tmp_path / name) as file:
            file.write("same\n")

    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
