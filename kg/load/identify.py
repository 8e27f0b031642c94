"""Settles, before anything is written, which node each id of a load means: by what it says itself and by the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import chain
from sys import intern
from typing import Any, Final, LiteralString, cast

from kg.identity.settle import Doubt, Settled, settle
from kg.identity.told import Link, Why
from kg.load.asking import asked
from kg.load.gather import LINKS, Gathered
from kg.load.identities import Before, Identities, Kept
from kg.load.report import Problems
from kg.load.without_ids import code_of, meant, shared_ids
from kg.sources.checked import not_held
from kg.sources.records import Place
from kg.spool import Spool
from kg.statements import fixed
from kg.store import Store

# The number of no place.
_NOWHERE: Final = -1
# How many diseases a message names.
_NAMED: Final = 5
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
    """Settle the identities of a load, whose records lie in the spool; what is in doubt goes to `problems`."""
    linked = _linked(disk, gathered)
    shared = shared_ids(gathered)
    for link in shared:
        linked[link.kind] |= {link.left, link.right}
    empty = not await store.read(fixed("read/any_node"))
    keeps = not empty and bool(await store.read(fixed("read/any_alias")))
    before: defaultdict[str, dict[str, Kept]] = defaultdict(dict)
    if keeps:
        await _take(store, "read/aliases", _named(gathered, linked), before)
    candidates = await meant(store, disk, gathered, before, frozenset(linked), empty=empty)
    for one in candidates:
        linked[one.kind] |= {one.key, *one.things}
    if keeps:
        # Of what a link joins, all other ids have to be known: they go along with it, and speak for or against it.
        await _take(store, "read/aliases_of", _standing(linked, before), before)
    for kind, kept in before.items():
        linked[kind].update(kept, (alias.of for alias in kept.values()))
    present: dict[str, str] = {}
    if not empty:
        async for key, row in asked(store, "read/kinds", _named(gathered, linked)):
            present[key(row["id"])] = intern(row["kind"])
    doubts = _Doubts(gathered, problems)

    def settled_of(kind: str) -> Settled:
        own: Iterator[Link] = ((link.left, link.right, link.why, _NOWHERE) for link in shared if link.kind == kind)
        return settle(
            kind,
            # The set of ids is not needed any more, and a million of them in it take as much as the ids themselves.
            sorted(linked.pop(kind)),
            chain(_told(disk, kind, doubts.places), own),
            ((key, kept.of, kept.why, _NOWHERE) for key, kept in before.get(kind, {}).items()),
            (
                (one.key, thing, "exact", _NOWHERE)
                for one in candidates
                if one.kind == kind
                for thing in sorted(one.things)
            ),
            there=partial(_is, present, kind),
            doubted=doubts.doubted,
            unclear=doubts.unclear,
        )

    settled = {kind: settled_of(kind) for kind in sorted(linked)}
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


class _Doubts:
    """Turns what cannot be settled into problems that name their place."""

    def __init__(self, gathered: Gathered, problems: Problems) -> None:
        self.places = _Places(gathered)
        self._gathered = gathered
        self._problems = problems

    def doubted(self, doubt: Doubt) -> None:
        """Tell of a link that is not believed."""
        fix = "Neither is believed: correct the mapping, or propose the right one at the desk."
        place = self.places.place(doubt.where)
        self._problems.add(not_held(place, "identity-unclear", doubt.link.id, doubt.why, fix))

    def unclear(self, key: str, things: Sequence[str]) -> None:
        """Tell of a code under which several diseases are recorded, if this load tells one of them or the code."""
        code = code_of(key)
        # A name that several things have is nothing to correct.
        if code and (key in self._gathered.things["Disease"] or code in self._gathered.coded):
            told = f"{', '.join(things[:_NAMED])} are recorded under {code}"
            fix = f"It stands alone as {key}; give the rows the id of the disease that is meant."
            self._problems.add(not_held(Place("", 0), "code-unclear", code, told, fix))


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


def _standing(linked: Mapping[str, Set[str]], before: Before) -> set[str]:
    """Return the ids that stand for these in the graph."""
    return {
        kept.of if (kept := known.get(key)) else key
        for kind, ids in linked.items()
        for known in [before.get(kind, {})]
        for key in ids
    }


async def _take(store: Store, name: LiteralString, ids: Set[str], before: defaultdict[str, dict[str, Kept]]) -> None:
    """Add the aliases of the graph that a statement finds for these ids."""
    async for own, row in asked(store, name, ids):
        kept = Kept(own(row["of"]), cast("Why", intern(row["why"])), intern(row["source"]))
        before[row["kind"]][own(row["id"])] = kept
