"""Settles, before anything is written, which node each id of a load means: by what it says itself and by the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

from kg.changes import Change
from kg.identity.groups import settle
from kg.identity.prefixes import own_id, prefix_of
from kg.load.gather import NODES, Gathered, node_in
from kg.load.report import Problems
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL
from kg.sources.checked import not_held
from kg.sources.ids import CODE_PREFIXES, NAME_PREFIX, by_name
from kg.sources.records import Place
from kg.spool import Spool
from kg.statements import Statement, fixed, fixed_for
from kg.store import Store
from kg.stored import alias_key, alias_state
from kg.values import Same

AT_ONCE: Final = 10_000
SECONDS: Final = 120.0
_SYSTEMS: Final[Mapping[str, str]] = {prefix: system for system, prefix in CODE_PREFIXES.items()}


@dataclass(frozen=True, slots=True)
class Identities:
    """Which node an id means, what has to be kept so that this is known next time, and which nodes become one.

    `things` are the (kind, id) of the nodes that the load tells; `present` has the kind of each node that the graph
    has, among those that the load names.
    """

    stands_for: Mapping[tuple[str, str], str]
    things: Set[tuple[str, str]]
    present: Mapping[str, str]
    aliases: Sequence[Change]
    merged: Mapping[str, str]

    def of(self, kind: str, key: str) -> str:
        """Return the id of the node that `key` means, as the id of a thing of that kind."""
        return self.stands_for.get((kind, key), key)

    def end(self, kinds: Sequence[str], key: str) -> str:
        """Return the id of the node that `key` means at an end of an edge where things of `kinds` may stand.

        One id may mean things of several kinds; those that the load itself tells come first.
        """
        if len(kinds) > 1:
            kinds = [*(kind for kind in kinds if (kind, key) in self.things), *kinds]
        for kind in kinds:
            found = self.stands_for.get((kind, key))
            if found is not None or (kind, key) in self.things:
                return found or key
        return key


async def identify(store: Store, disk: Spool, gathered: Gathered, problems: Problems, *, source: str) -> Identities:
    """Settle the identities of a load, whose nodes lie in the spool; links in doubt go to `problems`."""
    told = {
        *(key for _, key in gathered.things),
        *gathered.ends,
        *(end for link in gathered.links for end in (link.left, link.right)),
    }
    empty = not await store.read(fixed("read/any_node"))
    near = [] if empty else await _asked(store, fixed("read/aliases"), "ids", told)
    around = await _asked(store, fixed("read/aliases"), "ids", {row["of"] for row in near})
    kept = {(row["kind"], row["id"]): alias_state(row) for row in [*near, *around]}
    before = {key: Same(row["kind"], row["id"], row["of"], row["why"]) for key, row in kept.items()}
    told |= {link.right for link in before.values()}
    links = dict(gathered.links)
    nowhere = Place("", 0)
    for link in (
        *await _by_code(store, gathered, empty, before, problems),
        *await _by_name(store, gathered, empty, before),
        *await _named_before(store, disk, empty),
        *_side_effects(gathered, before),
    ):
        links.setdefault(link, nowhere)
        told |= {link.left, link.right}
    rows = [] if empty else await _asked(store, fixed("read/kinds"), "ids", told)
    present: dict[str, str] = {row["id"]: row["kind"] for row in rows}
    settled = settle(links, {(kind, key) for key, kind in present.items()}, before.values())
    for doubt in settled.doubts:
        place = gathered.links.get(doubt.link) or _either_way(gathered.links, doubt.link) or nowhere
        fix = "Neither is believed: correct the mapping, or propose the right one at the desk."
        problems.add(not_held(place, "identity-unclear", doubt.link.id, doubt.why, fix))
    aliases = [
        Change("alias", alias_key(kind, key), kept.get((kind, key)), after)
        for (kind, key), of in sorted(settled.stands_for.items())
        for after in [{"kind": kind, "id": key, "of": of, "why": settled.why[kind, key], "source": source}]
        if (kind, key) not in before or before[kind, key].right != of
    ]
    merged = {
        key: of
        for (kind, key), of in settled.stands_for.items()
        # The one that stands for it may be new to the graph, as when a term is replaced by a later one.
        if present.get(key) == kind and present.get(of, kind) == kind
    }
    return Identities(settled.stands_for, gathered.things, present, aliases, merged)


def _either_way(links: Mapping[Same, Place], link: Same) -> Place | None:
    return links.get(Same(link.kind, link.right, link.left, link.why))


async def _by_code(
    store: Store,
    gathered: Gathered,
    empty: bool,
    before: Mapping[tuple[str, str], Same],
    problems: Problems,
) -> list[Same]:
    """Return links for diseases that are told by a code alone, where one disease is recorded under the code."""
    wanted = {
        f"{_SYSTEMS[prefix]}:{key.partition(':')[2]}": key
        for kind, key in sorted(gathered.things)
        if kind == "Disease" and (prefix := prefix_of(key)) in _SYSTEMS and (kind, key) not in before
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
        for row in await _asked(store, fixed("read/coded"), "codes", wanted):
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
    rows = await _asked(store, fixed("read/kinds"), "ids", ids)
    return {ids[row["id"]]: row["id"] for row in rows if row["kind"] == "Disease"}


def _side_effects(gathered: Gathered, before: Mapping[tuple[str, str], Same]) -> list[Same]:
    """Return links from the ids that side effects share with other findings to ids of their own."""
    return [
        Same(kind, key, own, "exact")
        for kind, key in sorted(gathered.things)
        if (kind, key) not in before and (own := own_id(kind, key))
    ]


async def _by_name(store: Store, gathered: Gathered, empty: bool, before: Mapping[tuple[str, str], Same]) -> list[Same]:
    """Return links for things that are told by a name alone, where one node of the graph has that name."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for kind, key in sorted(gathered.things):
        if prefix_of(key) == NAME_PREFIX and (kind, key) not in before:
            wanted[kind].add(key)
    if empty:
        return []
    links: list[Same] = []
    for kind, keys in sorted(wanted.items()):
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


async def _asked(store: Store, statement: Statement, name: str, ids: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows of a statement that is asked for some ids at a time."""
    rows: list[dict[str, Any]] = []
    for some in chunks(ids, AT_ONCE):
        values = {**statement.values, name: some}
        rows += await store.read(Statement(statement.text, values), deadline=SECONDS)
    return rows


def chunks(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield the items in lists of that size, the last one shorter."""
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some


def ends_of(kind: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return the kinds of nodes at the two ends of a kind of edge."""
    edge = EDGE_BY_TYPE[kind]
    return edge.starts, edge.ends
