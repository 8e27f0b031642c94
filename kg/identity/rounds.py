"""One round of joining: links of one sureness, where nothing speaks against them; ids and links are numbers. Pure."""

from __future__ import annotations

from array import array
from bisect import insort
from collections.abc import Iterator, Sequence
from typing import Final

from kg.identity.groups import Groups, Vocabularies
from kg.identity.replaced import Doubted
from kg.identity.told import Told

# How many ids a message names.
_NAMED: Final = 5


class Round:
    """Joins links of one sureness, where nothing of that sureness or above speaks against them.

    What speaks is counted by the things that were settled to be one before the round, so that a claim weighs the same
    whichever of its ids it names.
    """

    def __init__(
        self,
        names: Sequence[str],
        vocabularies: Vocabularies,
        groups: Groups,
        told: Told,
        now: Sequence[int],
        beside: Sequence[int],
    ) -> None:
        self._names = names
        self._vocabularies = vocabularies
        self._groups = groups
        self._told = told
        self._now = now
        self._several = self._partners(beside)

    def join(self, links: Sequence[int]) -> Iterator[Doubted]:
        """Join what can be joined; yield the links that cannot."""
        several = self._against(links)
        for at in links:
            left, right = self._pair(at)
            if self._groups.top(left) == self._groups.top(right):
                continue
            against = several.get(at)
            if against:
                yield at, self._message(*against)
                continue
            twins = self._groups.join(left, right, self._told.why[at])
            if twins:
                yield at, f"it would make {self._names[twins[0]]} and {self._names[twins[1]]} one thing"

    def _pair(self, at: int) -> tuple[int, int]:
        """Return the ids that stand for the two of a link now, smaller first."""
        left, right = self._now[self._told.left[at]], self._now[self._told.right[at]]
        return (left, right) if left < right else (right, left)

    def _sides(self, at: int) -> Iterator[tuple[int, int, int]]:
        """Yield for both ends of a link that joins something new: (thing, other vocabulary), the end, the other end."""
        left, right = self._pair(at)
        first, second = self._groups.top(left), self._groups.top(right)
        if first != second:
            count, of, made = self._vocabularies.count, self._vocabularies.of, self._vocabularies.made
            if of[right] not in made:
                yield first * count + of[right], left, right
            if of[left] not in made:
                yield second * count + of[left], right, left

    def _partners(self, links: Sequence[int]) -> dict[int, list[int]]:
        """Return for each (thing, other vocabulary) with several ids of that vocabulary the first few of these."""
        of = self._vocabularies.of
        count = self._vocabularies.count
        # Most things have partners in one vocabulary alone: an array holds the first, a dict those in further ones.
        first = array("i", (-1,)) * len(self._names)
        further: dict[int, int] = {}
        several: dict[int, list[int]] = {}
        for at in links:
            for side, _, other in self._sides(at):
                top = side // count
                met = first[top]
                if met < 0:
                    first[top] = met = other
                elif of[met] != of[other]:
                    met = further.setdefault(side, other)
                if met != other:
                    some = several.setdefault(side, [met])
                    if other not in some:
                        insort(some, other)
                        del some[_NAMED:]
        return several

    def _against(self, links: Sequence[int]) -> dict[int, tuple[int, list[int]]]:
        """Return the links to which other links speak against: the end, and what it is said to be the same as."""
        if not self._several:
            return {}
        found: dict[int, tuple[int, list[int]]] = {}
        for at in links:
            for side, one, _ in self._sides(at):
                some = self._several.get(side)
                if some:
                    found.setdefault(at, (one, some))
        return found

    def _message(self, one: int, some: Sequence[int]) -> str:
        return f"{self._names[one]} is said to be the same as {', '.join(self._names[other] for other in some)}"
