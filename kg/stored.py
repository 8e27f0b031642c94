"""How the state of a node or an edge is laid out as properties in the database, and read back. Pure functions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from kg.changes import State, edge_state_id, with_evidence
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL
from kg.subgraph import SubgraphEdge, SubgraphNode

# The order of a seeded draw comes from this number of each node; a prime below 2^31, so that products fit in 63 bits.
DRAW_PRIME: Final = 2**31 - 1

_EVIDENCE_TEXT: Final = (
    "source",
    "version",
    "licence",
    "reference",
    "snippet",
    "direction",
    "asserted_by",
    "change_set",
    "at",
)


def draw_number(node_id: str) -> int:
    """Return the fixed number in [0, 2^31 - 1) that orders this node in seeded draws; the same on any server."""
    return int.from_bytes(hashlib.sha256(node_id.encode()).digest()[:8]) % DRAW_PRIME


def node_state(kind: str, stored: Mapping[str, Any]) -> State:
    """Return a node's state from the properties that the database keeps for it."""
    properties = sorted(known.name for known in NODE_BY_LABEL[kind].properties)
    return {
        "kind": kind,
        "names": {language: stored[f"name_{language}"] for language in LANGUAGES if f"name_{language}" in stored},
        "synonyms": {language: list(words) for language in LANGUAGES if (words := stored.get(f"synonyms_{language}"))},
        "properties": {name: stored[name] for name in properties if name in stored},
        "xrefs": list(stored.get("xrefs", ())),
        "sources": list(stored.get("sources", ())),
        "authority": stored.get("authority", 0),
    }


def node_row(key: str, state: State) -> dict[str, Any]:
    """Return id, kind and properties of a node as `write/nodes` takes them."""
    names: Mapping[str, str] = state["names"]
    properties: dict[str, Any] = {
        "id": key,
        # Lists are sorted and shown by this one name; which language it is in depends on what is there.
        "name": names.get("en") or next(iter(names.values())),
        **{f"name_{language}": name for language, name in names.items()},
        **{f"synonyms_{language}": words for language, words in state["synonyms"].items()},
        **state["properties"],
        "xrefs": state["xrefs"],
        "sources": state["sources"],
        "authority": state["authority"],
        "draw": draw_number(key),
    }
    return {"id": key, "kind": state["kind"], "properties": properties}


def edge_state(kind: str, start: str, end: str, stored: Sequence[Mapping[str, Any]]) -> State:
    """Return an edge's state from its ends and the properties that the database keeps for its evidence."""
    evidence = (
        {
            "id": item["id"],
            **{name: item.get(name) for name in _EVIDENCE_TEXT},
            "claims": orjson.loads(item["claims"]),
        }
        for item in stored
    )
    return with_evidence(kind, start, end, evidence)


def edge_row(state: State) -> dict[str, Any]:
    """Return ends, kind and properties of an edge as `write/edges_new` and `write/edges_set` take them."""
    properties = {
        "id": edge_state_id(state),
        **state["properties"],
        "evidence": [item["id"] for item in state["evidence"]],
        "sources": sorted({item["source"] for item in state["evidence"] if item["direction"] == "for"}),
    }
    return {"start": state["start"], "end": state["end"], "kind": state["kind"], "properties": properties}


def evidence_row(edge: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return id and properties of an item of evidence as `write/evidence` takes them."""
    properties = {
        "id": item["id"],
        "edge": edge,
        **{name: item[name] for name in _EVIDENCE_TEXT},
        "claims": orjson.dumps(item["claims"]).decode(),
    }
    return {"id": item["id"], "properties": properties}


def node_of(label: str, stored: Mapping[str, Any]) -> SubgraphNode:
    """Return a node for readers from the properties that the database keeps for it."""
    return SubgraphNode(
        id=stored["id"],
        kind=label,
        names={language: stored[f"name_{language}"] for language in LANGUAGES if f"name_{language}" in stored},
        synonyms={
            language: tuple(stored[f"synonyms_{language}"])
            for language in LANGUAGES
            if stored.get(f"synonyms_{language}")
        },
        properties={p.name: stored[p.name] for p in NODE_BY_LABEL[label].properties if p.name in stored},
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
