"""The words of both languages that say how a name is meant, found in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import product
from typing import Final

from generator.linking.status import Status, english, russian
from generator.linking.words import Word, words_of

_BRACES: Final = re.compile(r"\{([^}]*)\}")


class Side(Enum):
    """Whether a cue says something of what follows it or of what stands before it."""

    BEFORE = auto()
    AFTER = auto()


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in a text: its first and last word, and what it makes of the names on each of its sides."""

    first: int
    last: int
    before: Status | None
    after: Status | None


def phrases(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the phrases of a table as words; `{a,b}` stands for either."""
    for phrase in " ".join(text.split()).split(";"):
        parts = _BRACES.split(phrase.strip())
        choices = [part.split(",") if number % 2 else [part] for number, part in enumerate(parts)]
        for chosen in product(*choices):
            said = tuple(word.said for word in words_of("".join(chosen)))
            if said:
                yield said


def _table() -> dict[str, list[tuple[tuple[str, ...], Status | None, Status | None]]]:
    found: dict[tuple[str, ...], dict[Side, Status]] = {}
    for language in (english, russian):
        for side, status, text in (
            (Side.BEFORE, Status.NEGATED, language.NEGATED_BEFORE),
            (Side.AFTER, Status.NEGATED, language.NEGATED_AFTER),
            (Side.BEFORE, Status.HISTORY, language.HISTORY_BEFORE),
            (Side.AFTER, Status.HISTORY, language.HISTORY_AFTER),
            (Side.BEFORE, Status.FAMILY, language.FAMILY_BEFORE),
            (Side.AFTER, Status.FAMILY, language.FAMILY_AFTER),
            (Side.BEFORE, Status.HYPOTHETICAL, language.HYPOTHETICAL_BEFORE),
            (Side.AFTER, Status.HYPOTHETICAL, language.HYPOTHETICAL_AFTER),
        ):
            for phrase in phrases(text):
                found.setdefault(phrase, {})[side] = status
        for phrase in phrases(language.NO_CUE):
            found[phrase] = {}
    table: dict[str, list[tuple[tuple[str, ...], Status | None, Status | None]]] = {}
    for phrase, sides in sorted(found.items(), key=lambda item: -len(item[0])):
        table.setdefault(phrase[0], []).append((phrase, sides.get(Side.BEFORE), sides.get(Side.AFTER)))
    return table


_BY_FIRST: Final = _table()


def cues_in(words: Sequence[Word], taken: Sequence[int | None]) -> list[Cue]:
    """Return the cues in order, the longest at each place; none where a name stands (`taken`)."""
    found: list[Cue] = []
    at = 0
    while at < len(words):
        here = _cue_at(words, taken, at)
        if here is None:
            at += 1
        else:
            found.append(here)
            at = here.last + 1
    return [cue for cue in found if cue.before or cue.after]


def _cue_at(words: Sequence[Word], taken: Sequence[int | None], at: int) -> Cue | None:
    said = words[at].said
    if taken[at] is None:
        for phrase, before, after in _BY_FIRST.get(said, ()):
            end = at + len(phrase)
            if len(phrase) == 1 or (
                end <= len(words)
                and all(words[at + n].said == word for n, word in enumerate(phrase))
                and all(words[n].gap == 0 and taken[n] is None for n in range(at + 1, end))
            ):
                return Cue(at, end - 1, before, after)
        if said.endswith("n't"):
            return Cue(at, at, Status.NEGATED, None)
    return None
