"""Traits of a text that can be measured: length, abbreviations, shorthand, sentences, lines."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Final

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n")
_SIGN = re.compile(r"->|→|[≥≤±<>+=×↑↓]|\b\d+/\d+|\bx\d|\b[LR]>[LR]\b")
# Capitals (BP, АД), a word cut off with a full stop inside a sentence (пр. голени), words joined by a stroke (в/в).
_SHORTENED = re.compile(
    r"\b[A-ZА-ЯЁ]{2,6}\d?\b|\b[A-Za-z]?[a-z]?[A-Z]{2,}[a-z]?\d?\b|\b\d{1,3}[MF]\b"
    r"|\b[а-яё]{1,7}\.(?=\s*(?:[а-яё0-9,;:)(+\-]|$))|\b[a-zа-яё]{1,3}/[a-zа-яё]{1,3}\b"
)
# English clinical abbreviations that neither capitals nor a full stop give away.
_KNOWN: Final = re.compile(
    r"\b(?:wks?|yrs?|hrs?|mins?|hx|dx|rx|tx|pts?|yo|bd|tds|od|prn|po|iv|im|sc|approx|abdo|temp|resp|neuro|obs|sats"
    r"|vs|max|neg|pos|incl|appt|meds?)\b"
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What was measured in one text.

    `words` counts what stands between white space; `abbreviations` and `shorthand` are their number for each word
    (0.1: one in ten words); `sentence` is the mean number of words up to a full stop before white space, be it that of
    an abbreviation, or to the end of a line; `lines` counts lines.
    """

    words: int
    abbreviations: float
    shorthand: float
    sentence: float
    lines: int

    def as_row(self) -> dict[str, float]:
        """Return the traits by name, rounded to three places."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def measure(text: str) -> Traits:
    """Return the traits of a text, whatever its language."""
    words = len(_WORD.findall(text))
    sentences = sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part))
    lines = [line for line in text.splitlines() if line.strip()]
    known = sum(1 for match in _KNOWN.finditer(text) if not _SHORTENED.fullmatch(match.group()))
    each = max(words, 1)
    return Traits(
        words=len(text.split()),
        abbreviations=(len(_SHORTENED.findall(text)) + known) / each,
        shorthand=len(_SIGN.findall(text)) / each,
        sentence=words / max(sentences, 1),
        lines=len(lines),
    )
