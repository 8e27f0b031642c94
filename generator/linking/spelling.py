"""Which word was meant by a word with a typo, by what is left of both when letters are taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from rapidfuzz.distance import OSA

# Words from this length on may have so many letters wrong, missing, doubled or in each other's place.
_ONE_FROM: Final = 6
_TWO_FROM: Final = 10
# The beginning that is indexed; the whole words are compared afterwards.
_PREFIX: Final = 7
_MEMORY: Final = 50_000


def edits_allowed(word: str) -> int:
    """Return how many edits a word of this length may have."""
    return 2 if len(word) >= _TWO_FROM else int(len(word) >= _ONE_FROM)


class Spelling:
    """Words with their stems, found again in spite of typos.

    Two words within k edits of each other have a form in common when up to k letters are taken out of each
    (the symmetric deletions of SymSpell); so a word is looked up a few dozen times, however many there are.
    """

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        self._stems = {said: stem for said, stem in words if said.isalpha()}
        self._known = frozenset(self._stems.values())
        self._index: dict[str, list[str]] = {}
        for word in self._stems.keys() | self._known:
            for left in set(_deletions(word, edits_allowed(word))):
                self._index.setdefault(left, []).append(word)
        self._asked: dict[tuple[str, str], tuple[str, int] | None] = {}

    def knows(self, stem: str) -> bool:
        """Say whether a name has a word of this stem."""
        return stem in self._known

    def meant(self, said: str, stem: str) -> tuple[str, int] | None:
        """Return the stem of the nearest word and how many edits away it is, or None if none or several are."""
        asked = (said, stem)
        if asked not in self._asked:
            if len(self._asked) >= _MEMORY:
                self._asked.clear()
            self._asked[asked] = self._nearest(said, stem)
        return self._asked[asked]

    def _nearest(self, said: str, stem: str) -> tuple[str, int] | None:
        """Compare with the words as the names say them, and only when none is near with their stems."""
        found = {self._stems[word]: edits for word, edits in self._near(said) if word in self._stems}
        if not found and said.isascii() and said.endswith("s"):
            # English stems are cut too short to be compared: intentions, infections.
            found = {self._stems[word]: edits for word, edits in self._near(said[:-1]) if word in self._stems}
        elif not found and not said.isascii():
            found = {word: edits for word, edits in self._near(stem) if word in self._known}
        least = min(found.values(), default=0)
        nearest = [word for word, edits in found.items() if edits == least]
        return (nearest[0], least) if len(nearest) == 1 else None

    def _near(self, form: str) -> Iterator[tuple[str, int]]:
        """Yield the words within the edits allowed, the farthest first."""
        allowed = edits_allowed(form)
        near = (
            {word for left in set(_deletions(form, allowed)) for word in self._index.get(left, ())} if allowed else ()
        )
        found: list[tuple[int, str]] = []
        for word in near:
            distance = OSA.distance(form, word, score_cutoff=allowed)
            # Another first letter is nearly always another word: afebrile is not febrile.
            if distance <= allowed and word[0] == form[0]:
                found.append((distance, word))
        for distance, word in sorted(found, reverse=True):
            yield word, distance


def _deletions(word: str, most: int) -> Iterator[str]:
    beginning = word[:_PREFIX]
    yield beginning
    for count in range(1, most + 1):
        for kept in combinations(beginning, max(len(beginning) - count, 0)):
            yield "".join(kept)
