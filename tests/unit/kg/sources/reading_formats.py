"""What tests of formats share: real files opened as the loader does, and records sorted by what they are."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from kg.sources.format import Format, Head, Text
from kg.sources.records import Found, Problem
from kg.values import Edge, Node, Same


@dataclass(frozen=True, slots=True)
class Opened:
    """A real file as a Text."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(".gz")

    def __iter__(self) -> Iterator[str]:
        with self._open() as lines:
            yield from lines

    def pieces(self) -> Iterator[str]:
        with self._open() as file:
            while piece := file.read(65_536):
                yield piece

    def _open(self) -> IO[str]:
        if self.path.suffix == ".gz":
            return gzip.open(self.path, "rt", encoding="utf-8-sig", newline="")
        return self.path.open(encoding="utf-8-sig", newline="")


@dataclass(slots=True)
class Told:
    """The records of a format, by what they are."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    links: list[Same] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def node(self, key: str) -> Node:
        return next(node for node in self.nodes if node.id == key)

    def edges_of(self, kind: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.kind == kind]

    def edge(self, key: str) -> Edge:
        return next(edge for edge in self.edges if edge.id == key)

    def ids(self, kind: str) -> set[str]:
        return {node.id for node in self.nodes if node.kind == kind}

    @property
    def rules(self) -> list[tuple[str, str]]:
        return [(problem.rule, problem.severity) for problem in self.problems]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "error"]

    def dangling(self) -> set[str]:
        """The ends of edges that no node of these records has."""
        return {end for edge in self.edges for end in (edge.start, edge.end)} - {node.id for node in self.nodes}


def told(format: Format, files: Mapping[str, Sequence[Text]]) -> Told:
    """Read these files of the slots; slots that are not named have none."""
    found = Told()
    for part in format.plan({slot.name: files.get(slot.name, ()) for slot in format.slots}):
        for record in part.records():
            match record:
                case Problem():
                    found.problems.append(record)
                case Found(Node() as node):
                    found.nodes.append(node)
                case Found(Edge() as edge):
                    found.edges.append(edge)
                    assert {evidence.source for evidence in edge.evidence} == {part.source}
                case Found(Same() as link):
                    found.links.append(link)
    return found


def head_of(text: Text) -> Head:
    """The beginning of a file, as the loader hands it to the slots."""
    return Head(text.name.lower(), next(iter(text.pieces()), ""))


def slots_of(format: Format, text: Text) -> list[str]:
    """The slots of a format that take this file."""
    head = head_of(text)
    return [slot.name for slot in format.slots if slot.recognises(head)]
