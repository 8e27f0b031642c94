"""Jobs on the disk: whole or not there, whatever else lies in the folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphql_api.jobs.folder import JobFolder
from graphql_api.jobs.live import Live, read_live
from graphql_api.jobs.record import Record, Wanted, job_id

JOB = Record(job_id("vera", "1"), 1, Wanted(("J20",), 2, 7, None), "vera", "2026-11-22T00:00:00+00:00")


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    made = JobFolder(tmp_path / "data" / "jobs")
    made.save(JOB)
    return made


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"id": "JOB:1", "from": "later"}', b"\xff"])
def test_a_record_that_cannot_be_read_is_no_job_and_hinders_no_other(folder: JobFolder, content: bytes) -> None:
    other = folder.root / ("0" * 24) / "job.json"
    other.parent.mkdir()
    other.write_bytes(content)
    (folder.root / "a file").write_text("")
    assert folder.records() == [JOB]


def test_a_line_that_was_cut_off_is_no_note(folder: JobFolder) -> None:
    for number in range(3):
        folder.append(JOB.id, {"id": number})
    path = folder.root / JOB.id.removeprefix("JOB:") / "notes.jsonl"
    path.write_bytes(path.read_bytes()[:-2])
    assert folder.notes(JOB.id, 0, 9) == [{"id": 0}, {"id": 1}]
    assert folder.whole_notes(JOB.id) == 2
    folder.append(JOB.id, {"id": 5})
    assert folder.notes(JOB.id, 1, 9) == [{"id": 1}, {"id": 5}]
    assert folder.notes(JOB.id, 1, 1) == [{"id": 1}]


def test_a_job_without_notes_has_none(folder: JobFolder) -> None:
    assert folder.whole_notes(JOB.id) == 0
    assert folder.notes(JOB.id, 0, 9) == []


def test_only_one_has_the_right_to_write(folder: JobFolder) -> None:
    mine = folder.claimed()
    assert mine is not None
    assert JobFolder(folder.root).claimed() is None
    os.close(mine)
    again = folder.claimed()
    assert again is not None
    os.close(again)


def test_a_new_job_changes_the_stamp(folder: JobFolder) -> None:
    before = folder.stamp()
    folder.remove(JOB.id)
    folder.save(JOB)
    assert folder.stamp() != before


def test_an_end_is_asked_for_by_a_mark_and_what_is_gone_is_not_wanted(folder: JobFolder) -> None:
    assert not folder.cancel_asked(JOB.id)
    folder.ask_to_cancel(JOB.id)
    assert folder.cancel_asked(JOB.id)
    folder.remove(JOB.id)
    assert folder.cancel_asked(JOB.id)
    folder.ask_to_cancel(JOB.id)
    assert folder.record(JOB.id) is None


def test_pieces_are_read_from_where_the_last_look_ended_and_joined_for_each_attempt(tmp_path: Path) -> None:
    path = tmp_path / "live-0"
    assert read_live(path, 0) == ((), 0)
    with Live(path) as live:
        live.hear(0, "Каш")
        live.hear(0, "ель\n")
        pieces, offset = read_live(path, 0)
        assert pieces == ((0, "Кашель\n"),)
        assert read_live(path, offset) == ((), offset)
        live.hear(0, ".")
        live.hear(1, "Anew")
        assert read_live(path, offset)[0] == ((0, "."), (1, "Anew"))
        with path.open("ab") as file:
            file.write(b'[1,"half')
        assert read_live(path, offset)[0] == ((0, "."), (1, "Anew"))
    assert not path.exists()
    live.hear(1, "too late")
    assert live.pieces == 4
