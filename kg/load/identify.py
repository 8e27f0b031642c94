"""Settles, before anything is written, which node each id of a load means: by what it says itself and by the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import chain
from sys import intern
from typing import Any, Final, cast

from kg.identity.settle import Doubt, settle
from kg.identity.told import Link, Why
from kg.load.asking import asked
from kg.load.gather import LINKS, Gathered
from kg.load.identities import Before, Identities, Kept
from kg.load.report import Problems
from kg.load.without_ids import links_without_ids
from kg.sources.checked import not_held
from kg.sources.records import Place
from kg.spool import Spool
from kg.statements import fixed
from kg.store import Store
from kg.values import Same

# The number of no place.
_NOWHERE: Final = -1
# A file has fewer lines than this many bits count.
_LINE_BITS: Final = 40


class _Places:
    """Places as numbers: the line, and above it which file and column."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._numbers: dict[tuple[int, str], int] = {}
        self._heads: list[tuple[int, str]] = []

    def number(self, place: Sequence[Any]) -> int:
        """Return the number of a place as the spool has it."""
        file, line, column = place
        head = self._numbers.get((file, column))
        if head is None:
            head = self._numbers[file, column] = len(self._heads)
            self._heads.append((file, column))
        return head << _LINE_BITS | line

    def place(self, number: int) -> Place:
        """Return the place of that number."""
        if number == _NOWHERE:
            return Place("", 0)
        file, column = self._heads[number >> _LINE_BITS]
        return Place(self._gathered.files[file], number & (1 << _LINE_BITS) - 1, column)


async def identify(store: Store, disk: Spool, gathered: Gathered, problems: Problems, *, source: str) -> Identities:
    """Settle the identities of a load, whose records lie in the spool; links in doubt go to `problems`."""
    linked = _linked(disk, gathered)
    empty = not await store.read(fixed("read/any_node"))
    before: Before = {}
    if not empty and await store.read(fixed("read/any_alias")):
        before = await _settled_before(store, _named(gathered, linked))
    for kind, kept in before.items():
        linked[kind].update(kept, (alias.of for alias in kept.values()))
    found: defaultdict[str, list[Same]] = defaultdict(list)
    for link in await links_without_ids(store, disk, gathered, before, problems, empty=empty):
        found[link.kind].append(link)
        linked[link.kind] |= {link.left, link.right}
    present: dict[str, str] = {}
    if not empty:
        async for key, row in asked(store, "read/kinds", _named(gathered, linked)):
            present[key(row["id"])] = intern(row["kind"])
    places = _Places(gathered)

    def doubted(doubt: Doubt) -> None:
        fix = "Neither is believed: correct the mapping, or propose the right one at the desk."
        problems.add(not_held(places.place(doubt.where), "identity-unclear", doubt.link.id, doubt.why, fix))

    settled = {
        kind: settle(
            kind,
            # The set of ids is not needed any more, and a million of them in it take as much as the ids themselves.
            sorted(linked.pop(kind)),
            chain(_told(disk, kind, places), ((link.left, link.right, link.why, _NOWHERE) for link in found[kind])),
            ((key, kept.of, kept.why, _NOWHERE) for key, kept in before.get(kind, {}).items()),
            there=partial(_is, present, kind),
            doubted=doubted,
        )
        for kind in sorted(linked)
    }
    for kind in settled:
        disk.drop(LINKS[kind])
    merged = {
        key: of
        for kind, one in settled.items()
        for key, of in one.stands_for.items()
        # The one that stands for it may be new to the graph, as when a term is replaced by a later one.
        if present.get(key) == kind and present.get(of, kind) == kind
    }
    stands_for = {kind: one.stands_for for kind, one in settled.items()}
    return Identities(settled, stands_for, gathered.things, present, before, merged, source)


def _is(present: Mapping[str, str], kind: str, key: str) -> bool:
    return present.get(key) == kind


def _told(disk: Spool, kind: str, places: _Places) -> Iterator[Link]:
    """Yield the links of a kind that the load tells."""
    for left, right, why, place in disk.read(LINKS[kind]):
        yield left, right, why, places.number(place)


def _linked(disk: Spool, gathered: Gathered) -> defaultdict[str, set[str]]:
    """Return the ids that the links name, by kind."""
    linked: defaultdict[str, set[str]] = defaultdict(set)
    for kind, name in LINKS.items():
        named = gathered.things.get(kind, {})
        ids: set[str] = set()
        key: str
        for left, right, *_ in disk.read(name):
            for key in (left, right):
                ids.add(named.get(key, key))
        if ids:
            linked[kind] = ids
    return linked


def _named(gathered: Gathered, linked: Mapping[str, Set[str]]) -> set[str]:
    """Return all ids that the load names."""
    return gathered.ends.union(*gathered.things.values(), *linked.values())


async def _settled_before(store: Store, ids: Set[str]) -> Before:
    """Return the aliases that the graph has of these ids, and of the ids that stand for them."""
    before: defaultdict[str, dict[str, Kept]] = defaultdict(dict)

    async def take(wanted: Set[str]) -> None:
        async for own, row in asked(store, "read/aliases", wanted):
            kept = Kept(own(row["of"]), cast("Why", intern(row["why"])), intern(row["source"]))
            before[row["kind"]][own(row["id"])] = kept

    await take(ids)
    await take({kept.of for aliases in before.values() for kept in aliases.values()})
    return before
