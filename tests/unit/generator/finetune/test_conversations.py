"""Rows of training data: what is taken, what is refused and where, and how they are split and batched."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from generator.errors import RowsInvalid
from generator.finetune.conversations import Conversation, batches, read_conversations, split
from generator.prompt import Message


def line(*turns: tuple[str, str], **more: Any) -> str:
    return json.dumps({"messages": [{"role": role, "content": content} for role, content in turns], **more})


ASKED = (("system", "Be short."), ("user", "Patient: 40-year-old man"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


def read(file: Path, *lines: str) -> list[Conversation]:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_conversations([file])[0]


def test_every_answer_is_learned_and_nothing_else(file: Path) -> None:
    (one,) = read(file, line(*ASKED, ("assistant", "A."), ("user", "And?"), ("assistant", "B.")))
    assert one.learned == (False, False, True, False, True)
    assert one.messages[-1] == Message("assistant", "B.")


def test_an_answer_of_weight_0_is_context_only(file: Path) -> None:
    messages = [
        {"role": "user", "content": "A?"},
        {"role": "assistant", "content": "Example.", "weight": 0},
        {"role": "user", "content": "B?"},
        {"role": "assistant", "content": "Answer.", "weight": 1},
    ]
    (one,) = read(file, json.dumps({"messages": messages}))
    assert one.learned == (False, False, False, True)


def test_a_row_is_of_the_group_that_its_code_names_and_empty_lines_are_none(file: Path) -> None:
    rows = read(file, line(*ASKED, ("assistant", "A."), icd10="J20"), "", line(*ASKED, ("assistant", "B."), group="g"))
    assert [row.group for row in rows] == ["J20", "g"]


def test_rows_without_a_group_are_alike_only_when_they_are_the_same(file: Path) -> None:
    one, same, other = read(
        file, line(*ASKED, ("assistant", "A.")), line(*ASKED, ("assistant", "A.")), line(*ASKED, ("assistant", "B."))
    )
    assert one.group == same.group != other.group


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "not JSON"),
        ("[]", "valid dictionary"),
        ('{"text": "x"}', "messages: Field required"),
        (line(("user", "A?")), "at least 2 items"),
        (line(("assistant", "A."), ("user", "B?")), "the last message must be the assistant's"),
        (line(("user", "A?"), ("assistant", "")), "messages.1.content"),
        (line(("user", "A?"), ("robot", "B.")), "messages.1.role"),
    ],
)
def test_a_bad_line_is_refused_with_file_and_line(file: Path, bad: str, said: str) -> None:
    with pytest.raises(RowsInvalid) as refused:
        read(file, line(*ASKED, ("assistant", "A.")), bad)
    assert said in refused.value.message
    assert refused.value.place == f"file {file}, line 2"


def test_a_missing_or_empty_file_is_refused(file: Path) -> None:
    with pytest.raises(RowsInvalid, match="cannot be read"):
        read_conversations([file])
    with pytest.raises(RowsInvalid, match="no conversation"):
        read(file, "")


def grouped(sizes: dict[str, int]) -> list[Conversation]:
    return [Conversation((Message("user", str(n)),), (False,), g) for g, size in sizes.items() for n in range(size)]


def test_a_group_is_never_on_both_sides_of_a_split() -> None:
    rows = grouped({f"g{number}": 5 for number in range(20)})
    learned, held = split(rows, 0.1, seed=3)
    assert len(learned) + len(held) == len(rows)
    assert len(held) == 10
    assert not {one.group for one in learned} & {one.group for one in held}
    assert split(rows, 0.1, seed=3) == (learned, held)
    assert split(rows, 0.1, seed=4) != (learned, held)


def test_nothing_is_held_back_when_that_is_wanted_and_one_group_is_always_learned() -> None:
    rows = grouped({"a": 3, "b": 3})
    assert split(rows, 0.0, seed=1) == (rows, [])
    assert len(split(rows, 0.99, seed=1)[0]) == 3
    assert split(grouped({"a": 3}), 0.5, seed=1)[1] == []


def test_an_epoch_has_every_row_once_in_batches_of_like_length() -> None:
    lengths = [at % 97 for at in range(200)]
    found = list(batches(lengths, 4, seed=1, epoch=0))
    assert Counter(at for batch in found for at in batch) == Counter(range(200))
    spread = [max(lengths[at] for at in batch) - min(lengths[at] for at in batch) for batch in found]
    assert sum(spread) / len(spread) < 15
    assert [len(batch) for batch in found].count(4) >= 49


def test_epochs_differ_and_the_same_seed_repeats_them() -> None:
    lengths = list(range(40))
    first = list(batches(lengths, 4, seed=1, epoch=0))
    assert first == list(batches(lengths, 4, seed=1, epoch=0))
    assert first != list(batches(lengths, 4, seed=1, epoch=1))
    assert first != list(batches(lengths, 4, seed=2, epoch=0))
