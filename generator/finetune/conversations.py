"""Rows of training data: conversations as JSONL, checked, with the group that keeps them on one side of a split."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from generator.errors import RowsInvalid
from generator.prompt import Message
from generator.seeds import SEED_BITS, derive

# What tells that two rows are about one thing, the first that a row has.
GROUP_KEYS: Final = ("group", "icd10", "code", "disease_id", "subject")
_LONGEST_LINE: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns of which the last is an answer; `learned` says of each whether it is one to be learned.

    Conversations of one `group` stay together when data are split.
    """

    messages: tuple[Message, ...]
    learned: tuple[bool, ...]
    group: str


class _Turn(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    role: Literal["system", "user", "assistant"]
    content: str = Field(min_length=1)
    # As in OpenAI's files for fine-tuning: 0 keeps an answer as context and teaches nothing of it.
    weight: Literal[0, 1] = 1


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    messages: list[_Turn] = Field(min_length=2)

    @model_validator(mode="after")
    def _ends_with_an_answer(self) -> _Line:
        if self.messages[-1].role != "assistant" or not self.messages[-1].weight:
            raise ValueError("the last message must be the assistant's, with a weight of 1 if it has one")
        return self


def read_conversations(paths: Sequence[Path]) -> tuple[list[Conversation], str]:
    """Return the conversations of JSONL files in order, and the SHA-256 in hex of the files' bytes.

    A line is an object with `messages`, as ChatML and every chat template take them; other keys are ignored, but the
    first of GROUP_KEYS there is names its group, else the line's own text does. Raises RowsInvalid with file and line.
    """
    digest = hashlib.sha256()
    found: list[Conversation] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                for number, line in enumerate(file, start=1):
                    digest.update(line)
                    if line.strip():
                        found.append(_conversation(line, f"file {path}, line {number}"))
        except OSError as error:
            raise RowsInvalid(
                f"the file cannot be read: {error.strerror}", place=f"file {path}", hint="Give a JSONL file."
            ) from error
    if not found:
        raise RowsInvalid("there is no conversation in the data", hint="Each line is an object with `messages`.")
    return found, digest.hexdigest()


def _conversation(line: bytes, place: str) -> Conversation:
    hint = 'Write {"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]} a line.'
    if len(line) > _LONGEST_LINE:
        raise RowsInvalid("the line is longer than 4 MB", place=place, hint=hint)
    try:
        value: Any = orjson.loads(line)
        turns = _Line.model_validate(value).messages
    except orjson.JSONDecodeError as error:
        raise RowsInvalid(f"the line is not JSON: {error}", place=place, hint=hint) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        told = first["msg"].removeprefix("Value error, ")
        raise RowsInvalid(f"{where}: {told}" if where else told, place=place, hint=hint) from error
    return Conversation(
        messages=tuple(Message(turn.role, turn.content) for turn in turns),
        learned=tuple(turn.role == "assistant" and turn.weight == 1 for turn in turns),
        group=_group(value, line),
    )


def _group(value: Mapping[str, Any], line: bytes) -> str:
    named = (value[key] for key in GROUP_KEYS if isinstance(value.get(key), str) and value[key])
    return next(named, hashlib.sha256(line.strip()).hexdigest())


def split(
    conversations: Sequence[Conversation], share: float, seed: int
) -> tuple[list[Conversation], list[Conversation]]:
    """Return what is trained on and what is held back to validate; a group is never on both sides.

    Groups are held back in an order of the seed until `share` of the conversations is reached, at least one group
    unless `share` is 0; the last one left is never held back.
    """
    groups: dict[str, int] = {}
    for one in conversations:
        groups[one.group] = groups.get(one.group, 0) + 1
    held: set[str] = set()
    count = 0
    for group in sorted(groups, key=lambda group: (derive(seed, "validation", group), group))[:-1]:
        if count >= share * len(conversations):
            break
        held.add(group)
        count += groups[group]
    return [one for one in conversations if one.group not in held], [one for one in conversations if one.group in held]


def batches(lengths: Sequence[int], size: int, seed: int, epoch: int) -> Iterator[list[int]]:
    """Yield the places of each batch of an epoch, rows of like length together, in an order of the seed.

    Rows are shuffled, sorted by length within a window of 16 batches, cut, and the batches shuffled again.
    """

    def drawn(*parts: str | int) -> float:
        return derive(seed, "epoch", epoch, *parts) / 2**SEED_BITS

    order = sorted(range(len(lengths)), key=lambda at: (drawn("row", at), at))
    window = 16 * size
    cut = [
        near[at : at + size]
        for start in range(0, len(order), window)
        for near in [sorted(order[start : start + window], key=lambda at: (lengths[at], at))]
        for at in range(0, len(near), size)
    ]
    for number in sorted(range(len(cut)), key=lambda number: (drawn("batch", number), number)):
        yield cut[number]
