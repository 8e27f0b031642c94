"""From the database's row to a Subgraph: keeps what lies on a way to the answer and drops the rest.

The answer itself is there at once; nodes, edges, hops and paths are put together when they are first looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from kg.errors import QuestionTooCostly
from kg.query.later import LaterMapping, LaterSequence
from kg.query.limits import MAX_EDGES, MAX_PATHS
from kg.query.parts import Join, Plan, Start, Stride, Ways
from kg.query.pattern import edge_fields, node_fields
from kg.schema import NODE_BY_LABEL
from kg.stored import edge_of, node_of
from kg.subgraph import Hop, Subgraph, SubgraphEdge, SubgraphNode

# Where a walk can stand: the number of a part of the plan, and the level inside a repeated step (0 = the part itself).
Spot = tuple[int, int]
Path = tuple[str, ...]


def assemble(question: str, plan: Plan, row: Mapping[str, Any]) -> Subgraph:
    """Return the Subgraph of the row that the statement of this plan gave.

    Raises QuestionTooCostly when a step is reached by more edges than an answer may hold.
    """
    for number, part in enumerate(plan.parts):
        if isinstance(part, Stride) and _overfull(row[f"h{number}"]):
            raise QuestionTooCostly(
                f"the step {part.role} is reached by more than {MAX_EDGES:,} edges",
                hint="Keep less before it: `top n`, `where`, or a smaller repeat.",
            )
    found = _Assembly(plan, row)
    last = len(plan.parts) - 1
    return Subgraph(
        question=question,
        nodes=LaterMapping(lambda: found.nodes),
        edges=LaterMapping(lambda: found.edges),
        hops=LaterSequence(lambda: found.hops),
        roots=LaterSequence(lambda: found.roots),
        answer=found.answers(last),
        labels=LaterMapping(lambda: found.labels),
        truncated=tuple(
            number
            for number, part in enumerate(plan.parts)
            if isinstance(part, Stride | Ways) and row.get(f"t{number}")
        ),
        release=row["release"],
        paths=LaterSequence(lambda: found.paths),
    )


def reached(plan: Plan, row: Mapping[str, Any], number: int) -> tuple[int, int]:
    """Return how many nodes a part of the plan held, and by how many edges they were reached."""
    nodes = len(row[f"s{number}"])
    match plan.parts[number]:
        case Ways():
            return nodes, len(row[f"h{number}"])
        case Stride() as part:
            levels = row[f"h{number}"] if len(part.roles) > 1 else [row[f"h{number}"]]
            return nodes, sum(len(hops) for level in levels for hops in level or ())
        case _:
            return nodes, 0


def _overfull(hops: Sequence[Any] | None) -> bool:
    # For a repeated step these are the levels, one of which may be the null that says so.
    return hops is None or None in hops


@dataclass(frozen=True, slots=True)
class _Way:
    """The last hop of a way, and the spot it came from."""

    hop: Hop
    source: Spot


class _Assembly:
    def __init__(self, plan: Plan, row: Mapping[str, Any]) -> None:
        self._plan = plan
        self._row = row
        self._first_stride = _first_strides(plan)
        self._stored: dict[str, Mapping[str, Any]] = {}
        self._ways: dict[Spot, dict[str, list[_Way]]] = {}
        self._between: dict[int, list[tuple[list[str], list[str]]]] = {}
        self._made: dict[tuple[Spot, str], list[Path]] = {}

    def answers(self, number: int) -> tuple[str, ...]:
        """Return the ids of a part's nodes in order; a node that came back after it was removed counts once."""
        ids = [node[0] for node in self._row[f"s{number}"]]
        return tuple(ids if self._plan.as_of is None else dict.fromkeys(ids))

    @cached_property
    def _needed(self) -> list[set[str]]:
        """Walk back from the answer; return for each part the nodes on a way to it."""
        needed: list[set[str]] = [set() for _ in self._plan.parts]
        last = len(self._plan.parts) - 1
        needed[last].update(self.answers(last))
        for number in range(last, -1, -1):
            match self._plan.parts[number]:
                case Start():
                    pass
                case Ways():
                    ways = [(nodes, edges) for nodes, edges in self._row[f"w{number}"] if nodes[-1] in needed[number]]
                    self._between[number] = ways
                    self._stored |= {stored["id"]: stored for stored in self._row[f"h{number}"]}
                case Join(operator, left, right):
                    needed[left] |= needed[number].intersection(self.answers(left))
                    if operator != "-":
                        needed[right] |= needed[number].intersection(self.answers(right))
                case Stride() as part:
                    needed[part.source] |= self._walk_back(number, part, needed[number])
        return needed

    def _walk_back(self, number: int, part: Stride, needed: set[str]) -> set[str]:
        fields = edge_fields(part.edge)
        wanted: set[str] = set()
        for level in range(len(part.roles), 0, -1):
            here = wanted | (needed if level >= part.low else set[str]())
            wanted = set()
            source: Spot = (number, level - 1) if level > 1 else (part.source, 0)
            step = self._first_stride[number] + level - 1
            role = part.roles[level - 1]
            forward = role.forward and not part.edge.symmetric
            ways = self._ways.setdefault((number, level), {})
            for end, edges in self._level(number, part, level):
                if end not in here:
                    continue
                came: list[_Way] = []
                for stored in edges:
                    key: str = stored[0]
                    if key not in self._stored:
                        self._stored[key] = dict(zip(fields, stored, strict=True))
                    first, _, second = key.split("/")
                    start = first if forward or second == end else second
                    came.append(_Way(Hop(step, start, key, end), source))
                    wanted.add(start)
                ways[end] = came
        return wanted

    def _level(self, number: int, part: Stride, level: int) -> Iterator[tuple[str, list[list[Any]]]]:
        """Yield the nodes that a step reached by that many hops, each with the edges that led to it."""
        if len(part.roles) == 1:
            nodes, edges = self._row[f"s{number}"], self._row[f"h{number}"]
        else:
            nodes, edges = self._row[f"p{number}"][level - 1], self._row[f"h{number}"][level - 1]
        return ((node[0], came) for node, came in zip(nodes, edges, strict=True))

    @cached_property
    def hops(self) -> tuple[Hop, ...]:
        """All hops on a way to the answer."""
        self._needed  # noqa: B018  # fills what is read below
        hops = [way.hop for ends in self._ways.values() for ways in ends.values() for way in ways]
        for number, ways in self._between.items():
            first = self._first_stride[number]
            hops += {
                Hop(first + place, nodes[place], edge, nodes[place + 1])
                for nodes, edges in ways
                for place, edge in enumerate(edges)
            }
        return tuple(sorted(hops, key=lambda hop: (hop.step, hop.start, hop.end, hop.edge)))

    @cached_property
    def edges(self) -> dict[str, SubgraphEdge]:
        """The edges of those hops, by id."""
        return {key: _edge(self._stored[key]) for key in sorted({hop.edge for hop in self.hops})}

    @cached_property
    def nodes(self) -> dict[str, SubgraphNode]:
        """The nodes on a way to the answer, by id."""
        wanted = {key for hop in self.hops for key in (hop.start, hop.end)}.union(*self._needed)
        found: dict[str, SubgraphNode] = {}
        for number, part in enumerate(self._plan.parts):
            groups = [(self._plan.labels[number], self._row[f"s{number}"])]
            if isinstance(part, Stride) and len(part.roles) > 1:
                groups += [(role.end, nodes) for role, nodes in zip(part.roles, self._row[f"p{number}"], strict=True)]
            for label, nodes in groups:
                fields = node_fields(NODE_BY_LABEL[label])
                for stored in nodes:
                    if stored[0] in wanted and stored[0] not in found:
                        found[stored[0]] = _node(label, dict(zip(fields, stored, strict=True)))
            if isinstance(part, Ways):
                for label, stored in zip(self._row[f"l{number}"], self._row[f"p{number}"], strict=True):
                    if stored["id"] in wanted and stored["id"] not in found:
                        found[stored["id"]] = _node(label.removeprefix("Was"), stored)
        return dict(sorted(found.items()))

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The starts that the answer was reached from, in the order typed."""
        seen: dict[str, None] = {}
        for number, part in enumerate(self._plan.parts):
            needed = self._needed[number]
            if isinstance(part, Start):
                seen.update((key, None) for key in self.answers(number) if key in needed)
            elif isinstance(part, Ways):
                starts = {nodes[0] for nodes, _ in self._between[number]}
                seen.update((key, None) for key in self._row[f"u{number}"] if key in starts)
        return tuple(seen)

    @cached_property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """The nodes of each named step, in order."""
        return {
            part.label: tuple(key for key in self.answers(number) if key in self._needed[number])
            for number, part in enumerate(self._plan.parts)
            if isinstance(part, Stride) and part.label is not None
        }

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """The ways to each node of the answer, in the answer's order, until there are MAX_PATHS."""
        last = len(self._plan.parts) - 1
        found: list[Path] = []
        for node in self.answers(last):
            found += self._paths_to((last, 0), node)
            if len(found) >= MAX_PATHS:
                break
        return tuple(found[:MAX_PATHS])

    def _paths_to(self, spot: Spot, node: str) -> list[Path]:
        """Return up to MAX_PATHS ways to a node at a spot; many ways share their beginnings, so each is made once."""
        known = self._made.get((spot, node))
        if known is None:
            known = list(islice(self._path_by_path(spot, node), MAX_PATHS))
            self._made[(spot, node)] = known
        return known

    def _path_by_path(self, spot: Spot, node: str) -> Iterator[Path]:
        number, level = spot
        part = self._plan.parts[number]
        needed = self._needed
        match part:
            case Start():
                if node in needed[number]:
                    yield (node,)
            case Ways():
                for nodes, edges in self._between[number]:
                    if nodes[-1] == node:
                        yield (nodes[0], *(key for pair in zip(edges, nodes[1:], strict=True) for key in pair))
            case Join(operator, left, right):
                for side in (left,) if operator == "-" else (left, right):
                    if node in needed[side]:
                        yield from self._paths_to((side, 0), node)
            case Stride():
                levels = (level,) if level else range(part.low, len(part.roles) + 1)
                for here in levels:
                    for way in self._ways.get((number, here), {}).get(node, ()):
                        tail = (way.hop.edge, node)
                        for path in self._paths_to(way.source, way.hop.start):
                            yield path + tail


def _edge(stored: Mapping[str, Any]) -> SubgraphEdge:
    return edge_of({name: value for name, value in stored.items() if value is not None})


def _node(label: str, stored: Mapping[str, Any]) -> SubgraphNode:
    return node_of(label, {name: value for name, value in stored.items() if value is not None})


def _first_strides(plan: Plan) -> list[int]:
    """Return for each part the number of its first stride; strides are counted from 1 over the whole question."""
    numbers: list[int] = []
    following = 1
    for part in plan.parts:
        numbers.append(following)
        match part:
            case Stride():
                following += len(part.roles)
            case Ways():
                following += part.up_to
            case _:
                pass
    return numbers
