"""Joins ids that mean one thing into groups, and tells of links that cannot all be true. Pure.

A link counts where it is one to one: if one id is said to be the same as two ids of another vocabulary, nobody can say
which of the two is meant, so neither is believed and both are told of. Nor may a chain of links end in a group with two
ids of one vocabulary. An obsolete id is another matter: many may be replaced by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from kg.identity.prefixes import MADE, prefix_of, rank
from kg.values import Same

_SURE_FIRST: Final = {"exact": 0, "xref": 1}
# A link between ids that are in use, and how it was told.
_Link = tuple[Same, Same]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A link that is not believed, and why."""

    link: Same
    why: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What the links come to: for each (kind, id) that another id stands for, that id; and the links in doubt."""

    stands_for: Mapping[tuple[str, str], str]
    why: Mapping[tuple[str, str], str]
    doubts: Sequence[Doubt]


def settle(links: Iterable[Same], present: Collection[tuple[str, str]], known: Iterable[Same] = ()) -> Settled:
    """Return which id stands for which.

    `known` are links that were settled before: they are taken as they are.

    `present` are the (kind, id) that are nodes of the graph: of these one stands for its group, so that ids do not
    change under what was loaded before; else the order of vocabularies decides (kg.identity.prefixes).
    """
    told = list(links)
    before = list(known)
    replacements = _Replacements(before)
    doubts = list(replacements.take((link for link in told if link.why == "replaced"), _joined(before, replacements)))
    # What is said of an obsolete id is said of the one that stands for it now.
    equal: dict[tuple[str, str, str], _Link] = {}
    for link in told:
        now = replacements.of(link) if link.why != "replaced" else None
        if now is None:
            continue
        other = equal.get((now.kind, now.left, now.right))
        if other is None or _SURE_FIRST[link.why] < _SURE_FIRST[other[0].why]:
            equal[now.kind, now.left, now.right] = now, link
    groups = _joined(before, replacements)
    every = list(equal.values())
    sure = [both for both in every if both[0].why == "exact"]
    for some, beside in ((sure, sure), ([both for both in every if both[0].why == "xref"], every)):
        doubts += _join(groups, some, _partners(groups, (now for now, _ in beside)))
    stands_for, why = groups.settled(present)
    for (kind, old), new in replacements.all():
        chosen = stands_for.get((kind, new), new)
        if chosen != old:
            stands_for[kind, old] = chosen
            why[kind, old] = "replaced"
    return Settled(stands_for, why, doubts)


def _standing(kind: str, key: str, present: Collection[tuple[str, str]]) -> tuple[bool, tuple[int, str, str]]:
    # An id made of a code or a name gives way to a vocabulary's own even where the graph has it already.
    return (kind, key) not in present or prefix_of(key) in MADE, rank(kind, key)


def _joined(known: Iterable[Same], replacements: _Replacements) -> _Groups:
    """Return the groups that were settled before."""
    groups = _Groups()
    for link in known:
        now = replacements.of(link) if link.why != "replaced" else None
        if now is not None:
            groups.join(now, whatever=True)
    return groups


def _partners(groups: _Groups, links: Iterable[Same]) -> Mapping[tuple[str, str, str], set[str]]:
    """Return for each (kind, thing, other vocabulary) the ids of that vocabulary that are said to be the same.

    A thing is what was settled to be one before, so that a claim weighs the same whichever of its ids it names.
    """
    found: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for link in links:
        if not groups.together(link):
            found[link.kind, groups.top(link.kind, link.left), prefix_of(link.right)].add(link.right)
            found[link.kind, groups.top(link.kind, link.right), prefix_of(link.left)].add(link.left)
    return found


def _join(
    groups: _Groups, links: Sequence[_Link], partners: Mapping[tuple[str, str, str], set[str]]
) -> Iterator[Doubt]:
    tops = {link: (groups.top(link.kind, link.left), groups.top(link.kind, link.right)) for link, _ in links}
    for link, told in sorted(links, key=lambda both: (both[0].kind, both[0].left, both[0].right)):
        if groups.together(link):
            continue
        left, right = tops[link]
        for top, one, other in ((left, link.left, link.right), (right, link.right, link.left)):
            several = partners.get((link.kind, top, prefix_of(other)), ())
            if len(several) > 1:
                yield Doubt(told, f"{one} is said to be the same as {', '.join(sorted(several)[:5])}")
                break
        else:
            twins = groups.join(link)
            if twins:
                yield Doubt(told, f"it would make {twins[0]} and {twins[1]} one thing")


class _Replacements:
    """Obsolete ids and what they were replaced by."""

    def __init__(self, known: Iterable[Same]) -> None:
        self._after = {(link.kind, link.left): link.right for link in known if link.why == "replaced"}

    def take(self, links: Iterable[Same], known: _Groups) -> Iterator[Doubt]:
        """Take in what is told now; yield the links that cannot be true, also by what is `known` to be one."""
        told: defaultdict[tuple[str, str], dict[str, Same]] = defaultdict(dict)
        for link in links:
            told[link.kind, link.left].setdefault(link.right, link)
        before = dict(self._after)
        for old, by in sorted(told.items()):
            if len(by) == 1:
                new = next(iter(by))
                # Known is the id that stands for the successor: the successor itself says more.
                if old not in before or known.one(old[0], new, before[old]):
                    self._after[old] = new
            elif old not in before:
                why = f"{old[1]} is said to be replaced by {', '.join(sorted(by)[:5])}"
                yield from (Doubt(link, why) for _, link in sorted(by.items()))
        circles = {old for old in self._after if self._last(*old) is None}
        for old, by in sorted(told.items()):
            for new, link in sorted(by.items()):
                if old in circles:
                    yield Doubt(link, f"the replacements of {old[1]} go round in a circle")
                elif old in before and not known.one(old[0], self._last(old[0], new), self._last(*old)):
                    yield Doubt(link, f"{old[1]} was said to be replaced by {before[old]}")
        for old in circles:
            if old in before:
                self._after[old] = before[old]
            else:
                del self._after[old]

    def of(self, link: Same) -> Same | None:
        """Return the link between the ids that stand for its two now, smaller first; None when these are one."""
        left, right = sorted(self._last(link.kind, key) or key for key in (link.left, link.right))
        return None if left == right else Same(link.kind, left, right, link.why)

    def all(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Yield each obsolete (kind, id) with the last that replaced it."""
        for kind, old in sorted(self._after):
            new = self._last(kind, old)
            assert new is not None, "circles were taken out"
            yield (kind, old), new

    def _last(self, kind: str, key: str) -> str | None:
        """Follow replacements to the last; None when they come back to an id that was met."""
        seen = {key}
        while (kind, key) in self._after:
            key = self._after[kind, key]
            if key in seen:
                return None
            seen.add(key)
        return key


