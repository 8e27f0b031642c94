"""Rows of instruction data read back, and what each format makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as read_strictly

from generator.errors import RowsInvalid
from generator.exports.columns import Column
from generator.exports.note import Turn
from generator.exports.rows import read_lines, row_files
from generator.exports.tally import Tally

_STRICT = ConfigDict(strict=True, allow_inf_nan=False)
_PEEK: Final = 1 << 20  # bytes of a file that are looked at to know what it holds


@read_strictly(frozen=True, slots=True, config=_STRICT)
class ProvenBy:
    """An edge that an answer stands on, and its evidence."""

    id: str
    evidence_ids: tuple[str, ...]


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Task:
    """One row of instruction data."""

    id: str
    builder: str
    language: str
    hops: int
    instruction: str
    input: str
    output: str
    messages: tuple[Turn, ...]
    label: str | None
    questions: tuple[str, ...]
    answer: tuple[str, ...]
    edges: tuple[ProvenBy, ...]
    subject: str
    source: str | None
    graph_release: str
    seed: int


_TASK: Final = TypeAdapter(Task)

TASK: Final[tuple[Column, ...]] = (
    Column("id", "string", "The row, from its content.", lambda task, _: task.id),
    Column("builder", "string", "The form of the task.", lambda task, _: task.builder),
    Column("language", "string", "Language of the row.", lambda task, _: task.language),
    Column("hops", "int", "Edges from what is asked about to the answer.", lambda task, _: task.hops),
    Column("instruction", "string", "What is asked for.", lambda task, _: task.instruction),
    Column("input", "string", "What it is asked about, or empty.", lambda task, _: task.input),
    Column("output", "string", "The answer.", lambda task, _: task.output),
    Column(
        "messages", "turns", "The same as turns of a chat.", lambda task, _: [_turn(turn) for turn in task.messages]
    ),
    Column("label", "string", "The answer in one word, where it is one of a few.", lambda task, _: task.label),
    Column("questions", "strings", "Questions to the graph that prove it.", lambda task, _: list(task.questions)),
    Column("answer", "strings", "What the graph answers: ids of nodes.", lambda task, _: list(task.answer)),
    Column("edge_ids", "strings", "Edges on the way.", lambda task, _: [edge.id for edge in task.edges]),
    Column(
        "evidence_ids",
        "strings",
        "Evidence of these edges.",
        lambda task, _: [key for edge in task.edges for key in edge.evidence_ids],
    ),
    Column("subject", "string", "Node that the row is about.", lambda task, _: task.subject),
    Column("source", "string", "Whose note it was made from, if one.", lambda task, _: task.source),
    Column("graph_release", "string", "Change set the graph stood at.", lambda task, _: task.graph_release),
    Column("seed", "int", "Seed of the row.", lambda task, _: task.seed),
)


def holds_tasks(source: Path) -> bool:
    """Return whether the first row is one of instruction data; what cannot be read is left to who reads it."""
    try:
        with row_files(source)[0].open("rb") as file:
            first = orjson.loads(file.readline(_PEEK))
    except (OSError, ValueError):
        return False
    return isinstance(first, dict) and {"builder", "messages"} <= first.keys()


def read_tasks(source: Path) -> Iterator[Task]:
    """Yield the rows of a file or folder. Raises RowsInvalid with the place, also for an id that was there already."""
    seen: set[str] = set()
    for line in read_lines(source):
        place = f"file {line.path}, line {line.number}"
        try:
            task = _TASK.validate_json(line.raw)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise RowsInvalid(
                f"the row is no instruction data: {where}: {first['msg']}",
                place=place,
                hint="Rows are those of `mkg generate instructions`; docs/instructions.md says what they hold.",
            ) from error
        if task.id in seen:
            raise RowsInvalid(
                f"the row {task.id} was there already", place=place, hint="A row stands once: name one file."
            )
        seen.add(task.id)
        yield task


class TaskTally(Tally):
    """Counts of the rows of instruction data that pass through."""

    def __init__(self) -> None:
        super().__init__()
        self.values = {name: Counter() for name in ("language", "builder", "hops", "graph", "source")}

    def counted_tasks(self, tasks: Iterable[Task]) -> Iterator[Task]:
        """Yield the rows and count them."""
        for task in tasks:
            self.read += 1
            self.written += 1
            self.words += len(task.output.split())
            told = (task.language, task.builder, str(task.hops), task.graph_release, task.source or "the graph")
            for name, value in zip(self.values, told, strict=True):
                self.values[name][value] += 1
            yield task


def write_task_alpaca(tasks: Iterable[Task], out: Path) -> None:
    """Write one JSON array with instruction, input and output, an item a line."""
    with out.open("wb") as file:
        file.write(b"[")
        for number, task in enumerate(tasks):
            item = {"instruction": task.instruction, "input": task.input, "output": task.output, "id": task.id}
            file.write((b",\n" if number else b"\n") + orjson.dumps(item))
        file.write(b"\n]\n")


def write_task_chat(tasks: Iterable[Task], out: Path) -> None:
    """Write one JSON object with turns a line."""
    with out.open("wb") as file:
        for task in tasks:
            item = {"messages": [_turn(turn) for turn in task.messages], "id": task.id}
            file.write(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE))


def _turn(turn: Turn) -> dict[str, Any]:
    return {"role": turn.role, "content": turn.content}
