"""What reading returns: frozen values made from the rows of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kg import stored
from kg.reading.ask import Place
from kg.subgraph import SubgraphEdge, SubgraphNode

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list, with the place of each item in its order, and whether more follow."""

    items: tuple[T, ...]
    places: tuple[Place, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What one step of a role reaches: the edge that was walked and the node at its other end."""

    edge: SubgraphEdge
    node: SubgraphNode


@dataclass(frozen=True, slots=True)
class Found:
    """A node that a search found, with the name by which it was found; a larger score is a better match."""

    node: SubgraphNode
    matched: str
    score: float


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One item of evidence as it is kept; the fields are those of kg.values.Evidence and where it came in."""

    id: str
    edge: str
    source: str
    version: str
    licence: str
    reference: str
    asserted_by: str
    direction: str
    change_set: str
    at: str
    snippet: str | None
    claims: Mapping[str, Any]


def node_of(row: Mapping[str, Any]) -> SubgraphNode:
    """Return the node of a row with `kind` and `properties`."""
    return stored.node_of(row["kind"], row["properties"])


def evidence_of(edge: str, told: Mapping[str, Any]) -> EvidenceRecord:
    """Return an item of the evidence that is kept on an edge."""
    return EvidenceRecord(edge=edge, **told)
