"""Notes as instruction data: what was asked for and the note, without the examples that the model was shown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from generator.exports.note import Note


def asked(note: Note) -> tuple[str, str]:
    """Return the rules and what the note was to be about: the system turns, and the last turn of the user.

    The example notes between them are the same few over and over; whoever trains on them learns them by heart.
    """
    rules = "\n\n".join(turn.content for turn in note.prompt if turn.role == "system")
    wanted = [turn.content for turn in note.prompt if turn.role == "user"]
    return rules, wanted[-1] if wanted else ""


def alpaca_of(note: Note) -> dict[str, Any]:
    """Return the note as Stanford Alpaca has it: instruction, input, output."""
    rules, wanted = asked(note)
    return {"instruction": rules or wanted, "input": wanted if rules else "", "output": note.text, "id": note.id}


def chat_of(note: Note) -> dict[str, Any]:
    """Return the note as turns of a chat, as ChatML and every chat template take them."""
    rules, wanted = asked(note)
    turns = [("system", rules), ("user", wanted), ("assistant", note.text)]
    return {"messages": [{"role": role, "content": content} for role, content in turns if content], "id": note.id}


def write_alpaca(notes: Iterable[Note], out: Path) -> None:
    """Write one JSON array, an item a line."""
    with out.open("wb") as file:
        file.write(b"[")
        for number, note in enumerate(notes):
            file.write(b",\n" if number else b"\n")
            file.write(orjson.dumps(alpaca_of(note)))
        file.write(b"\n]\n")


def write_chat(notes: Iterable[Note], out: Path) -> None:
    """Write one JSON object a line."""
    with out.open("wb") as file:
        for note in notes:
            file.write(orjson.dumps(chat_of(note), option=orjson.OPT_APPEND_NEWLINE))
