"""A row is read back whole, or refused with file, line, field and cause."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.errors import RowsInvalid
from generator.exports import rows as reading
from generator.exports.rows import read_lines, read_notes, row_files
from tests.unit.generator.sample_rows import changed, rows_in

Row = dict[str, Any]


def refused(source: Path) -> RowsInvalid:
    with pytest.raises(RowsInvalid) as told:
        list(read_notes(source))
    return told.value


def test_what_the_writer_wrote_is_read_back(rows: Path) -> None:
    notes = list(read_notes(rows))
    written = rows_in(rows)
    assert len(notes) == len(written) == 30
    for note, row in zip(notes, written, strict=True):
        assert (note.id, note.text, note.icd10, note.rejected) == (
            row["id"], row["text"], row["icd10"], row["status"] == "rejected",
        )  # fmt: skip
        assert [fact.edge_id for fact in note.facts] == [fact["edge_id"] for fact in row["facts"]]
        assert len(note.shown) == len(row["example_ids"])
    assert 0 < sum(note.rejected for note in notes) < 30


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda row: row.pop("text"), "text: "),
        (lambda row: row.update(text=7), "text: "),
        (lambda row: row["facts"][0].pop("kind"), "facts.0.kind: "),
        (lambda row: row["patient"].update(age="old"), "patient.age: "),
        (lambda row: row["check"]["spans"].update(F1=[0, 10**6]), "lies outside of the text"),
        (lambda row: row["check"]["spans"].update(F1=[9, 3]), "lies outside of the text"),
        (lambda row: row["check"]["told"].append("F99"), "there is no fact 'F99'"),
        (lambda row: row["facts"].append(row["facts"][0]), "two have the same id"),
        (lambda row: row.update(scores={"a": "high"}), "scores.a: "),
    ],
)
def test_a_bad_row_is_refused_with_its_place(
    rows: Path, tmp_path: Path, change: Callable[[Row], object], cause: str
) -> None:
    bad = changed(rows, tmp_path / "bad.jsonl", lambda number, row: change(row) if number == 4 else None)
    error = refused(bad)
    assert error.place == f"file {bad}, line 5"
    assert cause in error.message


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b"7", b"\xff\xfe", b"\x00", b'{"id": "a"}', b'{"id": "\\ud800"}', b"x" * 100]
)
def test_what_is_no_row_at_all_is_refused(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_bytes(b"\n" + line + b"\n")
    assert refused(path).place == f"file {path}, line 2"


def test_a_line_that_is_too_long_is_not_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 1000)
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"x" * 5000)
    assert "longer than 1,000 bytes" in refused(path).message


def test_a_row_stands_once(rows: Path, tmp_path: Path) -> None:
    path = tmp_path / "twice.jsonl"
    path.write_bytes(rows.read_bytes() * 2)
    assert refused(path).place == f"file {path}, line 31"


def test_a_folder_is_all_its_files_by_name(both: Path) -> None:
    assert [path.name for path in row_files(both)] == ["en.jsonl", "ru.jsonl"]
    assert len(list(read_notes(both))) == 40


def test_an_offset_leads_to_its_line(both: Path) -> None:
    for line in read_lines(both):
        content = line.path.read_bytes()
        assert content[line.offset :].startswith(line.raw)


def test_what_is_not_there_is_refused_with_the_next_step(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.jsonl").message
    (tmp_path / "cut.jsonl.part").touch()
    assert "not finished" in refused(tmp_path / "cut.jsonl").message
    (tmp_path / "empty").mkdir()
    assert "no rows" in refused(tmp_path / "empty").message
