"""Symptoms out of texts: split without loss, listed, sorted by the graph, resumed after a fall."""

from __future__ import annotations

import asyncio
import csv
import json
from pathlib import Path

import pytest

from generator.errors import ModelUnavailable, OutputRefused, RowsInvalid
from generator.linking.vocabulary import Vocabulary
from generator.manifestations.listing import SAMPLING, lines_of, prompt_for, sorted_out
from generator.manifestations.run import read_symptoms
from generator.manifestations.split import LONGEST, parts_of
from generator.manifestations.texts import Entry, read_entries
from generator.prompt import Prompt
from kg.subgraph import SubgraphNode
from tests.unit.generator.hand_graph import HandGraph
from tests.unit.generator.scribe import Scribe

TEXTS = (
    Entry(
        "bronchitis",
        "In acute bronchitis patients cough and have a fever. Some feel a strange rattle. Paracetamol helps.",
    ),
    Entry("мигрень", "При мигрени головная боль и тошнота. Бывает мерцание перед глазами."),
)


@pytest.fixture(scope="module")
def words() -> tuple[SubgraphNode, ...]:
    return asyncio.run(HandGraph().vocabulary())


def write(prompt: Prompt, seed: int) -> str:
    del seed
    if "Текст:" in prompt.messages[-1].content:
        return "1. головная боль\n2. тошнота\n3. мигрень\n4. мерцание перед глазами"
    return (
        "Symptoms:\n- Cough\n- fever.\n- strange rattle\n- acute bronchitis\n- no fever at night\n- chest stabbing\n"
        "- paracetamol\n- cough\n"
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "text",
    [
        "Short.",
        "One sentence. " * 1000,
        "Строка без точки\n" * 700,
        "word " * 3000,
        "x" * 12_001,
        "A. " + "y" * 5000 + " B. " + "z " * 4000,
    ],
    ids=["short", "sentences", "lines", "words", "letters", "mixed"],
)
def test_a_long_text_is_split_without_loss(text: str) -> None:
    parts = parts_of(text)
    assert "".join(parts) == text
    assert all(0 < len(part) <= LONGEST for part in parts)
    assert len(parts) == 1 or len(text) > LONGEST


def test_a_text_is_split_between_sentences() -> None:
    parts = parts_of("One sentence. " * 1000)
    assert all(part.endswith("sentence. ") for part in parts)
    assert parts_of("") == ()


def test_the_model_is_asked_with_the_published_settings() -> None:
    assert (SAMPLING.temperature, SAMPLING.max_new_tokens) == (0.2, 1000)
    prompt = prompt_for("{braces} stay", "en")
    assert "{braces} stay" in prompt.messages[-1].content


def test_an_answer_is_read_a_line_at_a_time() -> None:
    answer = (
        "Symptoms:\n1. Cough\n2) fever.\n• dry cough;\n\n- cough\n42\n" + "a line of far too many words " * 3 + "\n"
    )
    assert lines_of([answer, "Cough\nnausea"]) == ("Cough", "fever", "dry cough", "nausea")


def test_lines_are_sorted_by_the_names_of_the_graph(words: tuple[SubgraphNode, ...]) -> None:
    text = (
        "Patients with migraine cough at night, take paracetamol, no fever. A strange rattle. Nausea, wheezing. Tired."
    )
    lines = ["Cough", "migraine", "no fever", "paracetamol", "night cough", "strange rattle", "raised temperature"]
    lines += ["nausea and wheezing", "itching rash", "cough, strange noises"]
    found = {one.said: (one.kind, one.ids) for one in sorted_out(lines, text, Vocabulary.of(words))}
    assert found == {
        "Cough": ("known", ("T:cough",)),
        "migraine": ("disease", ()),
        "no fever": ("denied", ()),
        "paracetamol": ("other", ()),
        "night cough": ("new", ("T:cough",)),
        "strange rattle": ("new", ()),
        "raised temperature": ("known", ("T:fever",)),
        "nausea and wheezing": ("known", ("T:nausea", "T:wheeze")),
        "itching rash": ("unfounded", ()),
        "cough, strange noises": ("new", ("T:cough",)),
    }


