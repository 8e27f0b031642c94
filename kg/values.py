"""Nodes, edges and evidence as plain frozen values, with ids that come from their content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from kg.errors import RecordRejected
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL, property_of

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

_CURIE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}:[A-Za-z0-9][A-Za-z0-9_.\-]{0,127}")
# Control characters, lone surrogates and bidirectional controls: they hide text or break drivers.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
MAX_NAME: Final = 300
MAX_TEXT: Final = 10_000


def check_curie(text: str) -> str:
    """Return `text` when it is a CURIE such as `DOID:9352`; raise RecordRejected otherwise."""
    if not _CURIE.fullmatch(text):
        raise RecordRejected(f"{text!r} is not an id", hint="Write an id as PREFIX:LOCAL, for instance DOID:9352.")
    return text


def check_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return `text` without surrounding space; raise RecordRejected when it is too long or hides characters."""
    clean = text.strip()
    if len(clean) > limit:
        raise RecordRejected(f"the text has {len(clean)} characters", hint=f"At most {limit} are allowed.")
    if _UNSAFE.search(clean):
        raise RecordRejected(f"{clean[:40]!r} holds a control character", hint="Remove it.")
    return clean


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an edge is believed, or not: one source that speaks for or against it.

    `claims` are the edge's properties as this source gives them. The id comes from the content without the
    time and the change set, so that the same file loaded twice brings no new evidence.
    """

    source: str
    version: str
    licence: str
    reference: str
    asserted_by: str
    snippet: str | None = None
    direction: Literal["for", "against"] = "for"
    claims: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def id_for(self, edge_id: str) -> str:
        """Return the id of this evidence on that edge."""
        claims = ";".join(f"{name}={self.claims[name]!r}" for name in sorted(self.claims))
        return (
            "EV:"
            + _digest(
                edge_id,
                self.source,
                self.version,
                self.reference,
                self.asserted_by,
                self.snippet or "",
                self.direction,
                claims,
            )[:24]
        )


@dataclass(frozen=True, slots=True)
class Node:
    """A thing of the graph as a source tells it: names and synonyms by language, properties, cross-references."""

    kind: str
    id: str
    names: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    properties: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    xrefs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A statement between two nodes, with the evidence for it; one edge for each kind and pair of ends."""

    kind: str
    start: str
    end: str
    evidence: tuple[Evidence, ...]

    @property
    def id(self) -> str:
        """The edge's id: its two ends and its kind, readable."""
        return edge_id(self.kind, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Same:
    """Two ids that mean one thing of this kind, as a source says.

    `why` is `exact` for a mapping that says so, `replaced` when `left` is an obsolete id and `right` the one that
    stands for it now, and `xref` for a cross-reference, which counts only where it is one to one.
    """

    kind: str
    left: str
    right: str
    why: Literal["exact", "replaced", "xref"] = "exact"

    @property
    def id(self) -> str:
        """The link's id: its two ends."""
        return f"{self.left}={self.right}"


def edge_id(kind: str, start: str, end: str) -> str:
    """Return the id of an edge, for instance `DOID:2841/HAS_SYMPTOM/MESH:D003371`."""
    return f"{start}/{kind}/{end}"


def edge_parts(key: str) -> tuple[str, str, str]:
    """Return kind, start and end of an edge from its id; raise RecordRejected when it is no such id."""
    start, _, rest = key.partition("/")
    kind, _, end = rest.partition("/")
    if kind not in EDGE_BY_TYPE or not end:
        raise RecordRejected(
            f"{key[:MAX_NAME]!r} is no id of an edge", hint="It is written as DOID:2841/HAS_SYMPTOM/MESH:D003371."
        )
    return kind, start, end


def checked_node(node: Node) -> Node:
    """Return the node when it fits the schema; raise RecordRejected with the rule it breaks."""
    kind = NODE_BY_LABEL.get(node.kind)
    if kind is None:
        raise RecordRejected(f"there is no kind of node {node.kind!r}", hint=f"Kinds: {', '.join(NODE_BY_LABEL)}.")
    check_curie(node.id)
    if not node.names:
        raise RecordRejected(f"{node.id} has no name", hint="Give it a name in at least one language.")
    for language in (*node.names, *node.synonyms):
        if language not in LANGUAGES:
            raise RecordRejected(f"language {language!r} is not known", hint=f"Languages: {', '.join(LANGUAGES)}.")
    for name in (*node.names.values(), *(synonym for group in node.synonyms.values() for synonym in group)):
        if not check_text(name, MAX_NAME):
            raise RecordRejected(f"{node.id} has an empty name", hint="Remove it or write it out.")
    for xref in node.xrefs:
        check_curie(xref)
    _check_properties(kind, node.properties)
    return node


def checked_edge(edge: Edge) -> Edge:
    """Return the edge when it fits the schema, its ends in order if it is symmetric; raise RecordRejected otherwise."""
    kind = EDGE_BY_TYPE.get(edge.kind)
    if kind is None:
        raise RecordRejected(f"there is no kind of edge {edge.kind!r}", hint=f"Kinds: {', '.join(EDGE_BY_TYPE)}.")
    check_curie(edge.start)
    check_curie(edge.end)
    if edge.start == edge.end:
        raise RecordRejected(f"{edge.start} points at itself", hint="An edge needs two different ends.")
    if not edge.evidence:
        raise RecordRejected(f"{edge.id} has no evidence", hint="Name a source.")
    for item in edge.evidence:
        for required in ("source", "version", "licence", "reference", "asserted_by"):
            if not check_text(getattr(item, required)):
                raise RecordRejected(f"evidence without {required}", hint="Every edge names its source in full.")
        _check_properties(kind, item.claims)
    # A symmetric edge is stored once, so its ends have one order.
    if kind.symmetric and edge.start > edge.end:
        return Edge(edge.kind, edge.end, edge.start, edge.evidence)
    return edge


def checked_same(same: Same) -> Same:
    """Return the link when its ends are two ids of a kind of node; raise RecordRejected otherwise."""
    if same.kind not in NODE_BY_LABEL:
        raise RecordRejected(f"there is no kind of node {same.kind!r}", hint=f"Kinds: {', '.join(NODE_BY_LABEL)}.")
    check_curie(same.left)
    check_curie(same.right)
    if same.left == same.right:
        raise RecordRejected(f"{same.left} is mapped to itself", hint="Leave the row out.")
    return same


def _check_properties(kind: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        known = property_of(kind, name)
        if known is None:
            names = ", ".join(known.name for known in kind.properties) or "none"
            raise RecordRejected(f"{name!r} is not a property here", hint=f"Properties: {names}.")
        if isinstance(value, str):
            check_text(value)
        problem = known.problem(value)
        if problem:
            raise RecordRejected(f"{name} is {value!r} but {problem}", hint=known.meaning)