class _Groups:
    """Ids joined into groups (disjoint sets with path halving), each with its ids by vocabulary."""

    def __init__(self) -> None:
        self._above: dict[tuple[str, str], tuple[str, str]] = {}
        self._members: dict[tuple[str, str], dict[str, list[str]]] = {}
        self._why: dict[tuple[str, str], str] = {}

    def join(self, link: Same, *, whatever: bool = False) -> tuple[str, str] | None:
        """Join two groups; return two ids of one vocabulary that would meet, and leave all as it is, if there are."""
        left, right = self._top((link.kind, link.left)), self._top((link.kind, link.right))
        if left == right:
            return None
        mine, others = self._members[left], self._members[right]
        twins = sorted(mine.keys() & others.keys())
        if twins and not whatever:
            return mine[twins[0]][0], others[twins[0]][0]
        for prefix, ids in others.items():
            mine.setdefault(prefix, []).extend(ids)
        del self._members[right]
        self._above[right] = left
        for key in (link.left, link.right):
            self._why.setdefault((link.kind, key), link.why)
        return None

    def top(self, kind: str, key: str) -> str:
        """Return one id of the group of this one, always the same until the group is joined with another."""
        return self._top((kind, key))[1]

    def one(self, kind: str, left: str | None, right: str | None) -> bool:
        """Say whether two ids are one or are in one group."""
        return left == right or (
            left is not None and right is not None and self.top(kind, left) == self.top(kind, right)
        )

    def together(self, link: Same) -> bool:
        """Say whether a link joins nothing new."""
        return self.one(link.kind, link.left, link.right)

    def settled(
        self, present: Collection[tuple[str, str]]
    ) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
        """Return for each (kind, id) the id that stands for it, where that is another, and why."""
        found: dict[tuple[str, str], str] = {}
        why: dict[tuple[str, str], str] = {}
        for (kind, _), members in self._members.items():
            ids = sorted(chain.from_iterable(members.values()), key=lambda key: _standing(kind, key, present))
            for key in ids[1:]:
                found[kind, key] = ids[0]
                why[kind, key] = self._why[kind, key]
        return found, why

    def _top(self, node: tuple[str, str]) -> tuple[str, str]:
        if node not in self._above:
            self._above[node] = node
            self._members[node] = {prefix_of(node[1]): [node[1]]}
        while self._above[node] != node:
            self._above[node] = self._above[self._above[node]]
            node = self._above[node]
        return node
