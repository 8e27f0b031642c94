"""Links for what a load, or the graph, knows without an id of its own: by a code, a name, or an id that is shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from typing import Final

from kg.identity.prefixes import own_id, prefix_of
from kg.load.asking import SECONDS, asked
from kg.load.gather import NODES, Gathered, node_in
from kg.load.identities import Before
from kg.load.report import Problems
from kg.schema import NODE_BY_LABEL
from kg.sources.checked import not_held
from kg.sources.ids import CODE_PREFIXES, NAME_PREFIX, by_name
from kg.sources.records import Place
from kg.spool import Spool
from kg.statements import fixed, fixed_for
from kg.store import Store
from kg.values import Same

_SYSTEMS: Final[Mapping[str, str]] = {prefix: system for system, prefix in CODE_PREFIXES.items()}


async def links_without_ids(
    store: Store, disk: Spool, gathered: Gathered, before: Before, problems: Problems, *, empty: bool
) -> list[Same]:
    """Return the links between ids that are made of a code or a name, or are shared, and ids of the things themselves.

    `before` has the aliases that the graph keeps; `empty` says that it has no node. A code that leads to several
    diseases goes to `problems`.
    """
    return [
        *await _by_code(store, gathered, empty, before, problems),
        *await _by_name(store, gathered, empty, before),
        *await _named_before(store, disk, empty),
        *_side_effects(gathered, before),
    ]


async def _by_code(store: Store, gathered: Gathered, empty: bool, before: Before, problems: Problems) -> list[Same]:
    """Return links for diseases that are told by a code alone, where one disease is recorded under the code."""
    known = before.get("Disease", {})
    wanted = {
        f"{_SYSTEMS[prefix]}:{key.partition(':')[2]}": key
        for key in sorted(gathered.things.get("Disease", ()))
        if (prefix := prefix_of(key)) in _SYSTEMS and key not in known
    }
    if not empty:
        wanted |= await _coded_before(store, gathered)
    if not wanted:
        return []
    recorded: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for code in wanted:
        for disease in gathered.coded.get(code, ()):
            if prefix_of(disease) not in _SYSTEMS:
                recorded[code][disease] = 0
    if not empty:
        async for _, row in asked(store, "read/coded", wanted, "codes"):
            if prefix_of(row["id"]) not in _SYSTEMS:
                recorded[row["code"]][row["id"]] = row["authority"]
    links: list[Same] = []
    for code, diseases in sorted(recorded.items()):
        most = max(diseases.values())
        best = sorted(disease for disease, authority in diseases.items() if authority == most)
        if len(best) == 1:
            links.append(Same("Disease", wanted[code], best[0], "exact"))
        else:
            told = f"{', '.join(best[:5])} are recorded under {code}"
            fix = f"It stands alone as {wanted[code]}; give the rows the id of the disease that is meant."
            problems.add(not_held(Place("", 0), "code-unclear", code, told, fix))
    return links


async def _coded_before(store: Store, gathered: Gathered) -> dict[str, str]:
    """Return, of the codes under which this load records diseases, those that stand for a disease of the graph."""
    ids = {
        f"{CODE_PREFIXES[system]}:{local}": code
        for code in gathered.coded
        for system, _, local in [code.partition(":")]
        if system in CODE_PREFIXES
    }
    return {ids[row["id"]]: row["id"] async for _, row in asked(store, "read/kinds", ids) if row["kind"] == "Disease"}


def _side_effects(gathered: Gathered, before: Before) -> list[Same]:
    """Return links from the ids that side effects share with other findings to ids of their own."""
    return [
        Same(kind, key, own, "exact")
        for kind, things in sorted(gathered.things.items())
        for key in sorted(things)
        if (own := own_id(kind, key)) and key not in before.get(kind, {})
    ]


async def _by_name(store: Store, gathered: Gathered, empty: bool, before: Before) -> list[Same]:
    """Return links for things that are told by a name alone, where one node of the graph has that name."""
    if empty:
        return []
    links: list[Same] = []
    for kind, things in sorted(gathered.things.items()):
        keys = {key for key in things if prefix_of(key) == NAME_PREFIX and key not in before.get(kind, {})}
        if not keys:
            continue
        called: defaultdict[str, set[str]] = defaultdict(set)
        for row in await store.read(fixed_for("read/names_of", NODE_BY_LABEL[kind].label), deadline=SECONDS):
            for name in row["names"]:
                key = by_name(kind, name)
                if key in keys and row["id"] != key:
                    called[key].add(row["id"])
        links += [Same(kind, key, next(iter(ids)), "exact") for key, ids in sorted(called.items()) if len(ids) == 1]
    return links


async def _named_before(store: Store, disk: Spool, empty: bool) -> list[Same]:
    """Return links for things that the graph knew by a name alone, and that this load tells with an id of their own."""
    if empty:
        return []
    rows = await store.read(fixed("read/made", prefix=f"{NAME_PREFIX}:"), deadline=SECONDS)
    known = {(row["kind"], row["id"]) for row in rows}
    if not known:
        return []
    called: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for item in disk.read(NODES):
        node = node_in(item)
        if prefix_of(node.id) == NAME_PREFIX:
            continue
        for name in (*node.names.values(), *chain.from_iterable(node.synonyms.values())):
            made = (node.kind, by_name(node.kind, name))
            if made in known:
                called[made].add(node.id)
    return [Same(kind, key, next(iter(ids)), "exact") for (kind, key), ids in sorted(called.items()) if len(ids) == 1]
