"""Ids joined into groups (disjoint sets), each with the vocabularies that its ids are of; ids are numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from kg.identity.prefixes import MADE, prefix_of


class Vocabularies:
    """Which vocabulary each id is of, as a number: the vocabularies are numbered by their names.

    `made` are those of our own making: of these a thing may have any number of ids, as it may have several names.
    """

    def __init__(self, names: Sequence[str]) -> None:
        numbers = {prefix: number for number, prefix in enumerate(sorted({prefix_of(name) for name in names}))}
        self.count = len(numbers)
        self.of = array("i", (numbers[prefix_of(name)] for name in names))
        self.made = frozenset(numbers[prefix] for prefix in MADE if prefix in numbers)


class Groups:
    """Which ids are one thing. The ids of a group hang together in a chain that begins with the group's top."""

    def __init__(self, vocabularies: Vocabularies) -> None:
        size = len(vocabularies.of)
        self._vocabularies = vocabularies.of
        self._above = array("i", range(size))
        self._next = array("i", (-1,)) * size
        self._last = array("i", range(size))
        self._why = bytearray(size)
        # The vocabularies of a group as bits of a number. Equal numbers are one object: there are few different ones.
        bits = [0 if number in vocabularies.made else 1 << number for number in range(vocabularies.count)]
        self._seen = {bit: bit for bit in bits}
        self._held = [bits[number] for number in vocabularies.of]

    def join(self, left: int, right: int, why: int, *, whatever: bool = False) -> tuple[int, int] | None:
        """Join two groups; return two ids of one vocabulary that would meet, and leave all as it is, if there are.

        `whatever` joins them all the same. `why` is kept for the two ids unless they have one; see `why_of`.
        """
        first, second = self.top(left), self.top(right)
        if first == second:
            return None
        twins = self._held[first] & self._held[second]
        if twins and not whatever:
            vocabulary = (twins & -twins).bit_length() - 1
            return self._first(first, vocabulary), self._first(second, vocabulary)
        both = self._held[first] | self._held[second]
        self._held[first] = self._seen.setdefault(both, both)
        self._next[self._last[first]] = second
        self._last[first] = self._last[second]
        self._above[second] = first
        for number in (left, right):
            self._why[number] = self._why[number] or why + 1
        return None

    def top(self, number: int) -> int:
        """Return one id of the group of this one, always the same until the group is joined with another."""
        above = self._above
        while above[number] != number:
            above[number] = number = above[above[number]]
        return number

    def is_made(self, number: int) -> bool:
        """Say whether a group, by its top, has no id but those of our own making."""
        return not self._held[number]

    def why_of(self, number: int) -> int:
        """Return why an id was first joined with another; only of ids that were."""
        return self._why[number] - 1

    def several(self) -> Iterator[list[int]]:
        """Yield the groups that have more than one id."""
        for top, above in enumerate(self._above):
            if top == above and self._next[top] >= 0:
                yield list(self._chain(top))

    def _first(self, top: int, vocabulary: int) -> int:
        return next(number for number in self._chain(top) if self._vocabularies[number] == vocabulary)

    def _chain(self, top: int) -> Iterator[int]:
        number = top
        while number >= 0:
            yield number
            number = self._next[number]
