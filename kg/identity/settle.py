"""Joins ids that mean one thing, and tells of links that cannot all be true. Pure.

A link counts where it is one to one: if one id is said to be the same as two ids of another vocabulary, nobody can say
which of the two is meant, so neither is believed and both are told of. Nor may a chain of links end in a group with two
ids of one vocabulary. An obsolete id is another matter: many may be replaced by one. So is an id made of a code or a
name: a thing may have several names, and when all links are settled such an id goes to the one thing that it can mean.

A load may tell a million links, so they are numbers in arrays, and each doubt is handed on as it is found.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.identity.groups import Groups, Vocabularies
from kg.identity.made import given
from kg.identity.prefixes import MADE, prefix_of, rank
from kg.identity.replaced import Doubted, Replacements
from kg.identity.rounds import Round
from kg.identity.told import EXACT, REPLACED, WHYS, XREF, Link, Told, numbered
from kg.values import Same


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
    meant: Iterable[Link] = (),
    *,
    there: Callable[[str], bool],
    doubted: Callable[[Doubt], None],
    unclear: Callable[[str, Sequence[str]], None],
) -> Settled:
    """Return which id of a kind stands for which; links in doubt are handed to `doubted`.

    `names` are all ids of the links, sorted. `known` are links that were settled before: they are taken as they are.
    `meant` has for an id made of a code or a name (left) each thing that has this code or name; an id that may mean
    several things means none, and is handed to `unclear` with these. `there` says whether an id is a node of the graph:
    of these one stands for its group, so that ids do not change under what was loaded before; else the order of
    vocabularies decides (kg.identity.prefixes).
    """
    told, before, candidates = numbered(names, links, known, meant)
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
            tell(Round(names, vocabularies, groups, told, now, beside).join(some))
    for key, several in given(groups, candidates, now):
        unclear(names[key], [names[one] for one in several])
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


def _settled(
    kind: str, names: Sequence[str], groups: Groups, replacements: Replacements, there: Callable[[str], bool]
) -> Settled:
    def standing(number: int) -> tuple[bool, bool, tuple[int, str, str]]:
        # An id made of a code or a name gives way to a vocabulary's own even where the graph has it already.
        name = names[number]
        return prefix_of(name) in MADE, not there(name), rank(kind, name)

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
