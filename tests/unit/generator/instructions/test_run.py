"""A run on the disk: the same bytes in one go and resumed, and nothing of another run is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import OutputRefused, RowsInvalid, SharesInvalid
from generator.instructions.notes import standing
from generator.instructions.run import Order, Ready, file_of, prepare, write_rows
from generator.instructions.shares import read_shares
from tests.unit.generator.patients import core_asks
from tests.unit.generator.sample_rows import rows_in
from tests.unit.generator.sample_rows import write_rows as write_notes

Make = Callable[..., Ready]
BUILDERS = ("drug_groups", "drug_atc", "disease_symptoms")


def test_a_run_that_was_cut_off_ends_in_the_same_bytes(ready_for: Make, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    write_rows(ready_for(*BUILDERS, count=90), whole)

    def stop(done: int, total: int) -> None:
        if done >= 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rows(ready_for(*BUILDERS, count=90), cut, stop, batch=20)
    assert not cut.exists()
    summary = write_rows(ready_for(*BUILDERS, count=90), cut, batch=7)
    assert summary.resumed == 40
    assert cut.read_bytes() == whole.read_bytes()
    assert write_rows(ready_for(*BUILDERS, count=90), cut).reused
    manifest = json.loads((tmp_path / "cut.jsonl.manifest.json").read_text("utf-8"))
    assert manifest["run"]["of"] == "instructions"
    assert manifest["run"]["graph_release"] == "CS:core"


def test_the_file_of_another_run_is_left_alone(ready_for: Make, tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    write_rows(ready_for("drug_atc"), out)
    with pytest.raises(OutputRefused, match="seed differ"):
        write_rows(ready_for("drug_atc", seed=8), out)
    write_rows(ready_for("drug_atc", seed=8), out, overwrite=True)


def test_a_folder_holds_the_file() -> None:
    assert file_of(Path("set")) == Path("set/instructions.jsonl")
    assert file_of(Path("rows.jsonl")) == Path("rows.jsonl")


def test_a_count_below_one_is_refused() -> None:
    with pytest.raises(SharesInvalid, match="no row"):
        asyncio.run(prepare(core_asks.core(), Order(read_shares(), 0)))


def test_notes_of_a_data_set_are_used_beside_the_examples(ready_for: Make, tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    write_notes(file)
    ready = ready_for("continue_note")
    rows = rows_in(file)
    for row in rows:
        # The notes are of a graph written by hand; the shipped one has the same codes.
        row["disease_id"] = ready.net.next(f"ICD10:{row['icd10']}", "diseases")[0]
        row["facts"][1]["term_ids"] = [ready.net.next(row["disease_id"], "symptoms")[0]]
    file.write_bytes(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    with_notes = Ready(ready.net, Order(ready.order.shares, 20, notes=file))
    added = [note for note in with_notes.notes if note.source == "data set, model pen"]
    assert 0 < len(added) <= len(rows)
    assert len(with_notes.notes) == len(ready.notes) + len(added)
    (question, *_) = standing(added[0])
    assert ready.net.answer(question).ids


def test_a_file_that_is_no_data_set_is_refused(ready_for: Make, tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    file.write_text('{"a": 1}\n', "utf-8")
    order = Order(ready_for("continue_note").order.shares, 20, notes=file)
    with pytest.raises(RowsInvalid, match="no note"):
        Ready(ready_for("continue_note").net, order).planner().plan()
