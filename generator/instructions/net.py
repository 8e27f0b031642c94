"""The graph in memory, and answers to questions about it; the same questions stand in the rows, to be asked again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator.instructions.ways import Found, Reached, Way
from kg.query.build import Question
from kg.query.tree import Combined, Condition, Expression, Path, Root, Step, Top
from kg.schema import EDGE_BY_TYPE, NODE_BY_ROOT, ROLE_BY_NAME, ROLES
from kg.subgraph import SubgraphEdge, SubgraphNode


# Compared by identity, so that what follows from it can be kept beside it.
@dataclass(frozen=True, eq=False)
class Net:
    """Nodes and edges by id, of one state of the graph."""

    nodes: Mapping[str, SubgraphNode]
    edges: Mapping[str, SubgraphEdge]
    release: str
    questions: int = 0
    _walked: dict[Expression, tuple[Reached, str]] = field(
        default_factory=dict[Expression, tuple[Reached, str]], repr=False
    )

    _kin: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]], repr=False)

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Return the ids of one kind of node, sorted."""
        return self._kinds.get(kind, ())

    def next(self, node: str, role: str) -> tuple[str, ...]:
        """Return where a role leads from a node, the strongest first, ties by id."""
        return tuple(end for _, end in self._ways(node, role))

    def edge(self, node: str, role: str, other: str) -> SubgraphEdge:
        """Return the edge by which a role leads from a node to another."""
        return self.edges[next(key for key, end in self._ways(node, role) if end == other)]

    def answer(self, question: Question) -> Found:
        """Return the answer to a question by roles from ids, as the graph itself gives it.

        It takes roots, steps with `where`, `shared`, repeats and `top` without a key, and set operators; a draw and a
        `top` behind several steps belong to the database.
        """
        tree = question.tree
        assert isinstance(tree, Path | Combined)
        return Found(self._reached(tree)[0])

    def named(self, kind: str, name: str) -> str | None:
        """Return the id of the one thing of a kind that has this name or synonym in any language, or None."""
        found = self._names.get((kind, folded(name)), ())
        return found[0] if len(found) == 1 else None

    def name(self, node: str, language: str) -> str | None:
        """Return a node's name in a language, or None when the graph has none."""
        return self.nodes[node].names.get(language)

    def kin(self, node: str) -> frozenset[str]:
        """Return what a node is a special case of, and its special cases, whole lines up and down."""
        if node not in self._kin:
            found: set[str] = set()
            for role in ("parents", "children"):
                waiting = [node]
                while waiting:
                    new = set(self.next(waiting.pop(), role)) - found - {node}
                    found |= new
                    waiting += sorted(new)
            self._kin[node] = frozenset(found)
        return self._kin[node]

    def _walk(self, tree: Expression) -> tuple[Reached, str]:
        # Many questions about a disease begin alike.
        if tree not in self._walked:
            self._walked[tree] = self._reached(tree)
        return self._walked[tree]

    def _reached(self, tree: Expression) -> tuple[Reached, str]:
        if isinstance(tree, Combined):
            (left, kind), (right, _) = self._walk(tree.left), self._walk(tree.right)
            if tree.operator == "&":
                return {key: way | right[key] for key, way in left.items() if key in right}, kind
            if tree.operator == "-":
                return {key: way for key, way in left.items() if key not in right}, kind
            return {key: left.get(key, Way()) | right.get(key) for key in {**left, **right}}, kind
        if isinstance(tree.source, Root):
            kind: str = NODE_BY_ROOT[tree.source.kind].label
            here: Reached = {str(name): Way() for name in tree.source.names}
        else:
            assert isinstance(tree.source, Combined | Path)
            here, kind = self._walk(tree.source)
        for step in tree.steps:
            here, kind = self._stride(here, kind, step)
        return here, kind

    def _stride(self, here: Reached, kind: str, step: Step) -> tuple[Reached, str]:
        reached: dict[str, Way] = {}
        for number in range(1, int(str(step.high)) + 1):
            role = ROLE_BY_NAME[kind, step.role]
            before: dict[str, set[str]] = defaultdict(set)
            ways: dict[str, Way] = {}
            score: dict[str, float] = defaultdict(float)
            rank = EDGE_BY_TYPE[role.edge].rank
            for node, way in here.items():
                for key, end in self._ways(node, step.role):
                    edge = self.edges[key]
                    if not step.where or all(_meets(one, edge, self.nodes[end]) for one in step.where):
                        before[end].add(node)
                        ways[end] = way.along(key) | ways.get(end)
                        score[end] += (edge.properties.get(rank) or 0.0) if rank else 1.0
            order = sorted(ways, key=lambda end: (-score[end], end))
            here = {end: ways[end] for end in order if len(before[end]) >= int(str(step.shared or 1))}
            kind = role.end
            if number >= int(str(step.low)):
                reached = {**reached, **{end: way | reached.get(end) for end, way in here.items()}}
        if isinstance(step.pick, Top):
            reached = dict(list(reached.items())[: int(str(step.pick.count))])
        return reached, kind

    def _ways(self, node: str, role: str) -> list[tuple[str, str]]:
        return self._by_role.get((node, role), [])

    @cached_property
    def _kinds(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in sorted(self.nodes):
            found[self.nodes[key].kind].append(key)
        return {kind: tuple(keys) for kind, keys in found.items()}

    @cached_property
    def _by_role(self) -> Mapping[tuple[str, str], list[tuple[str, str]]]:
        """Edge and far end by node and role, the strongest first, ties by the id of the end."""
        by_edge: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
        for role in ROLES:
            by_edge[role.edge].append((role.start, role.name, role.forward))
        found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for key, edge in self.edges.items():
            for start, name, forward in by_edge[edge.kind]:
                for near, far, along in ((edge.start, edge.end, True), (edge.end, edge.start, False)):
                    if self.nodes[near].kind == start and (along is forward or EDGE_BY_TYPE[edge.kind].symmetric):
                        found[near, name].append((key, far))

        def strength(way: tuple[str, str]) -> float:
            edge = self.edges[way[0]]
            rank = EDGE_BY_TYPE[edge.kind].rank
            return (edge.properties.get(rank) or 0.0) if rank else 0.0

        return {key: sorted(ways, key=lambda way: (-strength(way), way[1])) for key, ways in found.items()}

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for node in self.nodes.values():
            for name in (*node.names.values(), *(name for group in node.synonyms.values() for name in group)):
                found[node.kind, folded(name)].add(node.id)
        return {key: tuple(sorted(ids)) for key, ids in found.items()}


def folded(name: str) -> str:
    """Return a name as it is compared: case does not count, nor е for ё."""
    return name.casefold().replace("ё", "е")


def length_of(question: Question) -> int:
    """Return how many steps a question takes from its farthest start, repeats counted."""
    assert isinstance(question.tree, Path | Combined)
    return _length(question.tree)


def _length(tree: Expression) -> int:
    if isinstance(tree, Combined):
        # What is taken away leads to nothing; what both sides must reach is reached by the longer way.
        sides = (tree.left,) if tree.operator == "-" else (tree.left, tree.right)
        return max(_length(side) for side in sides)
    before = _length(tree.source) if isinstance(tree.source, Combined | Path) else 0
    return before + sum(int(str(step.high)) for step in tree.steps)


def _meets(condition: Condition, edge: SubgraphEdge, node: SubgraphNode) -> bool:
    value: Any = edge.properties.get(condition.name, node.properties.get(condition.name))
    wanted: Any = condition.value
    if value is None:
        return condition.negated
    met = {
        "=": lambda: value == wanted,
        "!=": lambda: value != wanted,
        "<": lambda: value < wanted,
        "<=": lambda: value <= wanted,
        ">": lambda: value > wanted,
        ">=": lambda: value >= wanted,
        "in": lambda: value in wanted,
    }[condition.comparison]()
    return met is not condition.negated
