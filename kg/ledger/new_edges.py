"""Edges that are new to the graph, packed for the disk as they will be written: most of a large load is these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, LiteralString

import orjson

from kg.changes import State
from kg.schema import EDGE_BY_TYPE
from kg.statements import Statement, text_of

# Positions in a row that can stand in Cypher text; five come before the properties of the kind.
_PLACES: Final[tuple[LiteralString, ...]] = ("5", "6", "7", "8", "9", "10", "11", "12")
_TAB: Final = b"\t"
# What evidence says of its change set and time as long as nobody knows them. Inside a text the quotes would be escaped.
_UNDATED: Final = b'"change_set":"","at":""'


@dataclass(frozen=True, slots=True)
class NewEdge:
    """An edge to be made: its ends, its evidence as JSON, and what follows from that."""

    kind: str
    start: str
    end: str
    told: bytes
    evidence: Sequence[str]
    sources: Sequence[str]
    licences: Sequence[str]
    properties: Mapping[str, Any]

    def log(self) -> bytes:
        """Return the change that makes this edge, as the log keeps it (JSON)."""
        # Ids are plain ASCII without quotes, so they need no escaping.
        kind, start, end = self.kind.encode(), self.start.encode(), self.end.encode()
        return (
            b'{"target":"edge","id":"%b/%b/%b","before":null,"after":{"kind":"%b","start":"%b","end":"%b",'
            b'"properties":%b,"evidence":%b}}'
        ) % (start, kind, end, kind, start, end, orjson.dumps(self.properties), self.told)


def new_edge(state: State) -> NewEdge:
    """Return the edge of that state."""
    evidence: Sequence[Mapping[str, Any]] = state["evidence"]
    return NewEdge(
        state["kind"],
        state["start"],
        state["end"],
        orjson.dumps(evidence),
        [item["id"] for item in evidence],
        sorted({item["source"] for item in evidence if item["direction"] == "for"}),
        sorted({item["licence"] for item in evidence}),
        state["properties"],
    )


def packed(edge: NewEdge) -> bytes:
    """Return the edge as one line without its end."""
    about = (edge.kind, edge.start, edge.end, edge.evidence, edge.sources, edge.licences, edge.properties)
    # JSON never holds a bare tab.
    return orjson.dumps(about) + _TAB + edge.told


def unpacked(line: bytes, change_set: str, at: str) -> NewEdge:
    """Return the edge of a line, its evidence said to come in with that change set at that time."""
    about, told = line.rstrip(b"\n").split(_TAB)
    kind, start, end, evidence, sources, licences, properties = orjson.loads(about)
    dated = b'"change_set":"%b","at":"%b"' % (change_set.encode(), at.encode())
    return NewEdge(kind, start, end, told.replace(_UNDATED, dated), evidence, sources, licences, properties)


def statements(edges: Iterable[NewEdge], seq: int) -> list[tuple[Statement, Sequence[NewEdge]]]:
    """Return a statement for each kind of edge, with the edges that it makes."""
    kinds: defaultdict[str, list[NewEdge]] = defaultdict(list)
    for edge in edges:
        kinds[edge.kind].append(edge)
    return [(_statement(kind, some, seq), some) for kind, some in kinds.items()]


def _statement(kind: str, edges: Sequence[NewEdge], seq: int) -> Statement:
    ids: dict[str, int] = {}
    common: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    known = EDGE_BY_TYPE[kind]
    names = [known.name for known in known.properties]
    rows = [
        [
            ids.setdefault(edge.start, len(ids)),
            ids.setdefault(edge.end, len(ids)),
            edge.told.decode(),
            edge.evidence,
            common.setdefault((tuple(edge.sources), tuple(edge.licences)), len(common)),
            *map(edge.properties.get, names),
        ]
        for edge in edges
    ]
    values = {"ids": list(ids), "rows": rows, "common": [list(map(list, both)) for both in common], "seq": seq}
    return Statement(_text(known.type), values)


@cache
def _text(kind: LiteralString) -> LiteralString:
    """Return the text for a kind: fixed names of properties plan better than a map of them."""
    claims: LiteralString = ""
    for known, place in zip(EDGE_BY_TYPE[kind].properties, _PLACES, strict=False):
        claims = f"{claims}, {known.name}: row[{place}]"
    return text_of("write/edges_new").replace("KIND", kind).replace(" /* claims */", claims)
