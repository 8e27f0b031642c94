"""What reading returns: frozen values made from the rows of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kg import stored
from kg.reading.order import Place
from kg.schema import Property
from kg.subgraph import SubgraphEdge, SubgraphNode

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the graph: the change set that left it so, and that one's number."""

    change_set: str
    seq: int


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list, with the place of each item in its order, and whether others lie before and behind."""

    items: tuple[T, ...]
    places: tuple[Place, ...]
    before: bool
    behind: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What one step of a role reaches: the edge that was walked and the node at its other end."""

    edge: SubgraphEdge
    node: SubgraphNode


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean (rounded to six digits), least and largest of a property; None when nothing has it."""

    average: float | None
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many items a whole list has, and the spread of each number among them, by the property's name."""

    count: int
    numbers: Mapping[str, Spread]


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


def summary_of(row: Mapping[str, Any], properties: tuple[Property, ...]) -> Summary:
    """Return the summary of a row with `count` and three columns for each number."""
    numbers = {
        item.name: Spread(row[f"{item.name}_average"], row[f"{item.name}_minimum"], row[f"{item.name}_maximum"])
        for item in properties
        if item.numeric
    }
    return Summary(row["count"], numbers)
