"""Shards are whole or not there, whatever moment a run is cut off at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import OutputRefused
from generator.runs.shards import Shards
from generator.runs.sink import Session

RUN = {"seed": 7, "recipe": "r@1"}
ROWS = [{"id": f"NOTE:{number}", "text": "кашель\n" * number, "good": number % 3 > 0} for number in range(11)]
WIDTH, PER_FILE = 2, 5


def twin(rows: Path, out: Path) -> None:
    out.write_bytes(b"PAR1" + rows.read_bytes()[::-1])


def opened(out: Path, run: dict[str, Any] | None = None, *, overwrite: bool = False) -> Shards:
    return Shards(
        out,
        run or RUN,
        len(ROWS),
        per_file=PER_FILE,
        group=WIDTH,
        count=lambda row: {"good": int(row["good"])},
        twin=twin,
        session=Session({"plan": [["J20", 11]]}),
        overwrite=overwrite,
    )


def write(out: Path, upto: int = len(ROWS), **also: Any) -> int:
    """Write up to so many rows and return how many were there."""
    with opened(out, **also) as shards:
        before = shards.done
        while shards.done < upto:
            end = min(shards.done + WIDTH, (shards.done // PER_FILE + 1) * PER_FILE, len(ROWS))
            shards.extend(ROWS[shards.done : end])
        if shards.done == len(ROWS) and not shards.finished:
            shards.finish()
        assert shards.counts["good"] == sum(row["good"] for row in ROWS[: shards.done])
    return before


def content(folder: Path) -> dict[str, bytes | object]:
    """Return the files of a folder, the manifest without its time."""
    found: dict[str, bytes | object] = {path.name: path.read_bytes() for path in folder.iterdir()}
    return found | {"manifest.json": json.loads(str(found["manifest.json"], "utf-8")) | {"seconds": 0}}  # pyright: ignore


def test_a_run_lies_in_shards_with_their_twins_and_a_manifest_of_all(tmp_path: Path) -> None:
    out = tmp_path / "notes"
    assert write(out) == 0
    shards = sorted(out.glob("*.jsonl"))
    assert [len(path.read_text().splitlines()) for path in shards] == [5, 5, 1]
    assert [json.loads(line) for path in shards for line in path.read_text().splitlines()] == ROWS
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["run"] == {"seed": 7, "recipe": "r@1", "rows": 11, "rows_per_shard": 5}
    assert (manifest["finished"], manifest["plan"], manifest["counts"]) == (True, [["J20", 11]], {"good": 7})
    assert [each["file"] for each in manifest["shards"]] == [path.name for path in shards]
    assert all((out / each["parquet"]).read_bytes().startswith(b"PAR1") for each in manifest["shards"])
    assert manifest["seconds"] >= 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(upto=st.integers(0, 11), cut=st.integers(0, 400))
def test_a_run_that_was_cut_off_at_any_byte_ends_in_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, upto: int, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    write(folder / "whole")
    out = folder / "cut"
    write(out, upto)
    for part in out.glob("*.part"):
        part.write_bytes(part.read_bytes()[:cut])
    there = write(out)
    # Groups are taken up whole: within a shard of 5 they end at 2, 4 and 5.
    assert there % PER_FILE in {0, 2, 4} or there == len(ROWS)
    assert content(out) == content(folder / "whole")


def test_a_run_killed_on_the_way_from_part_to_shard_loses_nothing(tmp_path: Path) -> None:
    write(tmp_path / "whole")
    expected = content(tmp_path / "whole")
    first = tmp_path / "whole" / "notes-00000.jsonl"

    def begun(name: str) -> Path:
        out = tmp_path / name
        write(out, 4)
        (out / "notes-00000.jsonl.part").write_bytes(first.read_bytes())
        return out

    before_the_twin = begun("before the twin")
    behind_the_twin = begun("behind the twin")
    twin(first, behind_the_twin / "notes-00000.parquet")
    half_a_twin = begun("half a twin")
    (half_a_twin / ".notes-00000.parquet.new").write_bytes(b"PA")
    not_noted = begun("not noted")
    twin(first, not_noted / "notes-00000.parquet")
    (not_noted / "notes-00000.jsonl.part").rename(not_noted / "notes-00000.jsonl")
    for out in (before_the_twin, behind_the_twin, half_a_twin, not_noted):
        assert write(out) == 5, out.name
        assert content(out) == expected, out.name


def test_a_finished_run_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "notes")
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "notes").iterdir()}
    assert write(tmp_path / "notes") == 11
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps


def test_another_run_is_refused_by_what_differs_and_kept(tmp_path: Path) -> None:
    write(tmp_path / "notes", 6)
    with pytest.raises(OutputRefused, match="the folder belongs to another run: its seed differ"):
        write(tmp_path / "notes", run={"seed": 8, "recipe": "r@1"})
    assert write(tmp_path / "notes") == 7
    assert write(tmp_path / "notes", run={"seed": 8, "recipe": "r@1"}, overwrite=True) == 0


def test_a_run_of_which_no_row_was_written_is_in_nobodys_way(tmp_path: Path) -> None:
    write(tmp_path / "notes", 0)
    assert write(tmp_path / "notes", run={"seed": 8, "recipe": "r@1"}) == 0


def test_what_is_not_of_the_run_is_never_touched(tmp_path: Path) -> None:
    out = tmp_path / "notes"
    out.mkdir()
    (out / "report.html").write_text("mine")
    write(out)
    write(out, overwrite=True)
    assert (out / "report.html").read_text() == "mine"
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "notes-00000.jsonl").write_text("mine\n")
    with pytest.raises(OutputRefused, match="no manifest"):
        write(bare)
    assert (bare / "notes-00000.jsonl").read_text() == "mine\n"


@pytest.mark.parametrize("name", ["notes-00001.jsonl", "notes-00001.parquet"])
def test_a_shard_that_was_changed_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path / "notes")
    with (tmp_path / "notes" / name).open("a") as file:
        file.write("{}\n")
    with pytest.raises(OutputRefused, match="changed after it was written") as refused:
        write(tmp_path / "notes")
    assert str(refused.value.place).endswith(name)


def test_a_shard_that_is_missing_is_named_and_a_missing_twin_is_made_again(tmp_path: Path) -> None:
    write(tmp_path / "notes")
    (tmp_path / "notes" / "notes-00001.parquet").unlink()
    assert write(tmp_path / "notes") == 11
    assert (tmp_path / "notes" / "notes-00001.parquet").exists()
    (tmp_path / "notes" / "notes-00001.jsonl").unlink()
    with pytest.raises(OutputRefused, match=r"notes-00001.jsonl is missing"):
        write(tmp_path / "notes")


def test_two_runs_cannot_write_into_one_folder(tmp_path: Path) -> None:
    with (
        opened(tmp_path / "notes"),
        pytest.raises(OutputRefused, match="another run is writing"),
        opened(tmp_path / "notes"),
    ):
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputRefused, match="cannot be written"):
        write(tmp_path / "file" / "notes")
