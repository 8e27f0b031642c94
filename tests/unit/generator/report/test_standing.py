"""How far a run is, is read from its file and manifest, while it goes on, when it was cut off and at its end."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from generator.errors import RowsInvalid
from generator.exports.rows import row_files
from generator.jsonl import RowFile
from generator.notes.row import counts_of
from generator.report.standing import Run, standing
from generator.runs.shards import Shards
from generator.runs.sink import Session
from tests.unit.generator.sample_rows import rows_in


def only(path: Path) -> Run:
    (run,) = standing(path).runs
    return run


def test_a_run_that_goes_on_was_cut_off_or_is_finished(rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "notes.jsonl"
    written = rows_in(rows)[:6]
    with RowFile(out, {"seed": 7}, 6) as file:
        assert (only(out).state, only(out).rows, only(out).rate) == ("running", 0, None)
        file.extend(written[:4])
        os.utime(tmp_path / "notes.jsonl.manifest.json", (1000, 1000))
        os.utime(tmp_path / "notes.jsonl.part", (1002, 1002))
        run = only(out)
        assert (run.state, run.rows, run.wanted, run.seconds, run.rate, run.seconds_left) == (
            "running", 4, 6, 2.0, 2.0, 1.0,
        )  # fmt: skip
        assert (run.passed, run.rejected) == (
            sum(row["check"]["passed"] for row in written[:4]),
            sum(not row["check"]["passed"] for row in written[:4]),
        )
    with (tmp_path / "notes.jsonl.part").open("ab") as half:
        half.write(b'{"id": "NOT')
    assert (only(out).state, only(out).rows, only(out).made_with) == ("stopped", 4, {"seed": 7})
    with RowFile(out, {"seed": 7}, 6) as file:
        file.extend(written[4:])
        file.finish()
    run = only(out)
    assert (run.state, run.rows, run.wanted, run.seconds, run.seconds_left) == ("finished", 6, 6, None, None)


def test_a_folder_is_all_its_runs(both: Path, rows: Path, tmp_path: Path) -> None:
    told = standing(both).as_json()
    assert [Path(run["file"]).name for run in told["runs"]] == ["en.jsonl", "ru.jsonl"]
    # The first was copied without its manifest, so nobody knows how many were wanted.
    assert (told["rows"], told["wanted"]) == (40, None)
    assert told["passed"] + told["rejected"] == 40
    assert standing(rows.parent).as_json()["wanted"] == 30
    with RowFile(tmp_path / "begun.jsonl", {"seed": 1}, 5):
        pass
    assert (only(tmp_path).rows, only(tmp_path).wanted, only(tmp_path).state) == (0, 5, "stopped")


def test_time_is_what_the_manifest_says(rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "notes.jsonl"
    out.write_bytes(rows.read_bytes())
    (tmp_path / "notes.jsonl.manifest.json").write_text(json.dumps({"run": {"rows": 30}, "seconds": 60}))
    assert standing(tmp_path).times() == {"seconds": 60.0, "rows_per_second": 0.5}


def test_rows_that_nothing_checked_have_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "patients.jsonl").write_text('{"id": "P:1"}\n{"id": "P:2"}\n')
    run = only(tmp_path / "patients.jsonl")
    assert (run.rows, run.passed, run.rejected) == (2, None, None)
    assert standing(tmp_path).as_json()["passed"] is None


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.jsonl", "[1]\n", "the line is no row"),
        ("x.jsonl", "{\n", "the line is no row"),
        ("x.jsonl.manifest.json", "{", "the manifest cannot be read"),
        ("x.jsonl.manifest.json", "[]", "the manifest names no run"),
        ("x.jsonl.manifest.json", '{"run": 7}', "the manifest names no run"),
        ("y.txt", "", "there is no run here"),
    ],
)
def test_what_is_no_run_is_refused_with_its_place(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    for source in (tmp_path, tmp_path / "x.jsonl"):
        with pytest.raises(RowsInvalid, match=message) as refused:
            standing(source)
        assert str(tmp_path) in (refused.value.place or "")


def test_a_folder_of_shards_is_one_run_while_it_goes_on_and_after(rows: Path, tmp_path: Path) -> None:
    written = rows_in(rows)[:7]
    out = tmp_path / "notes"

    def opened() -> Shards:
        sizes = {"per_file": 4, "group": 1}
        return Shards(out, {"seed": 7}, 7, **sizes, count=counts_of, twin=lambda _, to: to.touch(), session=Session({}))

    with opened() as shards:
        assert (only(out).state, only(out).rows, only(out).wanted) == ("running", 0, 7)
        for row in written[:6]:
            shards.extend([row])
        os.utime(out / "manifest.json", (1000, 1000))
        os.utime(out / "notes-00001.jsonl.part", (1002, 1002))
        run = only(out)
        assert (run.state, run.rows) == ("running", 6)
        assert (run.passed, run.rejected) == (
            sum(row["check"]["passed"] for row in written[:6]),
            sum(not row["check"]["passed"] for row in written[:6]),
        )
        assert run.seconds is not None
        assert run.seconds >= 2
        assert run.seconds_left == pytest.approx(run.seconds / 6, abs=0.1)
    assert (only(out).state, only(out).rows) == ("stopped", 6)
    with pytest.raises(RowsInvalid, match="the run is not finished"):
        row_files(out)
    with opened() as shards:
        shards.extend(written[6:])
        shards.finish()
    run = only(out)
    assert (run.state, run.rows, run.seconds_left, run.made_with) == (
        "finished", 7, None, {"seed": 7, "rows_per_shard": 4},
    )  # fmt: skip
    assert run.seconds is not None
    assert run.seconds >= 2
    assert [path.name for path in row_files(out)] == ["notes-00000.jsonl", "notes-00001.jsonl"]
