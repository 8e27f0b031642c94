"""Goes through everything once without writing: what rows break, alone or against others and the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from kg.load.cycles import closing_edges
from kg.load.formats import Inputs
from kg.load.report import Problems
from kg.schema import EDGE_BY_TYPE
from kg.sources.checked import fault, not_held
from kg.sources.records import Found, Place, Problem, Record
from kg.statements import fixed
from kg.store import Store
from kg.values import Edge, Node

READ_AT_ONCE: Final = 2_000
PROGRESS_EVERY: Final = 5_000

# Which part of the inputs, and the how-manieth thing that its source yields.
Mark = tuple[int, int]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """What validation found: how many nodes and edges are to be loaded, and the marks of those that are not."""

    nodes: int
    edges: int
    rejected: frozenset[Mark]


async def validate(inputs: Inputs, store: Store, problems: Problems, progress: Progress) -> Checked:
    """Check every record; add what is wrong to `problems` and return what is right.

    Writes nothing. An end of an edge has to be among the records or in the graph.
    """
    check = _Check(problems, progress)
    streams = [_Stream(number, part.records()) for number, part in enumerate(inputs.parts)]
    for stream in streams:
        for mark, record in stream.nodes():
            check.node(mark, record)
    check.known_kinds(await kinds_in(store, check.nodes))
    for stream in streams:
        for mark, record in stream.edges():
            check.edge(mark, record)
    check.late_ends(await kinds_in(store, check.missing_ends()))
    check.cycles()
    return check.done()


async def kinds_in(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Return the kind of each node that the graph has among these."""
    found: dict[str, str] = {}
    waiting = iter(ids)
    while some := list(islice(waiting, READ_AT_ONCE)):
        rows = await store.read(fixed("read/nodes_state", ids=some))
        found.update((row["id"], row["kind"]) for row in rows)
    return found


class _Stream:
    """The records of one source in two goes, each with its mark: all up to the first edge, then the rest."""

    def __init__(self, part: int, records: Iterator[Record]) -> None:
        self._records = (((part, number), record) for number, record in enumerate(records))
        self._edge: tuple[Mark, Record] | None = None

    def nodes(self) -> Iterator[tuple[Mark, Record]]:
        """Yield what comes before the first edge."""
        for mark, record in self._records:
            if isinstance(record, Found) and isinstance(record.record, Edge):
                self._edge = (mark, record)
                return
            yield mark, record

    def edges(self) -> Iterator[tuple[Mark, Record]]:
        """Yield the first edge and all behind it."""
        if self._edge is not None:
            yield self._edge
        yield from self._records


@dataclass(frozen=True, slots=True)
class _Known:
    """A node as the files tell it first."""

    mark: Mark
    node: Node
    place: Place
    kind: str


@dataclass(frozen=True, slots=True)
class _Told:
    """An edge with its mark and place."""

    mark: Mark
    edge: Edge
    place: Place

    def side(self, name: str) -> Place:
        """Return the place of one end; of a source that tells no columns, the end's name stands for it."""
        return self.place if self.place.column else Place(self.place.file, self.place.line, name)


