"""The places of a text that could name something: runs of a few words within a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

MOST_WORDS: Final = 6
_CLAUSE: Final = re.compile(r"[^,.;:()\n!?/]+")
_WORD: Final = re.compile(r"[\w'’-]+")


def windows(text: str, most: int = MOST_WORDS) -> Iterator[tuple[int, int]]:
    """Yield each run of 1 to `most` words of a clause, as characters, end excluded."""
    for clause in _CLAUSE.finditer(text):
        words = [(clause.start() + word.start(), clause.start() + word.end()) for word in _WORD.finditer(clause[0])]
        for first, (start, _) in enumerate(words):
            for _, end in words[first : first + most]:
                yield start, end
