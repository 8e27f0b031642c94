"""Rows become each format: complete, readable by what reads it, the same bytes each time, and nothing of a bad row."""

from __future__ import annotations

import csv
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pyarrow.parquet
import pytest
import yaml

from generator.errors import OutputRefused, RowsInvalid
from generator.exports import Format, export_rows
from generator.exports.columns import FLAT, MASKED, MEDSYN
from generator.exports.hf import plain, size_of, write_shards
from generator.exports.rows import read_notes
from tests.unit.generator.sample_rows import changed, rows_in

CASES = [
    (Format.MEDSYN, "m.csv"),
    (Format.MEDSYN, "m.jsonl"),
    (Format.MEDSYN, "m.parquet"),
    (Format.HF, "set"),
    (Format.ALPACA, "a.json"),
    (Format.CHATML, "c.jsonl"),
    (Format.FHIR, "f.json"),
    (Format.CSV, "x.csv"),
    (Format.PARQUET, "x.parquet"),
]
every_format = pytest.mark.parametrize(("format", "name"), CASES, ids=lambda value: str(value))

# What a note of somebody else's making could hold.
HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "'=1", "a\nb", 'a "quoted" cell', "a;b,c",
    "<script>alert(1)</script>", "| a | b |", "[link](javascript:alert(1))", "---\nlicense: mit", "\0", "é😀‮",
]  # fmt: skip


