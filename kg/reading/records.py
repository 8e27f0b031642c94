"""What reading returns: frozen values made from the rows of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson

from kg.reading.ask import Place
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL
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
    """Return the node of a row with `id`, `kind` and `properties`."""
    stored: Mapping[str, Any] = row["properties"]
    return SubgraphNode(
        id=row["id"],
        kind=row["kind"],
        names={key: stored[f"name_{key}"] for key in LANGUAGES if f"name_{key}" in stored},
        synonyms={key: tuple(stored[f"synonyms_{key}"]) for key in LANGUAGES if stored.get(f"synonyms_{key}")},
        properties={
            item.name: stored[item.name] for item in NODE_BY_LABEL[row["kind"]].properties if item.name in stored
        },
        xrefs=tuple(stored.get("xrefs", ())),
    )


def edge_of(stored: Mapping[str, Any]) -> SubgraphEdge:
    """Return the edge with these properties; its kind and ends are parts of its id."""
    start, kind, end = stored["id"].split("/")
    return SubgraphEdge(
        id=stored["id"],
        kind=kind,
        start=start,
        end=end,
        properties={item.name: stored[item.name] for item in EDGE_BY_TYPE[kind].properties if item.name in stored},
        evidence_ids=tuple(stored.get("evidence", ())),
        sources=tuple(stored.get("sources", ())),
    )


def evidence_of(stored: Mapping[str, Any]) -> EvidenceRecord:
    """Return the evidence with these properties."""
    return EvidenceRecord(
        id=stored["id"],
        edge=stored["edge"],
        source=stored["source"],
        version=stored["version"],
        licence=stored["licence"],
        reference=stored["reference"],
        asserted_by=stored["asserted_by"],
        direction=stored["direction"],
        change_set=stored["change_set"],
        at=stored["at"],
        snippet=stored.get("snippet"),
        claims=orjson.loads(stored["claims"]),
    )
