"""A file without near-duplicates has the other rows byte for byte, and a list of what was dropped beside it."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from generator.errors import OutputRefused
from generator.exports.deduped import LIST_COLUMNS, write_deduped


@pytest.fixture
def doubled(rows: Path, tmp_path: Path) -> Path:
    """Each row twice, the second time under another id."""
    path = tmp_path / "doubled.jsonl"
    lines = rows.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines) + b"".join(line.replace(b"NOTE:", b"AGAIN:") for line in lines).rstrip(b"\n"))
    return path


def test_what_is_kept_is_copied_byte_for_byte_and_what_is_dropped_is_listed(doubled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "kept.jsonl"
    told = write_deduped(doubled, out)
    assert (told.read, told.kept + told.dropped) == (60, 60)
    with told.list.open(newline="", encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    assert tuple(listed[0]) == LIST_COLUMNS
    assert len(listed) == told.dropped
    gone = {int(line["dropped_line"]) for line in listed}
    lines = (doubled.read_bytes() + b"\n").splitlines(keepends=True)
    assert out.read_bytes() == b"".join(line for number, line in enumerate(lines, start=1) if number not in gone)
    assert all(int(line["kept_line"]) < int(line["dropped_line"]) for line in listed)
    assert {line["similarity"] for line in listed if line["dropped"].startswith("AGAIN:")} <= {"1.0000"} | {
        line["similarity"] for line in listed
    }


def test_the_same_rows_give_the_same_bytes_and_the_manifest_says_from_what(doubled: Path, tmp_path: Path) -> None:
    for name in ("1", "2"):
        write_deduped(doubled, tmp_path / name / "kept.jsonl")
    for name in ("kept.jsonl", "kept.jsonl.dropped.csv", "kept.jsonl.manifest.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    manifest = json.loads((tmp_path / "1" / "kept.jsonl.manifest.json").read_text())
    assert manifest["sha256"] == hashlib.sha256((tmp_path / "1" / "kept.jsonl").read_bytes()).hexdigest()
    assert manifest["run"]["made_from"] == {"doubled.jsonl": hashlib.sha256(doubled.read_bytes()).hexdigest()}
    assert manifest["run"]["rows"] == len((tmp_path / "1" / "kept.jsonl").read_bytes().splitlines())


def test_a_second_time_drops_nothing(doubled: Path, tmp_path: Path) -> None:
    write_deduped(doubled, tmp_path / "1.jsonl")
    assert write_deduped(tmp_path / "1.jsonl", tmp_path / "2.jsonl").dropped == 0
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_a_dry_run_counts_and_nothing_is_written_over(doubled: Path, tmp_path: Path) -> None:
    before = doubled.read_bytes()
    dry = write_deduped(doubled, tmp_path / "kept.jsonl", dry=True)
    assert list(tmp_path.iterdir()) == [doubled]
    real = write_deduped(doubled, tmp_path / "kept.jsonl")
    assert (dry.kept, dry.dropped, dry.pairs) == (real.kept, real.dropped, real.pairs)
    with pytest.raises(OutputRefused, match="something at this path"):
        write_deduped(doubled, tmp_path / "kept.jsonl")
    with pytest.raises(OutputRefused, match="same file"):
        write_deduped(doubled, doubled, overwrite=True)
    assert doubled.read_bytes() == before