class _Check:
    """Remembers enough of what went by to find what does not fit together."""

    def __init__(self, problems: Problems, progress: Progress) -> None:
        self.nodes: dict[str, _Known] = {}
        self._problems = problems
        self._progress = progress
        self._seen = 0
        self._node_rows = 0
        self._edge_rows = 0
        self._evidence: dict[str, Place] = {}
        self._waiting: list[_Told] = []
        self._above: list[_Told] = []
        self._bad_nodes: set[Mark] = set()
        self._bad_edges: set[Mark] = set()

    def node(self, mark: Mark, record: Record) -> None:
        """Take in a node: one id has one kind and, in one language, one name."""
        self._count()
        if isinstance(record, Problem):
            self._problems.add(record)
            return
        node, place = record.record, record.place
        if not isinstance(node, Node):
            raise TypeError(f"a source has to yield its nodes first, and {node.id} is an edge")
        self._node_rows += 1
        first = self.nodes.setdefault(node.id, _Known(mark, node, place, node.kind))
        if first.mark == mark:
            return
        where = f"{first.place.file}, line {first.place.line}"
        if node.kind != first.kind:
            why = f"{node.id} is a {node.kind} here and a {first.kind} in {where}"
            fix = "One id stands for one thing: correct one of the two."
            self._problems.add(fault(place, "kind-conflict", node.id, why, fix))
            self._bad_nodes.add(mark)
            return
        for language, name in node.names.items():
            known = first.node.names.get(language, name)
            if known.casefold() != name.casefold():
                why = f"{node.id} is called {name!r} here and {known!r} in {where}"
                fix = "Keep one name and make the other a synonym."
                self._problems.add(fault(place, "name-conflict", name, why, fix))
                self._bad_nodes.add(mark)
                return

    def known_kinds(self, graph: Mapping[str, str]) -> None:
        """Refuse nodes that the graph has as another kind of thing."""
        for key, kind in graph.items():
            known = self.nodes[key]
            if known.kind != kind:
                why = f"{key} is a {known.kind} here and a {kind} in the graph"
                fix = "One id stands for one thing: give one of the two another id."
                self._problems.add(fault(known.place, "kind-conflict", key, why, fix))
                self._bad_nodes.add(known.mark)
                self.nodes[key] = replace(known, kind=kind)

    def edge(self, mark: Mark, record: Record) -> None:
        """Take in an edge; one whose ends are not among the nodes waits until the graph was asked."""
        self._count()
        if isinstance(record, Problem):
            self._problems.add(record)
            return
        edge = record.record
        if not isinstance(edge, Edge):
            raise TypeError(f"a source has to yield its nodes first, and {edge.id} comes behind an edge")
        self._edge_rows += 1
        told = _Told(mark, edge, record.place)
        evidence = " ".join(item.id_for(edge.id) for item in edge.evidence)
        first = self._evidence.setdefault(evidence, record.place)
        if first is not record.place:
            why = f"{edge.id} is told with the same evidence in {first.file}, line {first.line}"
            self._problems.add(not_held(record.place, "edge-twice", edge.id, why, "Leave one of the rows out."))
            self._bad_edges.add(mark)
        elif edge.start in self.nodes and edge.end in self.nodes:
            self._fit(told, self.nodes[edge.start].kind, self.nodes[edge.end].kind)
        else:
            self._waiting.append(told)

    def missing_ends(self) -> Sequence[str]:
        """Return the ends that are not among the nodes, once each."""
        return sorted({end for told in self._waiting for end in _ends(told.edge) if end not in self.nodes})

    def late_ends(self, graph: Mapping[str, str]) -> None:
        """Check the edges that waited, now that the graph has told which of their ends it has."""
        kinds = {**graph, **{key: known.kind for key, known in self.nodes.items()}} if self._waiting else {}
        for told in self._waiting:
            start, end = (kinds.get(key) for key in _ends(told.edge))
            if start is None:
                self._missing(told, "start", told.edge.start)
            elif end is None:
                self._missing(told, "end", told.edge.end)
            else:
                self._fit(told, start, end)
        self._waiting.clear()

    def cycles(self) -> None:
        """Refuse IS_A edges that make a thing its own special case."""
        for at, way in closing_edges([_ends(told.edge) for told in self._above]):
            told = self._above[at]
            why = f"it closes a circle: {' is a '.join(way)}"
            self._refuse(told, told.place, "cycle", told.edge.id, why, "Take one of these edges out.")

    def done(self) -> Checked:
        """Return what is right."""
        self._progress("check", self._seen, self._seen)
        nodes = self._node_rows - len(self._bad_nodes)
        edges = self._edge_rows - len(self._bad_edges)
        return Checked(nodes, edges, frozenset(self._bad_nodes | self._bad_edges))

    def _missing(self, told: _Told, side: str, key: str) -> None:
        why = f"{key} is neither in the files nor in the graph"
        self._refuse(told, told.side(side), "end-missing", key, why, "Load its node first, or correct the id.")

    def _fit(self, told: _Told, start: str, end: str) -> None:
        """Refuse an edge between kinds of things that it cannot join."""
        kind = EDGE_BY_TYPE[told.edge.kind]
        for side, found, allowed, key in zip(
            ("start", "end"), (start, end), (kind.starts, kind.ends), _ends(told.edge), strict=True
        ):
            if found not in allowed:
                why = f"{key} is a {found}, which {kind.type} cannot have as its {side}"
                self._refuse(told, told.side(side), "end-kind", key, why, f"Its {side} is a {' or '.join(allowed)}.")
                return
        if kind.type != "IS_A":
            return
        if start == end:
            self._above.append(told)
        else:
            why = f"{told.edge.start} is a {start} and {told.edge.end} a {end}"
            self._refuse(told, told.side("end"), "end-kind", told.edge.end, why, "IS_A joins two things of one kind.")

    def _refuse(self, told: _Told, place: Place, rule: str, value: str, message: str, fix: str) -> None:
        self._problems.add(fault(place, rule, value, message, fix))
        self._bad_edges.add(told.mark)

    def _count(self) -> None:
        self._seen += 1
        if self._seen % PROGRESS_EVERY == 0:
            self._progress("check", self._seen, 0)


def _ends(edge: Edge) -> tuple[str, str]:
    return edge.start, edge.end
