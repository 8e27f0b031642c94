"""What a model is given: who says what, in which order, and which words it must not write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation that leads up to the note."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Rules, examples as earlier turns, and the facts last.

    `blocked` are names that the graph knows and the row was not given; a model that can keeps from writing them. One
    that begins with a space is a form of a name, to be kept from it as it stands.
    `given` are things to name once each, by any of their names; a model that can does not name one again.
    `schema` is a JSON schema that the text must fit: what comes back is JSON of that form, or ModelAnswerInvalid.
    """

    messages: tuple[Message, ...]
    blocked: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    given: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next word is drawn. A temperature of 0 takes the likeliest one always."""

    max_new_tokens: int = 160
    temperature: float = 0.3
    top_p: float = 0.9