def test_a_run_writes_a_file_for_each_text_and_two_tables(words: tuple[SubgraphNode, ...], tmp_path: Path) -> None:
    summary = read_symptoms(TEXTS, words, Scribe(write), tmp_path)
    assert (summary.texts, summary.known, summary.proposals) == (2, 4, 2)
    assert summary.left_out == {"denied": 1, "disease": 2, "other": 1, "unfounded": 1}
    known = {(row["text"], row["symptom_id"]) for row in rows_of(tmp_path / "symptoms.csv")}
    assert known == {
        ("bronchitis", "T:cough"), ("bronchitis", "T:fever"), ("мигрень", "T:headache"), ("мигрень", "T:nausea"),
    }  # fmt: skip
    proposed = {(row["name"], row["language"]) for row in rows_of(tmp_path / "proposals.csv")}
    assert proposed == {("strange rattle", "en"), ("мерцание перед глазами", "ru")}
    entry = json.loads((tmp_path / "entries" / "bronchitis.json").read_text("utf-8"))
    assert entry["run"]["model"] == "scribe"
    assert entry["answers"]


def test_a_run_that_fell_goes_on_with_the_texts_that_are_left(words: tuple[SubgraphNode, ...], tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        read_symptoms(TEXTS, words, Scribe(write, stop_after=1), tmp_path / "cut")
    model = Scribe(write)
    assert read_symptoms(TEXTS, words, model, tmp_path / "cut").resumed == 1
    assert len(model.seeds) == 1
    read_symptoms(TEXTS, words, Scribe(write), tmp_path / "whole")
    for name in ("symptoms.csv", "proposals.csv", "entries/bronchitis.json", "entries/мигрень.json"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_long_text_is_asked_for_part_by_part(words: tuple[SubgraphNode, ...], tmp_path: Path) -> None:
    model = Scribe(write)
    read_symptoms([Entry("long", "The patients cough. " * 600)], words, model, tmp_path)
    assert model.batches == [3]
    assert len(set(model.seeds)) == 3


def test_what_another_run_read_is_not_taken_for_this_one(words: tuple[SubgraphNode, ...], tmp_path: Path) -> None:
    read_symptoms(TEXTS, words, Scribe(write), tmp_path)
    with pytest.raises(OutputRefused, match="seed differ"):
        read_symptoms(TEXTS, words, Scribe(write), tmp_path, seed=8)
    (tmp_path / "entries" / "bronchitis.json").write_text("{", "utf-8")
    with pytest.raises(OutputRefused, match="another run"):
        read_symptoms(TEXTS, words, Scribe(write), tmp_path)
    assert read_symptoms(TEXTS, words, Scribe(write), tmp_path, overwrite=True).resumed == 0


def test_texts_come_from_a_folder_a_file_or_lines(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Кашель.", "utf-8")
    (tmp_path / "a.txt").write_text("﻿Cough.", "utf-8")
    assert [(entry.id, entry.language) for entry in read_entries(tmp_path)] == [("a", "en"), ("b", "ru")]
    assert read_entries(tmp_path / "a.txt")[0].text == "Cough."
    lines = tmp_path / "t.jsonl"
    lines.write_text('{"id": "J20", "text": "Cough."}\n\n{"id": "I10", "text": "Headache."}\n', "utf-8")
    assert [entry.id for entry in read_entries(lines)] == ["I10", "J20"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"id": "a"}', "no `id` and `text`"),
        ("nonsense", "no `id` and `text`"),
        ('{"id": 1, "text": "x"}', "must be text"),
        ('{"id": "../a", "text": "x"}', "cannot be an id"),
        ('{"id": "a", "text": " "}', "is empty"),
        ('{"id": "a", "text": "x"}\n{"id": "a", "text": "y"}', "stands twice"),
        ("", "no texts"),
    ],
)
def test_texts_that_cannot_be_read_are_refused_with_their_place(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text(text, "utf-8")
    with pytest.raises(RowsInvalid, match=fault) as told:
        read_entries(file)
    assert str(file) in (told.value.place or "")
