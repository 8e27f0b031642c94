"""Reckons what a load changes: brings together what is told of one thing, checks it, and compares it with the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kg.changes import Change, State, Target, authority_of, evidence_state, merged_node, real_names, with_evidence
from kg.errors import RecordRejected
from kg.identity.prefixes import MADE, prefix_of
from kg.ledger.new_edges import new_edge, packed
from kg.ledger.states import states
from kg.load.asking import SECONDS, chunks
from kg.load.cycles import closing_edges
from kg.load.gather import EDGES, NODES, Gathered, evidence_in, node_in
from kg.load.identities import Identities
from kg.load.report import Counts, Problems
from kg.load.write import ALIASES, GONE, GONE_NODES, NEW_EDGES, NODES_FIRST, REST
from kg.schema import EDGE_BY_TYPE
from kg.sources.checked import fault, not_held
from kg.sources.format import Part
from kg.sources.records import Place
from kg.spool import Spool, share_of
from kg.statements import Statement, fixed
from kg.store import Store
from kg.stored import edge_state
from kg.values import Evidence, Node, edge_id

# How many records are held in memory at once, about: each takes one or two kB.
_SHARE: Final = 20_000
_STATES_AT_ONCE: Final = 5_000
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Reckoned:
    """How many nodes and edges are new, changed and the same, and how many changes wait in the spool to be written."""

    nodes: list[int] = field(default_factory=lambda: [0, 0, 0])
    edges: list[int] = field(default_factory=lambda: [0, 0, 0])
    changes: int = 0

    def count(self, which: list[int], before: State | None, after: State) -> None:
        """Count one thing."""
        which[0 if before is None else 1 if before != after else 2] += 1

    @staticmethod
    def counts(which: Sequence[int]) -> Counts:
        """Return the counts as the report has them."""
        return Counts(*which)


class Reckoning:
    """One load being reckoned: its records lie in the spool, what comes out is put there too."""

    def __init__(
        self,
        store: Store,
        parts: Sequence[Part],
        spool: Spool,
        gathered: Gathered,
        identities: Identities,
        problems: Problems,
        progress: Progress,
    ) -> None:
        self._store = store
        self._parts = parts
        self._spool = spool
        self._gathered = gathered
        self._identities = identities
        self._problems = problems
        self._progress = progress
        self._kinds: dict[str, str] = {}
        self._done = 0
        self._reckoned = Reckoned()

    async def run(self) -> Reckoned:
        """Reckon everything; the changes lie in the spool under the names above."""
        await self._nodes()
        await self._edges()
        for change in self._identities.aliases():
            self._put(ALIASES, change)
        return self._reckoned

    async def _nodes(self) -> None:
        shares = self._gathered.nodes // _SHARE + 1
        for item in self._spool.read(NODES):
            key = self._identities.of(item[0], item[1])
            self._spool.write(f"nodes-{share_of(key, shares)}", item)
        for loser, winner in sorted(self._identities.merged.items()):
            self._spool.write(f"nodes-{share_of(winner, shares)}", (loser,))
        self._spool.drop(NODES)
        for share in range(shares):
            told: defaultdict[str, list[Any]] = defaultdict(list)
            for item in self._spool.read(f"nodes-{share}"):
                key = self._identities.merged[item[0]] if len(item) == 1 else self._identities.of(item[0], item[1])
                told[key].append(item)
            self._spool.drop(f"nodes-{share}")
            wanted = {key for key in told if key in self._identities.present}
            wanted |= {item[0] for items in told.values() for item in items if len(item) == 1}
            current = await self._current("node", wanted)
            for key in sorted(told):
                self._node(key, told[key], current)

    def _node(self, key: str, items: Sequence[Any], current: Mapping[str, State]) -> None:
        before = current.get(key)
        state = before
        taken = False
        first: dict[tuple[str, str, int], tuple[str, Place]] = {}
        for item in items:
            if len(item) == 1:
                state = _swallowed(state, key, item[0], current[item[0]])
                taken = True
                self._put(GONE_NODES, Change("node", item[0], current[item[0]], None))
                continue
            place = self._gathered.place(item)
            node = node_in(item)
            clash = self._clash(node.id, node.names, item[-2], place, first)
            if clash:
                self._problems.add(fault(place, "name-conflict", node.id, *clash))
                continue
            try:
                state = merged_node(state, _renamed(node, key), self._parts[item[-2]].source)
                taken = True
            except RecordRejected as error:
                self._problems.add(fault(place, "kind-conflict", node.id, error.message, error.hint or ""))
            self._step()
        if state is None:
            return
        self._kinds[key] = state["kind"]
        if not taken:
            return
        self._reckoned.count(self._reckoned.nodes, before, state)
        if state != before:
            self._put(NODES_FIRST, Change("node", key, before, state))

    def _clash(
        self,
        key: str,
        names: Mapping[str, str],
        part: int,
        place: Place,
        first: dict[tuple[str, str, int], tuple[str, Place]],
    ) -> tuple[str, str] | None:
        """Return what is wrong when one source calls one id by two names in one language, and what to do."""
        for language, name in names.items():
            known, where = first.setdefault((key, language, part), (name, place))
            if known.casefold() != name.casefold():
                why = f"{key} is called {name!r} here and {known!r} in {where.file}, line {where.line}"
                return why, "Keep one name and make the other a synonym."
        return None

    async def _edges(self) -> None:
        for key, kind in self._identities.present.items():
            self._kinds.setdefault(key, kind)
        shares = self._gathered.edges // _SHARE + 1
        above: list[tuple[str, str]] = []
        places: list[Place] = []
        for item in self._spool.read(EDGES):
            fit = self._fitting(item)
            if fit is None:
                continue
            kind, start, end = fit
            item[1], item[2] = start, end
            if kind == "IS_A":
                above.append((start, end))
                places.append(self._gathered.place(item))
            # By their start, from which the graph is asked for them.
            self._spool.write(f"edges-{share_of(start, shares)}", item)
        self._spool.drop(EDGES)
        circular = self._circles(above, places)
        await self._moved(shares)
        filled = await self._filled_kinds()
        for share in range(shares):
            told: defaultdict[str, list[Any]] = defaultdict(list)
            for item in self._spool.read(f"edges-{share}"):
                told[edge_id(item[0], item[1], item[2])].append(item)
            self._spool.drop(f"edges-{share}")
            current = await self._current("edge", {key for key in told if key.split("/")[1] in filled})
            for key in sorted(told):
                if key in circular:
                    self._step(len(told[key]))
                else:
                    self._edge(key, told[key], current.get(key))

    def _edge(self, key: str, items: Sequence[Any], before: State | None) -> None:
        heard: dict[str, Any] = {item["id"]: item for item in (before["evidence"] if before else ())}
        fresh: set[str] = set()
        for item in items:
            self._step()
            if len(item) == 4:
                # The evidence of an edge that moves here from another node; its ids follow from the edge's.
                for kept in item[3]:
                    heard.setdefault(kept["id"], kept)
                continue
            for evidence in evidence_in(item):
                number = evidence.id_for(key)
                if number in fresh:
                    place = self._gathered.place(item)
                    why = f"{key} is told with the same evidence twice"
                    self._problems.add(not_held(place, "edge-twice", key, why, "Leave one of the rows out."))
                elif number not in heard:
                    # Which change set it comes in with, and when, is known when it is written.
                    heard[number] = evidence_state(evidence, number, "", "")
                fresh.add(number)
        if before is None and not any(item["direction"] == "for" for item in heard.values()):
            place = self._gathered.place(items[0])
            why = "it speaks against an edge for which nothing speaks"
            self._problems.add(not_held(place, "only-against", key, why, "Nothing to do."))
            return
        start, kind, end = key.split("/")
        after = with_evidence(kind, start, end, heard.values()) if heard else before
        assert after is not None, "an edge has evidence"
        self._reckoned.count(self._reckoned.edges, before, after)
        if before is None:
            self._reckoned.changes += 1
            self._spool.write_packed(NEW_EDGES, packed(new_edge(after)))
        elif after != before:
            self._put(REST, Change("edge", key, before, after))

    def _fitting(self, item: Sequence[Any]) -> tuple[str, str, str] | None:
        """Return kind and ends of an edge that joins what it may join; else tell what is wrong."""
        kind, told_start, told_end, *_ = item
        edge = EDGE_BY_TYPE[kind]
        start = self._identities.end(edge.starts, told_start)
        end = self._identities.end(edge.ends, told_end)
        found: list[str] = []
        for side, key, allowed, told in (
            ("start", start, edge.starts, told_start),
            ("end", end, edge.ends, told_end),
        ):
            known = self._kinds.get(key)
            if known is None:
                why, fix = f"{told} is neither in the files nor in the graph", "Load its node first, or correct the id."
                self._refuse(item, side, "end-missing", told, why, fix)
                return None
            if known not in allowed:
                why = f"{told} is a {known}, which {kind} cannot have as its {side}"
                self._refuse(item, side, "end-kind", told, why, f"Its {side} is a {' or '.join(allowed)}.")
                return None
            found.append(known)
        if kind == "IS_A" and found[0] != found[1]:
            why = f"{told_start} is a {found[0]} and {told_end} a {found[1]}"
            self._refuse(item, "end", "end-kind", told_end, why, "IS_A joins two things of one kind.")
            return None
        if start == end:
            why = f"{told_start} and {told_end} are one thing, {start}"
            self._problems.add(not_held(self._gathered.place(item), "one-thing", told_end, why, "Nothing to do."))
            return None
        if edge.symmetric and start > end:
            start, end = end, start
        return kind, start, end

    def _refuse(self, item: Sequence[Any], side: str, rule: str, value: str, why: str, fix: str) -> None:
        place = self._gathered.place(item)
        # Of a source that tells no columns, the end's name stands for it.
        self._problems.add(fault(place if place.column else Place(place.file, place.line, side), rule, value, why, fix))

    def _circles(self, above: Sequence[tuple[str, str]], places: Sequence[Place]) -> set[str]:
        """Refuse IS_A edges that make a thing its own special case; return their ids."""
        found: set[str] = set()
        for at, way in closing_edges(above):
            key = edge_id("IS_A", *above[at])
            why = f"it closes a circle: {' is a '.join(way)}"
            self._problems.add(fault(places[at], "cycle", key, why, "Take one of these edges out."))
            found.add(key)
        return found

    async def _moved(self, shares: int) -> None:
        """Put the edges of nodes that become one with another into the spool, as edges of that other."""
        merged = self._identities.merged
        moved: set[str] = set()
        for some in chunks(sorted(merged), 1_000):
            for row in await self._read(fixed("read/edges_of", ids=some)):
                # One that joins two of them is met from both sides.
                if row["id"] in moved:
                    continue
                moved.add(row["id"])
                start, kind, end = row["id"].split("/")
                before = edge_state(kind, start, end, row["told"])
                self._put(GONE, Change("edge", row["id"], before, None))
                ends = sorted((merged.get(start, start), merged.get(end, end)))
                if not EDGE_BY_TYPE[kind].symmetric:
                    ends = [merged.get(start, start), merged.get(end, end)]
                if ends[0] != ends[1]:
                    key = edge_id(kind, *ends)
                    evidence = [_rehung(item, key) for item in before["evidence"]]
                    self._spool.write(f"edges-{share_of(ends[0], shares)}", (kind, *ends, evidence))

    async def _filled_kinds(self) -> set[str]:
        """Return the kinds of edges that the graph has any of; of the others nothing has to be looked up."""
        return {row["kind"] for row in await self._read(fixed("read/counts")) if row["what"] == "edge"}

    async def _current(self, target: Target, keys: Iterable[str]) -> dict[str, State]:
        found: dict[str, State] = {}
        for some in chunks(sorted(keys), _STATES_AT_ONCE):
            found |= await states(self._read, [(target, key) for key in some])
        return found

    async def _read(self, statement: Statement) -> list[dict[str, Any]]:
        return await self._store.read(statement, deadline=SECONDS)

    def _put(self, name: str, change: Change) -> None:
        self._reckoned.changes += 1
        self._spool.write(name, change.as_json())

    def _step(self, number: int = 1) -> None:
        before = self._done
        self._done += number
        if before // 5_000 != self._done // 5_000:
            self._progress("compare", self._done, self._gathered.nodes + self._gathered.edges)


def _renamed(node: Node, key: str) -> Node:
    """Return the node under the id that stands for it; the id it was told by becomes a cross-reference."""
    if node.id == key:
        return node
    # What has no name but its id has none under another id either.
    names = real_names(node.names, node.id) or dict.fromkeys(node.names, key)
    xrefs = node.xrefs if prefix_of(node.id) in MADE else (*node.xrefs, node.id)
    return Node(node.kind, key, names, node.synonyms, node.properties, xrefs)


def _swallowed(state: State | None, key: str, old: str, loser: State) -> State:
    """Return the state of a node `key` that takes in all that was told of `old`, now known to be the same thing.

    It is what would have come of it if all had been told of `key` from the beginning.
    """
    words = {language: tuple(names) for language, names in loser["synonyms"].items()}
    node = Node(loser["kind"], old, loser["names"], words, loser["properties"], tuple(loser["xrefs"]))
    merged = merged_node(state, _renamed(node, key), max(loser["sources"], key=authority_of))
    return {**merged, "sources": sorted({*(state["sources"] if state else ()), *loser["sources"]})}


def _rehung(item: State, key: str) -> dict[str, Any]:
    """Return an item of evidence as it is on the edge `key`: what it says stays, its id follows from the edge."""
    told = Evidence(**{name: item[name] for name in Evidence.__dataclass_fields__})
    return {**item, "id": told.id_for(key)}
