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

_ALIAS: Final = ("kind", "id", "of", "why", "source")


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


def node_row(key: str, state: State, since: int) -> dict[str, Any]:
    """Return the properties of a node as `write/nodes_new` and `write/nodes_set` take them."""
    names: Mapping[str, str] = state["names"]
    # Lists are sorted and shown by this one name; which language it is in depends on what is there.
    shown = names.get("en") or next(iter(names.values()))
    return {
        "id": key,
        "name": shown,
        # What people look for a name by, in an index; `toLower` in the database gives the same.
        "folded": shown.lower(),
        **{f"name_{language}": name for language, name in names.items()},
        **{f"synonyms_{language}": words for language, words in state["synonyms"].items()},
        **state["properties"],
        "xrefs": state["xrefs"],
        "sources": state["sources"],
        "authority": state["authority"],
        "draw": draw_number(key),
        "since": since,
    }


def edge_state(kind: str, start: str, end: str, told: str) -> State:
    """Return an edge's state from its ends and the evidence that the database keeps on it (JSON)."""
    return with_evidence(kind, start, end, orjson.loads(told))


def edge_row(state: State, since: int) -> dict[str, Any]:
    """Return ends and properties of an edge as `write/edges_new` and `write/edges_set` take them."""
    evidence: Sequence[Mapping[str, Any]] = state["evidence"]
    properties = {
        "id": edge_state_id(state),
        **state["properties"],
        "evidence": [item["id"] for item in evidence],
        "sources": sorted({item["source"] for item in evidence if item["direction"] == "for"}),
        "licences": sorted({item["licence"] for item in evidence}),
        "told": orjson.dumps(evidence).decode(),
        "since": since,
    }
    return {"start": state["start"], "end": state["end"], "properties": properties}


def alias_state(stored: Mapping[str, Any]) -> State:
    """Return an alias's state from the properties that the database keeps for it."""
    return {name: stored[name] for name in _ALIAS}


def alias_row(state: State, since: int) -> dict[str, Any]:
    """Return the properties of an alias as `write/aliases` takes them."""
    return {"key": alias_key(state["kind"], state["id"]), **state, "since": since}


def alias_key(kind: str, other: str) -> str:
    """Return the key under which another id of a node of that kind is kept."""
    return f"{kind}={other}"


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
