"""`mkg dataset` as a person runs it; it needs no database but for what the graph holds in all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.settings import Settings
from tests.unit.generator.sample_rows import changed, write_rows

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("rows") / "notes.jsonl", slips=("N30",))


def test_from_rows_to_a_clean_set_a_report_and_an_export(mkg: Run, rows: Path, tmp_path: Path) -> None:
    twice, kept, page, table = (tmp_path / name for name in ("twice", "kept.jsonl", "report.html", "notes.csv"))
    twice.write_bytes(rows.read_bytes() + rows.read_bytes().replace(b"NOTE:", b"AGAIN:"))
    ran = mkg("dataset", "dedupe", str(twice), "--out", str(kept), "--threshold", "0.7", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["read"] == 60
    assert ran.json["dropped"] >= 27
    assert len(kept.read_bytes().splitlines()) == ran.json["kept"]

    ran = mkg("dataset", "report", str(kept), "--out", str(page))
    assert (ran.code, page.is_file()) == (0, True)
    assert f"{ran.out.split()[0]} notes" in ran.out
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["duplicates"]["threshold"] == 0.8

    ran = mkg("dataset", "export", str(kept), "--as", "csv", "--out", str(table))
    assert ran.code == 0
    assert "rejected notes were left out" in ran.err

    ran = mkg("dataset", "status", str(tmp_path))
    assert "kept.jsonl" in ran.out
    assert "finished" in ran.out
    assert mkg("dataset", "status", str(kept), "--json").json["wanted"] == len(kept.read_bytes().splitlines())


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--as", "fhir", "--out", "x.json"),
        ("export", "--as", "hf", "--out", "x"),
        ("dedupe", "--out", "x.jsonl"),
        ("report", "--out", "x.html"),
    ],
)
def test_a_dry_run_tells_and_writes_nothing(
    mkg: Run, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = mkg("dataset", words[0], str(rows), *words[1:], "--dry-run")
    assert ran.code == 0, ran.err
    assert "would be" in ran.out
    assert mkg("dataset", words[0], str(rows), *words[1:], "--dry-run", "--json").json
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("export", "none.jsonl", "--as", "csv", "--out", "x.csv"), 3, "there is no such file"),
        (("export", "bad.jsonl", "--as", "csv", "--out", "x.csv"), 3, "the row is no note: text: Field required"),
        (("export", "bad.jsonl", "--as", "word", "--out", "x.doc"), 2, "'word' is not one of"),
        (("export", "bad.jsonl", "--as", "csv", "--out", "x.doc"), 5, "ends with .csv"),
        (("export", "bad.jsonl", "--as", "csv"), 2, "--out"),
        (("export", "bad.jsonl", "--as", "csv", "--out", "bad.jsonl"), 5, "ends with .csv"),
        (("export", "bad.jsonl", "--as", "chatml", "--out", "bad.jsonl"), 5, "something at this path"),
        (("export", "bad.jsonl", "--as", "chatml", "--out", "bad.jsonl", "--overwrite"), 5, "same file"),
        (("dedupe", "bad.jsonl", "--out", "x.jsonl"), 3, "line 2"),
        (("dedupe", "bad.jsonl", "--out", "x.jsonl", "--threshold", "2"), 2, "--threshold"),
        (("report", "bad.jsonl", "--out", "x.html"), 3, "line 2"),
        (("report", "bad.jsonl", "--out", "x.pdf"), 5, "the report is a page"),
        (("status", "nowhere"), 3, "there is no run here"),
    ],
)
def test_bad_input_is_told_with_cause_and_place(
    mkg: Run,
    rows: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    changed(rows, tmp_path / "bad.jsonl", lambda number, row: row.pop("text") if number == 1 else None)
    ran = mkg("dataset", *words)
    assert ran.code == code
    assert message in " ".join(ran.err.replace("│", " ").split())
    assert "Traceback" not in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["bad.jsonl"]


@pytest.mark.neo4j
def test_the_graph_is_asked_how_much_there_is(mkg: Run, loaded: Settings, rows: Path, tmp_path: Path) -> None:
    ran = mkg("dataset", "report", str(rows), "--out", str(tmp_path / "r.html"), "--graph", "--json")
    assert ran.code == 0, ran.err
    there = {name: each["there"] for name, each in ran.json["coverage"].items()}
    assert there["diseases"] == 237
    assert min(there.values()) > 100
