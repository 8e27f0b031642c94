"""A conversation in tokens: the model's own template around texts that can never be read as its markers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from generator.errors import ModelRefused
from generator.prompt import Message

_STAND_IN: Final = re.compile(r"@@(\d+)@@")
_HINT: Final = "It must take a system turn and turns of user and assistant."
# What a loss leaves out, by torch's convention.
IGNORED: Final = -100


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of tokens: the text of one turn, or (`turn` is None) what the template puts around the texts."""

    tokens: tuple[int, ...]
    turn: int | None


def text_tokens(tokenizer: Any, text: str) -> list[int]:
    """Return the tokens of a text; what stands in it like a marker is text."""
    return list(tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"])


def many_tokens(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    """Return the tokens of each text, as `text_tokens` does."""
    if not getattr(tokenizer, "is_fast", False):
        return [text_tokens(tokenizer, text) for text in texts]
    backend = tokenizer.backend_tokenizer
    before, backend.encode_special_tokens = backend.encode_special_tokens, True
    try:
        # Places of tokens are not wanted; without them it takes a quarter of the time.
        return [found.ids for found in backend.encode_batch_fast(list(texts), add_special_tokens=False)]
    finally:
        backend.encode_special_tokens = before


def prompt_tokens(tokenizer: Any, messages: Sequence[Message], place: str) -> list[int]:
    """Return the conversation up to where the model's answer begins; raises ModelRefused, naming `place`."""
    return [token for part in parts(tokenizer, messages, place, answered=False) for token in part.tokens]


def parts(tokenizer: Any, messages: Sequence[Message], place: str, *, answered: bool) -> list[Part]:
    """Return the conversation in stretches; only the template's own markers become special tokens.

    The template is filled with stand-ins first, so that no text of the graph is ever read as a marker. `answered`
    says that the last turn is the answer; otherwise the template leads up to one. Raises ModelRefused.
    """
    turns = [{"role": message.role, "content": f"@@{number}@@"} for number, message in enumerate(messages)]
    try:
        frame = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=not answered)
    except Exception as error:
        raise ModelRefused(f"the model's chat template cannot be filled: {error}", place=place, hint=_HINT) from error
    found: list[Part] = []
    for index, piece in enumerate(_STAND_IN.split(frame)):
        if index % 2:
            found.append(Part(tuple(text_tokens(tokenizer, messages[int(piece)].content)), int(piece)))
        elif piece:
            found.append(Part(tuple(tokenizer(piece, add_special_tokens=False)["input_ids"]), None))
    if [part.turn for part in found if part.turn is not None] != list(range(len(messages))):
        raise ModelRefused("the model's chat template leaves a turn out", place=place, hint=_HINT)
    return found


def answer_tokens(
    tokenizer: Any, messages: Sequence[Message], learned: Sequence[bool], ends: frozenset[int], place: str
) -> tuple[list[int], list[int]]:
    """Return the tokens of a whole conversation and the labels of a loss on answers alone.

    Labels are the tokens themselves in each turn that is `learned`, up to and with the token that ends it (one of
    `ends`), and IGNORED elsewhere. A template that does not end its last answer gets the first of `ends` behind it.
    """
    tokens: list[int] = []
    labels: list[int] = []
    awaits_end = False
    for part in parts(tokenizer, messages, place, answered=True):
        marked = [IGNORED] * len(part.tokens)
        if part.turn is not None:
            awaits_end = learned[part.turn]
            marked = list(part.tokens) if awaits_end else marked
        elif awaits_end:
            awaits_end = False
            at = next((at for at, token in enumerate(part.tokens) if token in ends), None)
            if at is not None:
                # What may stand before the marker, a space in some templates, has to be written as well.
                marked[: at + 1] = part.tokens[: at + 1]
        tokens += part.tokens
        labels += marked
    last = max((at for at, label in enumerate(labels) if label != IGNORED), default=None)
    if last is not None and labels[last] not in ends and last == len(tokens) - 1:
        tokens.append(min(ends))
        labels.append(min(ends))
    return tokens, labels