def content(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return {str(file.relative_to(path.parent)): file.read_bytes() for file in files}


def good(path: Path) -> list[dict[str, Any]]:
    return [row for row in rows_in(path) if row["status"] != "rejected"]


@every_format
def test_the_same_rows_give_the_same_bytes_and_rejected_ones_stay_out(
    rows: Path, tmp_path: Path, format: Format, name: str
) -> None:
    told = export_rows(rows, format, tmp_path / "1" / name)
    export_rows(rows, format, tmp_path / "2" / name)
    assert content(tmp_path / "1" / name) == content(tmp_path / "2" / name)
    assert told.tally.written == len(good(rows))
    assert told.tally.written + told.tally.left_out == told.tally.read == 30
    export_rows(rows, format, tmp_path / "1" / name, with_rejected=True, overwrite=True)
    assert content(tmp_path / "1" / name) != content(tmp_path / "2" / name)


@every_format
def test_nothing_is_overwritten_unasked_or_written_by_a_dry_run_or_from_a_bad_row(
    rows: Path, tmp_path: Path, format: Format, name: str
) -> None:
    out = tmp_path / "out" / name
    told = export_rows(rows, format, out, dry=True)
    assert (told.dry, told.tally.read) == (True, 30)
    assert list(tmp_path.iterdir()) == []
    bad = changed(rows, tmp_path / "bad.jsonl", lambda number, row: row.pop("text") if number == 29 else None)
    with pytest.raises(RowsInvalid, match="text"):
        export_rows(bad, format, out)
    assert list((tmp_path / "out").iterdir()) == []
    export_rows(rows, format, out)
    before = content(out)
    with pytest.raises(OutputRefused, match="something at this path"):
        export_rows(rows, format, out)
    with pytest.raises(RowsInvalid):
        export_rows(bad, format, out, overwrite=True)
    assert content(out) == before


@every_format
def test_hostile_texts_go_through_every_format(rows: Path, tmp_path: Path, format: Format, name: str) -> None:
    def spoil(number: int, row: dict[str, Any]) -> None:
        text = HOSTILE[number % len(HOSTILE)]
        row.update(model=text, recipe=text, status=text, reason=text, graph_release=text, icd10=text)
        row["facts"][0].update(text=text, edge_id=text)
        row["patient"]["sex"] = text
        row["prompt"][0]["content"] = text
        row["check"].update(passed=True)

    spoilt = changed(rows, tmp_path / "spoilt.jsonl", spoil)
    assert export_rows(spoilt, format, tmp_path / name).tally.written == 30


def test_medsyn_has_its_columns_first_and_the_ids_of_the_subgraph(rows: Path, tmp_path: Path) -> None:
    export_rows(rows, Format.MEDSYN, tmp_path / "m.csv")
    with (tmp_path / "m.csv").open(newline="", encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    assert list(told[0])[:12] == [
        "idx", "ICD-10", "generation_model", "prompt", "prior", "example", "example_source", "response", "symptoms",
        "anamnesis", "symptoms_recall", "anamnesis_precision",
    ]  # fmt: skip
    for number, (record, row) in enumerate(zip(told, good(rows), strict=True)):
        assert record["idx"] == str(number)
        assert (record["ICD-10"], record["generation_model"], record["text"]) == (row["icd10"], "pen", row["text"])
        assert record["edge_ids"].split(";") == [fact["edge_id"] for fact in row["facts"]]
        assert (record["example"], record["example_source"]) == ("true", "open")
        assert record["anamnesis"] == "\n\n".join(t["content"] for t in row["prompt"] if t["role"] == "assistant")
        # Nobody has judged these rows, and nothing is made up for it.
        assert record["symptoms_recall"] == record["anamnesis_precision"] == ""
        assert record["symptoms_told"] == "1.0"


def test_scores_of_a_second_judge_are_told_and_private_examples_are_masked(rows: Path, tmp_path: Path) -> None:
    def change(number: int, row: dict[str, Any]) -> None:
        row["example_source"] = "the clinic next door"
        row["scores"] = {"symptoms_recall": 0.77, "anamnesis_precision": 0.8}

    mine = changed(rows, tmp_path / "mine.jsonl", change)
    export_rows(mine, Format.MEDSYN, tmp_path / "m.jsonl")
    export_rows(mine, Format.PARQUET, tmp_path / "m.parquet")
    secret = next(turn["content"] for turn in rows_in(mine)[0]["prompt"] if turn["role"] == "assistant")
    (record, *_) = rows_in(tmp_path / "m.jsonl")
    assert (record["symptoms_recall"], record["anamnesis_precision"]) == (0.77, 0.8)
    assert (record["example_source"], record["anamnesis"]) == ("private", MASKED)
    assert secret not in (tmp_path / "m.jsonl").read_text("utf-8")
    assert secret not in json.dumps(pyarrow.parquet.read_table(tmp_path / "m.parquet").to_pylist(), ensure_ascii=False)


@pytest.mark.parametrize("format", [Format.CSV, Format.MEDSYN])
def test_no_cell_of_a_table_is_a_formula(rows: Path, tmp_path: Path, format: Format) -> None:
    def spoil(number: int, row: dict[str, Any]) -> None:
        text = HOSTILE[number % len(HOSTILE)]
        row.update(model=text, reason=text, symptoms=[text, text], response=text, status="accepted")
        row["check"].update(passed=True)
        row["facts"][0].update(text=text, edge_id=text)

    export_rows(changed(rows, tmp_path / "spoilt.jsonl", spoil), format, tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.reader(file))
    assert len(table) == 31
    assert {len(line) for line in table} == {len(table[0])}
    cells = [cell for line in table for cell in line]
    assert any(cell.startswith("'=") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r")) or "\0" in cell]


def test_the_hubs_folder_is_read_by_arrow_and_its_card_says_what_is_in_it(both: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    export_rows(both, Format.HF, out, licence="cc-by-4.0", title="Notes")
    _, head, body = (out / "README.md").read_text("utf-8").split("---\n", 2)
    front = yaml.safe_load(head)
    assert (front["license"], front["language"], front["size_categories"]) == ("cc-by-4.0", ["en", "ru"], ["n<1K"])
    pattern = front["configs"][0]["data_files"][0]["path"]
    files = sorted(out.glob(pattern))
    told = pyarrow.dataset.dataset(files, format="parquet").to_table()
    assert told.column_names == [column.name for column in FLAT]
    wanted = [row for path in sorted(both.glob("*.jsonl")) for row in good(path)]
    assert told.column("text").to_pylist() == [row["text"] for row in wanted]
    fact = told.column("facts").to_pylist()[0][0]
    assert wanted[0]["text"][fact["start"] : fact["end"]] == "acute bronchitis"
    assert told.schema.field("text").metadata == {b"about": b"The note."}
    for column in FLAT:
        assert f"| `{column.name}` |" in body
    assert "# Notes" in body
    assert "not clinically reviewed" in body
    assert all(row["recipe_hash"] in body for row in wanted)
    assert f"| notes | {len(wanted)} |" in body


def test_a_large_set_is_cut_into_shards(rows: Path, tmp_path: Path) -> None:
    write_shards(read_notes(rows), tmp_path, shard=12)
    files = sorted(tmp_path.glob("data/train-*.parquet"))
    assert [pyarrow.parquet.read_metadata(file).num_rows for file in files] == [12, 12, 6]
    (tmp_path / "none").mkdir()
    write_shards(iter(()), tmp_path / "none")
    (only,) = (tmp_path / "none").glob("data/*.parquet")
    assert pyarrow.parquet.read_table(only).num_rows == 0


@pytest.mark.parametrize(
    ("rows", "word"), [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (10**6, "1M<n<10M"), (10**7, "n>10M")]
)
def test_sizes_have_the_hubs_words(rows: int, word: str) -> None:
    assert size_of(rows) == word


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_on_the_card_is_mark_up(text: str) -> None:
    told = plain(text)
    assert "\n" not in told
    assert not [sign for at, sign in enumerate(told) if sign in "<>|[]`*" and told[at - 1] != "\\"]


def test_a_licence_is_one_word_of_the_hub(rows: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputRefused, match="no identifier"):
        export_rows(rows, Format.HF, tmp_path / "set", licence="MIT\nlanguage: xx")


def test_instruction_data_ask_for_the_note_without_the_examples(rows: Path, tmp_path: Path) -> None:
    export_rows(rows, Format.ALPACA, tmp_path / "a.json")
    export_rows(rows, Format.CHATML, tmp_path / "c.jsonl")
    asked = json.loads((tmp_path / "a.json").read_text("utf-8"))
    turns = rows_in(tmp_path / "c.jsonl")
    for item, chat, row in zip(asked, turns, good(rows), strict=True):
        assert item["instruction"] == row["prompt"][0]["content"]
        assert item["input"] == row["prompt"][-1]["content"]
        assert item["output"] == row["text"]
        assert [turn["role"] for turn in chat["messages"]] == ["system", "user", "assistant"]
        assert [turn["content"] for turn in chat["messages"]] == [item["instruction"], item["input"], item["output"]]


def test_without_a_note_each_format_is_still_what_it_is(rows: Path, tmp_path: Path) -> None:
    none = changed(rows, tmp_path / "none.jsonl", lambda _, row: row.update(status="rejected"))
    for format, name in CASES:
        assert export_rows(none, format, tmp_path / name).tally.written == 0
    assert json.loads((tmp_path / "a.json").read_text()) == []
    assert "entry" not in json.loads((tmp_path / "f.json").read_text())
    assert (tmp_path / "c.jsonl").read_bytes() == b""


def test_an_ending_that_does_not_fit_is_refused(rows: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputRefused, match=r"\.csv or \.jsonl or \.parquet"):
        export_rows(rows, Format.MEDSYN, tmp_path / "m.txt")


def test_columns_are_told_apart() -> None:
    for columns in (FLAT, MEDSYN):
        names = [column.name for column in columns]
        assert len(names) == len(set(names))


def test_memory_does_not_grow_with_the_rows(rows: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.jsonl"
    lines = rows_in(rows)
    with long.open("w", encoding="utf-8") as file:
        for number in range(900):
            file.write(json.dumps({**lines[number % 30], "id": f"NOTE:{number}"}) + "\n")
    tracemalloc.start()
    export_rows(long, Format.FHIR, tmp_path / "f.json")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert long.stat().st_size > 3_000_000
    assert most < 1_000_000
