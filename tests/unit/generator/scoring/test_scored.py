"""Rows with the second judge's word on each: nothing else of a row changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import OutputRefused
from generator.exports.rows import read_notes
from generator.report.report import write_report
from generator.scoring.judge import Judge
from generator.scoring.limits import Limits
from generator.scoring.names import english_names, with_vectors
from generator.scoring.scored import write_scored
from tests.unit.generator.hand_graph import HandGraph
from tests.unit.generator.sample_rows import changed, rows_in, write_rows
from tests.unit.generator.scoring.letters import Letters

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("rows") / "notes.jsonl", slips=("N30",))


@pytest.fixture
async def judge(tmp_path: Path) -> Judge:
    names = english_names(await HandGraph().vocabulary())
    return Judge(Letters(), with_vectors(names, Letters(), tmp_path / "vectors", lambda done, total: None))


async def test_each_row_keeps_what_it_had_and_the_report_can_read_it(judge: Judge, rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "scored.jsonl"
    told = write_scored(rows, out, judge, Limits())
    before, after = rows_in(rows), rows_in(out)
    assert [{k: v for k, v in row.items() if k not in ("scores", "second")} for row in after] == before
    judged = [row for row in after if "second" in row]
    assert {row["status"] for row in after if "second" not in row} <= {"rejected"}
    assert (told.read, told.judged, told.written) == (len(before), len(judged), len(before))
    assert told.facts == sum(len(row["facts"]) for row in judged)
    assert told.told == sum(len(row["second"]["told"]) for row in judged)
    assert told.told / told.facts > 0.8
    for row in judged:
        assert 0 < row["scores"]["symptoms_recall"] <= 1.0001
        assert all(row["text"][p["start"] : p["end"]] == p["said"] for p in row["second"]["invented"])
    assert [note.scores for note in read_notes(out) if note.scores] == [row["scores"] for row in judged]


async def test_the_report_has_the_second_word_as_well(judge: Judge, rows: Path, tmp_path: Path) -> None:
    scored = tmp_path / "scored.jsonl"
    told = write_scored(rows, scored, judge, Limits())
    reported = write_report(scored, tmp_path / "report.html")
    second = reported.figures["second"]
    assert (second["notes"], second["told"], second["invented"]) == (told.judged, told.told, told.invented)
    means = [row["scores"]["symptoms_recall"] for row in rows_in(scored) if "scores" in row]
    assert second["symptoms_recall"] == pytest.approx(sum(means) / len(means), abs=1e-4)
    assert "second judge" in reported.out.read_text("utf-8")
    assert write_report(rows, tmp_path / "plain.html").figures["second"] is None


async def test_the_same_rows_give_the_same_bytes(judge: Judge, rows: Path, tmp_path: Path) -> None:
    for name in ("1.jsonl", "2.jsonl"):
        write_scored(rows, tmp_path / name, judge, Limits())
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


async def test_only_what_reaches_the_limits_is_kept_when_asked_for(judge: Judge, rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "passed.jsonl"
    told = write_scored(rows, out, judge, Limits(symptoms_recall=0.9, anamnesis_precision=0.0), only_passed=True)
    kept = rows_in(out)
    assert len(kept) == told.passed == told.written < told.read
    assert all(row["second"]["passed"] and row["scores"]["symptoms_recall"] >= 0.9 for row in kept)


async def test_other_languages_are_not_judged(judge: Judge, rows: Path, tmp_path: Path) -> None:
    russian = changed(rows, tmp_path / "ru.jsonl", lambda _, row: row.update(language="ru"))
    told = write_scored(russian, tmp_path / "out.jsonl", judge, Limits())
    assert (told.judged, told.written) == (0, told.read)
    assert told.as_json()["told_share"] is None


async def test_nothing_is_written_over_and_a_dry_run_writes_nothing(judge: Judge, rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert write_scored(rows, out, judge, Limits(), dry=True).judged > 0
    assert not out.exists()
    assert not out.with_name("out.jsonl.manifest.json").exists()
    out.write_text("mine")
    with pytest.raises(OutputRefused):
        write_scored(rows, out, judge, Limits())
    assert out.read_text() == "mine"


def test_a_limit_asks_only_for_scores_that_there_are() -> None:
    limits = Limits(0.5, 0.7)
    assert limits.passed({})
    assert limits.passed({"symptoms_recall": 0.5})
    assert not limits.passed({"symptoms_recall": 0.5, "anamnesis_precision": 0.7})
