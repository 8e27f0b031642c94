"""Instruction data becomes Alpaca, ChatML and a hub folder, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pytest
import yaml

from generator.errors import OutputRefused, RowsInvalid
from generator.exports import Format, export_rows


def row(number: int) -> dict[str, Any]:
    return {
        "id": f"r{number}", "index": number, "builder": "disease_drugs", "language": "en", "hops": 1,
        "instruction": "You are a physician. What is given?", "input": "gout" if number else "",
        "output": "Colchicine.",
        "messages": [
            {"role": "system", "content": "You are a physician."},
            {"role": "user", "content": "What is given?"},
            {"role": "assistant", "content": "Colchicine."},
        ],
        "label": None, "questions": ['disease "M10" | drugs'], "answer": ["D:colchicine"], "read": None, "values": [],
        "edges": [{"id": "E:1", "evidence_ids": ["EV:1", "EV:2"]}], "subject": "DOID:5", "source": None,
        "graph_release": "CS:1", "seed": number,
    }  # fmt: skip


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    file = tmp_path / "instructions.jsonl"
    file.write_text("".join(json.dumps(row(number)) + "\n" for number in range(3)), "utf-8")
    return file


def test_alpaca_has_instruction_input_and_output(tasks: Path, tmp_path: Path) -> None:
    told = export_rows(tasks, Format.ALPACA, tmp_path / "a.json")
    items = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert [item["input"] for item in items] == ["", "gout", "gout"]
    assert {item["output"] for item in items} == {"Colchicine."}
    assert (told.what, told.tally.written) == ("rows", 3)
    assert told.as_json()["builder"] == {"disease_drugs": 3}


def test_a_chat_has_the_turns_as_they_are(tasks: Path, tmp_path: Path) -> None:
    export_rows(tasks, Format.CHATML, tmp_path / "c.jsonl")
    first = json.loads((tmp_path / "c.jsonl").read_text("utf-8").splitlines()[0])
    assert first == {"messages": row(0)["messages"], "id": "r0"}


def test_a_hub_folder_has_the_rows_with_their_edges_and_a_card(tasks: Path, tmp_path: Path) -> None:
    export_rows(tasks, Format.HF, tmp_path / "set", licence="other", title="My *questions*")
    table = pyarrow.dataset.dataset(tmp_path / "set" / "data").to_table().to_pylist()
    assert [item["evidence_ids"] for item in table] == [["EV:1", "EV:2"]] * 3
    assert table[0]["messages"] == row(0)["messages"]
    card = (tmp_path / "set" / "README.md").read_text("utf-8")
    front = yaml.safe_load(card.split("---")[1])
    assert front["task_categories"] == ["question-answering", "text-generation"]
    assert "clinical-notes" not in front["tags"]
    assert "My \\*questions\\*" in card
    assert "| disease\\_drugs | 3 |" in card


@pytest.mark.parametrize(("format", "name"), [(Format.FHIR, "f.json"), (Format.CSV, "x.csv"), (Format.MEDSYN, "m.csv")])
def test_formats_of_notes_are_refused(tasks: Path, tmp_path: Path, format: Format, name: str) -> None:
    with pytest.raises(OutputRefused, match="instruction data is not written as"):
        export_rows(tasks, format, tmp_path / name)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"hops": "1"}, "hops"),
        ({"messages": [{"role": "user"}]}, "messages.0.content"),
        ({"id": "r0"}, "was there already"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(tasks: Path, tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    lines = tasks.read_text("utf-8").splitlines()
    lines[1] = json.dumps(row(1) | change)
    tasks.write_text("\n".join(lines), "utf-8")
    with pytest.raises(RowsInvalid, match=fault) as told:
        export_rows(tasks, Format.CHATML, tmp_path / "c.jsonl")
    assert "line 2" in (told.value.place or "")
    assert not (tmp_path / "c.jsonl").exists()
