"""Joins ids that mean one thing, and tells of links that cannot all be true. Pure.

A link counts where it is one to one: if one id is said to be the same as two ids of another vocabulary, nobody can say
which of the two is meant, so neither is believed and both are told of. Nor may a chain of links end in a group with two
ids of one vocabulary. An obsolete id is another matter: many may be replaced by one.

A load may tell a million links, so they are numbers in arrays, and each doubt is handed on as it is found.
"""

from __future__ import annotations

from array import array
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.identity.groups import Groups, Vocabularies
from kg.identity.prefixes import MADE, prefix_of, rank
from kg.identity.replaced import Doubted, Replacements
from kg.identity.told import EXACT, REPLACED, WHYS, XREF, Link, Told, numbered
from kg.values import Same

# How many ids a message names.
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """A link that is not believed, why, and the number by which the caller knows where it was read."""

    link: Same
    why: str
    where: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What the links of a kind come to: for each id that another id stands for, that id.

    `stands_for` is in the order of its ids, and `why` has the reason of each in the same order, as a place in WHYS.
    """

    stands_for: Mapping[str, str]
    why: bytes


def settle(
    kind: str,
    names: Sequence[str],
    links: Iterable[Link],
    known: Iterable[Link],
    *,
    there: Callable[[str], bool],
    doubted: Callable[[Doubt], None],
) -> Settled:
    """Return which id of a kind stands for which; links in doubt are handed to `doubted`.

    `names` are all ids of `links` and `known`, sorted. `known` are links that were settled before: they are taken as
    they are. `there` says whether an id is a node of the graph: of these one stands for its group, so that ids do not
    change under what was loaded before; else the order of vocabularies decides (kg.identity.prefixes).
    """
    told, before = numbered(names, links, known)
    vocabularies = Vocabularies(names)

    def tell(doubts: Iterable[Doubted]) -> None:
        for at, why in doubts:
            link = Same(kind, names[told.left[at]], names[told.right[at]], WHYS[told.why[at]])
            doubted(Doubt(link, why, told.where[at]))

    replacements = Replacements(names, before)
    tell(replacements.take(told, lambda: _joined(before, replacements, vocabularies)))
    groups = _joined(before, replacements, vocabularies)
    # What is said of an obsolete id is said of the one that stands for it now.
    now = replacements.now()
    best = told.best(now, len(names))
    sure = array("i", (at for at in best if told.why[at] == EXACT))
    weak = array("i", (at for at in best if told.why[at] == XREF))
    for some, beside in ((sure, sure), (weak, best)):
        if some:
            tell(_Round(names, vocabularies, groups, told, now, beside).join(some))
    return _settled(kind, names, groups, replacements, there)


def _joined(known: Told, replacements: Replacements, vocabularies: Vocabularies) -> Groups:
    """Return the groups that were settled before."""
    groups = Groups(vocabularies)
    now = replacements.now()
    for left, right, why in zip(known.left, known.right, known.why, strict=True):
        if why != REPLACED:
            left, right = sorted((now[left], now[right]))
            groups.join(left, right, why, whatever=True)
    return groups


class _Round:
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
            count, of = self._vocabularies.count, self._vocabularies.of
            yield first * count + of[right], left, right
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


def _settled(
    kind: str, names: Sequence[str], groups: Groups, replacements: Replacements, there: Callable[[str], bool]
) -> Settled:
    def standing(number: int) -> tuple[bool, tuple[int, str, str]]:
        # An id made of a code or a name gives way to a vocabulary's own even where the graph has it already.
        name = names[number]
        return not there(name) or prefix_of(name) in MADE, rank(kind, name)

    stands = array("i", (-1,)) * len(names)
    why = bytearray(len(names))
    for group in groups.several():
        chosen = min(group, key=standing)
        for number in group:
            if number != chosen:
                stands[number] = chosen
                why[number] = groups.why_of(number)
    for old, new in replacements.all():
        chosen = stands[new] if stands[new] >= 0 else new
        if chosen != old:
            stands[old] = chosen
            why[old] = REPLACED
    found = {names[number]: names[of] for number, of in enumerate(stands) if of >= 0}
    return Settled(found, bytes(reason for reason, of in zip(why, stands, strict=True) if of >= 0))
