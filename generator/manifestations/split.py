"""A long text in parts that a model can take, cut between sentences, every character of it in one part."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 5000
"""Characters of a part (MedSyn's number)."""

# Behind the mark of a sentence and the space after it, or behind a line break.
_SENTENCE: Final = re.compile(r"[.!?…]+[»\")\]]*\s+|\n+")
_SPACE: Final = re.compile(r"\s+")


def parts_of(text: str, longest: int = LONGEST) -> tuple[str, ...]:
    """Return the text in parts of at most `longest` characters; joined they are the text.

    A sentence that is longer is cut behind a word, and a word that is longer where it must be.
    """
    found: list[str] = []
    start = 0
    while len(text) - start > longest:
        window = text[start : start + longest]
        cuts = [match.end() for match in _SENTENCE.finditer(window)]
        cuts = cuts or [match.end() for match in _SPACE.finditer(window)]
        found.append(window[: cuts[-1]] if cuts else window)
        start += len(found[-1])
    if start < len(text):
        found.append(text[start:])
    return tuple(found)
