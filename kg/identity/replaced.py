"""Obsolete ids and what they were replaced by; ids are numbers. Pure."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from kg.identity.groups import Groups
from kg.identity.told import REPLACED, Told

# The number of a link, and why it is not believed.
Doubted = tuple[int, str]


class Replacements:
    """Which id replaces which, by what was known before and by what is told now."""

    def __init__(self, names: Sequence[str], known: Told) -> None:
        self._names = names
        self._after = {
            left: right for left, right, why in zip(known.left, known.right, known.why, strict=True) if why == REPLACED
        }

    def take(self, links: Told, known: Callable[[], Groups]) -> Iterator[Doubted]:
        """Take in what is told now; yield the links that cannot be true, also by what is `known` to be one."""
        told: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for at, why in enumerate(links.why):
            if why == REPLACED:
                told[links.left[at]].setdefault(links.right[at], at)
        if told:
            yield from self._taken(told, known())

    def now(self) -> array[int]:
        """Return for each id the one that it was replaced by in the end; itself when it was not replaced."""
        now = array("i", range(len(self._names)))
        for old in self._after:
            new = self._last(old)
            now[old] = old if new is None else new
        return now

    def all(self) -> Iterator[tuple[int, int]]:
        """Yield each obsolete id with the last that replaced it."""
        for old in sorted(self._after):
            new = self._last(old)
            assert new is not None, "circles were taken out"
            yield old, new

    def _taken(self, told: dict[int, dict[int, int]], known: Groups) -> Iterator[Doubted]:
        names = self._names
        before = dict(self._after)
        for old, by in sorted(told.items()):
            if len(by) == 1:
                new = next(iter(by))
                # Known is the id that stands for the successor: the successor itself says more.
                if old not in before or _one(known, new, before[old]):
                    self._after[old] = new
            elif old not in before:
                why = f"{names[old]} is said to be replaced by {', '.join(names[new] for new in sorted(by)[:5])}"
                yield from ((at, why) for _, at in sorted(by.items()))
        circles = {old for old in self._after if self._last(old) is None}
        for old, by in sorted(told.items()):
            for new, at in sorted(by.items()):
                if old in circles:
                    yield at, f"the replacements of {names[old]} go round in a circle"
                elif old in before and not _one(known, self._last(new), self._last(old)):
                    yield at, f"{names[old]} was said to be replaced by {names[before[old]]}"
        for old in circles:
            if old in before:
                self._after[old] = before[old]
            else:
                del self._after[old]

    def _last(self, number: int) -> int | None:
        """Follow replacements to the last; None when they come back to an id that was met."""
        seen = {number}
        while number in self._after:
            number = self._after[number]
            if number in seen:
                return None
            seen.add(number)
        return number


def _one(known: Groups, left: int | None, right: int | None) -> bool:
    return left == right or (left is not None and right is not None and known.top(left) == known.top(right))
