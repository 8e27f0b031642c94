"""The links between ids of one kind as numbers in arrays, so that a million of them take a few MB."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Why = Literal["exact", "xref", "replaced"]
# In the order in which they are believed: a reason is kept as its place in this list.
WHYS: Final[tuple[Why, ...]] = ("exact", "xref", "replaced")
EXACT: Final = WHYS.index("exact")
XREF: Final = WHYS.index("xref")
REPLACED: Final = WHYS.index("replaced")
# Two ids, why they are one, and a number by which the caller knows where that was read.
Link = tuple[str, str, Why, int]


def _numbers() -> array[int]:
    return array("i")


@dataclass(slots=True)
class Told:
    """Links in the order in which they were told; an id is its place in the sorted `names`."""

    left: array[int] = field(default_factory=_numbers)
    right: array[int] = field(default_factory=_numbers)
    why: bytearray = field(default_factory=bytearray)
    where: array[int] = field(default_factory=lambda: array("q"))

    def best(self, now: Sequence[int], size: int) -> array[int]:
        """Return which links to look at, in the order of their ids: of several between the same two just one.

        That is the surest; of these the one whose own ids come first; of these the one that was told first. `now` has
        the id, of `size`, that each id gives way to; what joins an id with itself then is left out, and so is every
        replacement.
        """
        count = len(self.left)
        keys: list[int] = []
        for at, (left, right, why) in enumerate(zip(self.left, self.right, self.why, strict=True)):
            if why == REPLACED:
                continue
            one, other = now[left], now[right]
            if one != other:
                # One number sorts like the pair, the reason and the place, and takes a fifth of their memory.
                pair = one * size + other if one < other else other * size + one
                keys.append((pair * len(WHYS) + why) * count + at)
        keys.sort()
        found = _numbers()
        before = -1
        for key in keys:
            told, at = divmod(key, count)
            if told // len(WHYS) != before // len(WHYS):
                found.append(at)
                before = told
            elif told == before and self._ends(at) < self._ends(found[-1]):
                found[-1] = at
        return found

    def _ends(self, at: int) -> tuple[int, int]:
        left, right = self.left[at], self.right[at]
        return (left, right) if left < right else (right, left)


def numbered(names: Sequence[str], *lists: Iterable[Link]) -> tuple[Told, ...]:
    """Return each list of links as numbers; `names` are all ids in them, sorted."""
    # It is gone when all are numbered: a million ids take more here than in all that follows.
    numbers = {name: number for number, name in enumerate(names)}
    found: list[Told] = []
    for links in lists:
        told = Told()
        for left, right, why, where in links:
            told.left.append(numbers[left])
            told.right.append(numbers[right])
            told.why.append(WHYS.index(why))
            told.where.append(where)
        found.append(told)
    return tuple(found)
