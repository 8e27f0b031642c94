"""The shipped graph in memory: what its tables say, by id and by kind, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata, resources
from typing import Any

from kg.sources import core
from kg.sources.records import Problem, Record
from kg.values import Edge, Node


@dataclass(frozen=True, slots=True)
class CoreGraph:
    """The nodes and edges of the shipped tables, and the rows that the reader refused."""

    nodes: Mapping[str, Node]
    edges: Mapping[str, tuple[Edge, ...]]
    problems: tuple[Problem, ...] = ()

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """Return the nodes of that kind, in the order of the tables."""
        return tuple(node for node in self.nodes.values() if node.kind == kind)

    def of_type(self, type: str) -> tuple[Edge, ...]:
        """Return the edges of that type, in the order of the tables."""
        return self.edges.get(type, ())

    def by_start(self, type: str) -> Mapping[str, tuple[Edge, ...]]:
        """Return the edges of that type by the node they start at."""
        return _grouped((edge.start, edge) for edge in self.of_type(type))

    def by_end(self, type: str) -> Mapping[str, tuple[Edge, ...]]:
        """Return the edges of that type by the node they end at."""
        return _grouped((edge.end, edge) for edge in self.of_type(type))

    def name(self, id: str) -> str:
        """Return the English name of a node; the id itself when there is no such node."""
        node = self.nodes.get(id)
        return node.names.get("en", id) if node else id

    def categories(self) -> Mapping[str, tuple[str, ...]]:
        """Return the ids of the diseases of each ICD-10 category that has one."""
        return {
            end.partition(":")[2]: tuple(edge.start for edge in edges) for end, edges in self.by_end("CODED_AS").items()
        }


def claims(edge: Edge) -> Mapping[str, Any]:
    """Return what the table says of this edge, for instance `{"weight": 0.9}`."""
    return edge.evidence[0].claims


def core_graph(records: Iterable[Record]) -> CoreGraph:
    """Return the graph that these records make."""
    nodes: dict[str, Node] = {}
    edges: list[tuple[str, Edge]] = []
    problems: list[Problem] = []
    for record in records:
        if isinstance(record, Problem):
            problems.append(record)
        elif isinstance(record.record, Node):
            nodes[record.record.id] = record.record
        elif isinstance(record.record, Edge):
            edges.append((record.record.kind, record.record))
    return CoreGraph(nodes, _grouped(edges), tuple(problems))


def shipped() -> CoreGraph:
    """Return the graph of the tables that are installed with the project."""
    folder = resources.files("kg.core")
    tables = {name: folder.joinpath(name).read_text("utf-8").splitlines(keepends=True) for name in core.TABLES}
    return core_graph(core.read(tables, metadata.version("mkg")))


def _grouped(pairs: Iterable[tuple[str, Edge]]) -> Mapping[str, tuple[Edge, ...]]:
    found: dict[str, list[Edge]] = defaultdict(list)
    for key, edge in pairs:
        found[key].append(edge)
    return {key: tuple(group) for key, group in found.items()}
