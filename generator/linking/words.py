"""The words of a text, their stems, and what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from generator.linking.inflection import stem_of

_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
_SPACE: Final = re.compile(r"[\s\-‐‑/]*")


class Gap(IntEnum):
    """What stands before a word: the higher, the less do the words on its sides belong together."""

    JOINED = 0  # a space, a hyphen, a slash
    PAUSE = 1  # a comma, a dash, a bracket, the dot of an abbreviation
    COLON = 2
    STOP = 3  # the end of a sentence or of a line


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: what it says in lower case, its stem, and where it stands (characters, end excluded)."""

    said: str
    stem: str
    start: int
    end: int
    is_upper: bool
    gap: Gap


def listed(words: str) -> frozenset[str]:
    """Return the words of a text as a set: how lists of words are written here."""
    return frozenset(words.split())


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order."""
    found: list[Word] = []
    before = 0
    for match in _WORD.finditer(text):
        raw, (start, end) = match.group(), match.span()
        said = raw.casefold().replace("’", "'").replace("ё", "е")
        gap = Gap.STOP if not found else _gap(text, before, start)
        found.append(Word(said, stem_of(said.removesuffix("'s")), start, end, raw.isupper(), gap))
        before = end
    return found


def _gap(text: str, start: int, end: int) -> Gap:
    between = text[start:end]
    if between == " ":
        return Gap.JOINED
    if ";" in between or "\n\n" in between or "!" in between or "?" in between or "…" in between:
        return Gap.STOP
    # A line that goes on in lower case was only wrapped; a sentence does not begin so either, but after "e.g." it may.
    goes_on = text[end].islower()
    if ("\n" in between or re.search(r"\.\s", between)) and not goes_on:
        return Gap.STOP
    if ":" in between:
        return Gap.COLON
    if _SPACE.fullmatch(between) and not re.search(r"\s-+\s", between):
        return Gap.JOINED
    return Gap.PAUSE
