"""What is known without an id of its own, by a code, a name or an id that is shared, and which things it can mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from itertools import chain
from typing import Final, NamedTuple

from kg.identity.prefixes import MADE, own_id, prefix_of
from kg.load.asking import SECONDS, asked
from kg.load.gather import NODES, Gathered, node_in
from kg.load.identities import Before
from kg.schema import NODE_BY_LABEL
from kg.sources.ids import CODE_PREFIXES, NAME_PREFIX, by_name
from kg.spool import Spool
from kg.statements import fixed, fixed_for
from kg.store import Store
from kg.values import Same

_SYSTEMS: Final[Mapping[str, str]] = {prefix: system for system, prefix in CODE_PREFIXES.items()}


class Meant(NamedTuple):
    """An id made of a code or a name, and each thing of that kind that has this code or name."""

    kind: str
    key: str
    things: frozenset[str]


def shared_ids(gathered: Gathered) -> list[Same]:
    """Return links from the ids that side effects share with other findings to ids of their own."""
    return [
        Same(kind, key, own, "exact")
        for kind, things in sorted(gathered.things.items())
        for key in sorted(things)
        if (own := own_id(kind, key))
    ]


def code_of(key: str) -> str | None:
    """Return the id of the code by which a disease is told that has no other id; None when it is told otherwise."""
    prefix, _, local = key.partition(":")
    return f"{_SYSTEMS[prefix]}:{local}" if prefix in _SYSTEMS else None


async def meant(
    store: Store, disk: Spool, gathered: Gathered, before: Before, linked: Container[str], *, empty: bool
) -> list[Meant]:
    """Return what the ids made of a code or a name can mean: those that this load tells, and those of the graph.

    What has an alias already is left out, and so is what this load throws no light on. `before` has the aliases that
    the graph keeps, `linked` the kinds of which the load tells links; `empty` says that the graph has no node.
    """
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for kind, things in gathered.things.items():
        known = before.get(kind, {})
        wanted[kind] |= {key for key in things if prefix_of(key) in MADE and key not in known}
    if not empty:
        for prefix in MADE:
            for row in await store.read(fixed("read/made", prefix=f"{prefix}:"), deadline=SECONDS):
                if row["kind"] in linked or row["kind"] in gathered.things or row["kind"] == "Disease":
                    wanted[row["kind"]].add(row["id"])
    return [
        *await _by_code(store, gathered, wanted["Disease"], empty=empty),
        *await _by_name(store, disk, gathered, wanted, linked, empty=empty),
    ]


async def _by_code(store: Store, gathered: Gathered, wanted: set[str], *, empty: bool) -> list[Meant]:
    """Return the diseases that are recorded under a code."""
    keys = {code: key for key in wanted if (code := code_of(key))}
    recorded: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for code in keys:
        recorded[code] = {disease: 0 for disease in gathered.coded.get(code, ()) if not code_of(disease)}
    if keys and not empty:
        async for _, row in asked(store, "read/coded", sorted(keys), "codes"):
            if not code_of(row["id"]):
                recorded[row["code"]][row["id"]] = row["authority"]
    found: list[Meant] = []
    for code, diseases in sorted(recorded.items()):
        most = max(diseases.values(), default=0)
        best = frozenset(disease for disease, authority in diseases.items() if authority == most)
        found.append(Meant("Disease", keys[code], best))
    return [one for one in found if one.things]


async def _by_name(
    store: Store,
    disk: Spool,
    gathered: Gathered,
    wanted: Mapping[str, set[str]],
    linked: Container[str],
    *,
    empty: bool,
) -> list[Meant]:
    """Return the things that have a name, in the graph or in this load."""
    keys = {
        kind: names
        for kind, some in wanted.items()
        if (names := {key for key in some if prefix_of(key) == NAME_PREFIX})
    }
    called: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def heard(kind: str, key: str, names: Iterator[str]) -> None:
        for name in names:
            made = by_name(kind, name)
            if made in keys[kind] and made != key:
                called[kind, made].add(key)

    for item in disk.read(NODES) if keys else ():
        if item[0] in keys:
            node = node_in(item)
            heard(node.kind, node.id, chain(node.names.values(), chain.from_iterable(node.synonyms.values())))
    told = {kind for kind, _ in called}
    for kind, names in keys.items():
        # What the graph knew by its name before means nothing else now, unless something of its name came in, or became
        # one with another.
        if not empty and (kind in told or kind in linked or not names.isdisjoint(gathered.things.get(kind, ()))):
            for row in await store.read(fixed_for("read/names_of", NODE_BY_LABEL[kind].label), deadline=SECONDS):
                heard(kind, row["id"], iter(row["names"]))
    return [Meant(kind, key, frozenset(things)) for (kind, key), things in sorted(called.items())]
