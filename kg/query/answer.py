"""From the database's row to a Subgraph: keeps what lies on a way to the answer and drops the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kg.query.limits import MAX_PATHS
from kg.query.plan import Join, Plan, Start, Stride
from kg.stored import edge_of, node_of
from kg.subgraph import Hop, Subgraph, SubgraphEdge, SubgraphNode

# Where a walk can stand: the number of a part of the plan, and the level inside a repeated step (0 = the part itself).
Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Way:
    """One hop of the walk, and the spot it came from."""

    hop: Hop
    source: Spot


def assemble(question: str, plan: Plan, row: Mapping[str, Any]) -> Subgraph:
    """Return the Subgraph of the row that the statement of this plan gave."""
    return _Assembler(plan, row).subgraph(question)


class _Assembler:
    def __init__(self, plan: Plan, row: Mapping[str, Any]) -> None:
        self._plan = plan
        self._row = row
        self._answers = [tuple(node["id"] for node in row[f"s{number}"]) for number in range(len(plan.parts))]
        self._needed: list[set[str]] = [set() for _ in plan.parts]
        self._ways: dict[Spot, dict[str, list[_Way]]] = {}
        self._edges: dict[str, SubgraphEdge] = {}
        self._first_stride = _first_strides(plan)
        self._made: dict[tuple[Spot, str], list[tuple[str, ...]]] = {}

    def subgraph(self, question: str) -> Subgraph:
        last = len(self._plan.parts) - 1
        self._needed[last].update(self._answers[last])
        for number in range(last, -1, -1):
            self._walk_back(number)
        hops = sorted(
            (way.hop for ends in self._ways.values() for ways in ends.values() for way in ways),
            key=lambda hop: (hop.step, hop.start, hop.end, hop.edge),
        )
        return Subgraph(
            question=question,
            nodes=self._nodes(hops),
            edges=dict(sorted(self._edges.items())),
            hops=tuple(hops),
            roots=self._roots(),
            answer=self._answers[last],
            labels=self._labels(),
            truncated=tuple(
                number
                for number, part in enumerate(self._plan.parts)
                if isinstance(part, Stride) and not part.asked_limit and self._row[f"t{number}"]
            ),
            release=self._row["release"],
            paths=self._paths(last),
        )

    def _walk_back(self, number: int) -> None:
        needed = self._needed[number]
        match self._plan.parts[number]:
            case Start():
                pass
            case Join(operator, left, right):
                self._needed[left] |= needed & set(self._answers[left])
                if operator != "-":
                    self._needed[right] |= needed & set(self._answers[right])
            case Stride() as part:
                self._walk_stride(number, part)

    def _walk_stride(self, number: int, part: Stride) -> None:
        levels: Sequence[Any] = self._row[f"h{number}"]
        wanted: set[str] = set()
        for level in range(len(levels), 0, -1):
            asked = self._needed[number] if level >= part.low else set[str]()
            here = wanted | asked
            wanted = set()
            source: Spot = (number, level - 1) if level > 1 else (part.source, 0)
            step = self._first_stride[number] + level - 1
            for end, hops in levels[level - 1]:
                if end not in here:
                    continue
                for start, stored in hops:
                    edge = self._edge(stored)
                    hop = Hop(step, start, edge.id, end)
                    self._ways.setdefault((number, level), {}).setdefault(end, []).append(_Way(hop, source))
                    wanted.add(start)
        self._needed[part.source] |= wanted

    def _edge(self, stored: Mapping[str, Any]) -> SubgraphEdge:
        key: str = stored["id"]
        edge = self._edges.get(key)
        if edge is None:
            edge = edge_of(stored)
            self._edges[key] = edge
        return edge

    def _nodes(self, hops: Sequence[Hop]) -> dict[str, SubgraphNode]:
        wanted = {key for hop in hops for key in (hop.start, hop.end)}
        for needed in self._needed:
            wanted |= needed
        found: dict[str, SubgraphNode] = {}
        for number, part in enumerate(self._plan.parts):
            groups = [(self._plan.labels[number], self._row[f"s{number}"])]
            if isinstance(part, Stride) and len(part.roles) > 1:
                groups += [(role.end, nodes) for role, nodes in zip(part.roles, self._row[f"p{number}"], strict=True)]
            for label, nodes in groups:
                for stored in nodes:
                    if stored["id"] in wanted and stored["id"] not in found:
                        found[stored["id"]] = node_of(label, stored)
        return dict(sorted(found.items()))

    def _roots(self) -> tuple[str, ...]:
        seen: dict[str, None] = {}
        for number, part in enumerate(self._plan.parts):
            if isinstance(part, Start):
                seen.update((key, None) for key in self._answers[number] if key in self._needed[number])
        return tuple(seen)

    def _labels(self) -> dict[str, tuple[str, ...]]:
        return {
            part.label: tuple(key for key in self._answers[number] if key in self._needed[number])
            for number, part in enumerate(self._plan.parts)
            if isinstance(part, Stride) and part.label is not None
        }

    def _paths(self, last: int) -> tuple[tuple[str, ...], ...]:
        """Return the ways to each node of the answer, in the answer's order, until there are MAX_PATHS."""
        found: list[tuple[str, ...]] = []
        for node in self._answers[last]:
            found += self._paths_to((last, 0), node)
            if len(found) >= MAX_PATHS:
                break
        return tuple(found[:MAX_PATHS])

    def _paths_to(self, spot: Spot, node: str) -> list[tuple[str, ...]]:
        """Return up to MAX_PATHS ways to a node at a spot; many ways share their beginnings, so each is made once."""
        known = self._made.get((spot, node))
        if known is None:
            known = list(islice(self._path_by_path(spot, node), MAX_PATHS))
            self._made[(spot, node)] = known
        return known

    def _path_by_path(self, spot: Spot, node: str) -> Iterator[tuple[str, ...]]:
        number, level = spot
        part = self._plan.parts[number]
        match part:
            case Start():
                if node in self._needed[number]:
                    yield (node,)
            case Join(operator, left, right):
                for side in (left,) if operator == "-" else (left, right):
                    if node in self._needed[side]:
                        yield from self._paths_to((side, 0), node)
            case Stride():
                levels = (level,) if level else range(part.low, len(part.roles) + 1)
                for here in levels:
                    for way in self._ways.get((number, here), {}).get(node, ()):
                        tail = (way.hop.edge, node)
                        for path in self._paths_to(way.source, way.hop.start):
                            yield path + tail


def _first_strides(plan: Plan) -> list[int]:
    """Return for each part the number of its first stride; strides are counted from 1 over the whole question."""
    numbers: list[int] = []
    following = 1
    for part in plan.parts:
        numbers.append(following)
        following += len(part.roles) if isinstance(part, Stride) else 0
    return numbers
