"""The shipped graph in memory, and answers to the questions by roles that reading a pool asks of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kg.errors import UnknownName
from kg.query.parse import parse
from kg.query.tree import Path, Root
from kg.schema import NODE_BY_ROOT, ROLE_BY_NAME
from kg.subgraph import Subgraph, SubgraphEdge, SubgraphNode
from kg.values import Edge, Node
from training.asked import core_net, net_of


@dataclass
class Asked:
    """A graph that answers paths of roles from ids and ICD-10 codes, with every edge on the way."""

    nodes: dict[str, SubgraphNode]
    edges: dict[str, SubgraphEdge]
    release: str = "CS:core"
    questions: list[str] = field(default_factory=list)
    most: int = 1000  # nodes that one step keeps

    def __post_init__(self) -> None:
        self._ways: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for key, edge in sorted(self.edges.items()):
            self._ways[edge.kind, edge.start].append((key, edge.end))
            self._ways[f"<{edge.kind}", edge.end].append((key, edge.start))

    async def vocabulary(self) -> Sequence[SubgraphNode]:
        return tuple(self.nodes.values())

    async def subgraph(self, question: str) -> Subgraph:
        self.questions.append(question)
        tree = parse(question)
        assert isinstance(tree, Path)
        assert isinstance(tree.source, Root)
        kind = NODE_BY_ROOT[tree.source.kind].label
        here = [self._named(kind, str(name)) for name in tree.source.names]
        nodes, edges, truncated = set(here), set[str](), list[int]()
        for number, step in enumerate(tree.steps, start=1):
            reached: dict[str, None] = {}
            for _ in range(int(str(step.high))):
                role = ROLE_BY_NAME[kind, step.role]
                ways = [f"{'' if role.forward else '<'}{role.edge}"]
                ways += [f"<{role.edge}"] if role.edge in ("RESEMBLES", "INTERACTS_WITH") else []
                found = {(edge, end) for node in here for way in ways for edge, end in self._ways[way, node]}
                edges |= {edge for edge, end in found if self.nodes[end].kind == role.end}
                here = sorted({end for _, end in found if self.nodes[end].kind == role.end})
                reached |= dict.fromkeys(here)
            kind, here = role.end, list(reached)
            if len(here) > self.most:
                here = here[: self.most]
                truncated.append(number)
            nodes |= set(here)
        nodes |= {end for edge in edges for end in (self.edges[edge].start, self.edges[edge].end)}
        return Subgraph(
            question=question,
            nodes={key: self.nodes[key] for key in nodes},
            edges={key: self.edges[key] for key in edges},
            hops=(),
            roots=(),
            answer=tuple(here),
            labels={},
            truncated=tuple(truncated),
            release=self.release,
        )

    def _named(self, kind: str, name: str) -> str:
        for key in (name, f"ICD10:{name}", f"ICD10CM:{name}"):
            if key in self.nodes and self.nodes[key].kind == kind:
                return key
        raise UnknownName(f"No {kind} is called {name!r}")


def asked(nodes: Iterable[Node], edges: Iterable[Edge]) -> Asked:
    """Return a graph of these records."""
    net = net_of(nodes, edges)
    return Asked(dict(net.nodes), dict(net.edges))


def core() -> Asked:
    """Return the shipped graph."""
    net = core_net()
    return Asked(dict(net.nodes), dict(net.edges))


def without(graph: Asked, kind: str) -> Asked:
    """Return the graph without a kind of edge."""
    return replace(graph, edges={key: edge for key, edge in graph.edges.items() if edge.kind != kind}, questions=[])


def with_parts(graph: Asked, category: str, *codes: str) -> Asked:
    """Return the graph with more codes, each inside a category; what does not belong there is put there as well."""
    inside = next(edge for edge in graph.edges.values() if edge.kind == "PART_OF")
    category = f"ICD10:{category}"
    nodes = {f"ICD10:{code}": replace(graph.nodes[category], id=f"ICD10:{code}") for code in codes}
    edges = {
        key: replace(inside, id=key, start=code, end=category)
        for code in nodes
        for key in (f"{code}/PART_OF/{category}",)
    }
    return replace(graph, nodes=graph.nodes | nodes, edges=graph.edges | edges, questions=[])
