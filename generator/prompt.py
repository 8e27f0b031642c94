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
class Given:
    """A thing that the text names once, by any of these names; things of one kind are told as a list.

    A diagnosis or a drug may come again in another sentence.
    """

    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """Rules, examples as earlier turns, and the facts last.

    `blocked` are names that the graph knows and the row was not given; a model that can keeps from writing them. One
    that begins with a space is a form of a name, to be kept from it as it stands.
    `given` are things to name once each; a model that can names none again, and leaves no list half told.
    `schema` is a JSON schema that the text must fit: what comes back is JSON of that form, or ModelAnswerInvalid.
    """

    messages: tuple[Message, ...]
    blocked: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    given: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next word is drawn. A temperature of 0 takes the likeliest one always.

    Of all words, those are drawn from that hold `top_p` of the probability and are at least `min_p` times as likely as
    the likeliest one.
    """

    max_new_tokens: int = 160
    temperature: float = 0.3
    top_p: float = 0.9
    min_p: float = 0.0
