"""Hetionet v1.0 as one JSON document, read as it arrives: it is larger than memory should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

from kg.sources.checked import checked, fault, not_held
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.hetionet import LICENCE
from kg.sources.json_items import Item, json_items
from kg.sources.knowledge_sources import licence_named, source_name
from kg.sources.metagraph import (
    HELD_EDGES,
    HELD_KINDS,
    METAEDGES,
    METANODES,
    OTHER_METANODES,
    SOURCE,
    VERSION,
    Metaedge,
    node_id,
)
from kg.sources.records import Found, Place, Problem, Record
from kg.values import Edge, Evidence, Node

_BY_VERB: Final[Mapping[tuple[str, str, str], tuple[str, Metaedge]]] = {
    (meta.source, meta.verb, meta.target): (name, meta) for name, meta in METAEDGES.items()
}
_KNOWN_KINDS: Final = OTHER_METANODES | METANODES.keys()


def read(text: Text) -> Iterator[Record]:
    """Yield the nodes and the edges; the line of a record is the number of the item in its list."""
    for item in json_items(text, ("nodes", "edges")):
        if isinstance(item, Problem):
            yield item
            continue
        place = Place(text.name, item.number, item.path)
        if not isinstance(item.value, dict):
            yield fault(place, "item-form", repr(item.value)[:80], "the item is no object", "Get the file again.")
            continue
        fields = cast(dict[str, Any], item.value)
        yield _node(fields, item, text.name) if item.path == "nodes" else _edge(fields, item, text.name)


def _node(fields: Mapping[str, Any], item: Item, file: str) -> Found | Problem:
    kind, local, name = (str(fields.get(field, "")) for field in ("kind", "identifier", "name"))
    place = Place(file, item.number, "nodes.kind")
    if kind in OTHER_METANODES:
        return not_held(place, "kind-not-held", kind, f"{kind} {local[:80]} is not held", HELD_KINDS)
    if kind not in METANODES:
        return fault(place, "kind-unknown", kind, f"Hetionet has no kind {kind[:80]!r}", HELD_KINDS)
    key = node_id(kind, local, f"{kind}::{local}", Place(file, item.number, "nodes.identifier"))
    if isinstance(key, Problem):
        return key
    return checked(Node(METANODES[kind].label, key, {"en": name}), Place(file, item.number, "nodes"))


def _edge(fields: Mapping[str, Any], item: Item, file: str) -> Found | Problem:
    source, target = _end(fields.get("source_id")), _end(fields.get("target_id"))
    verb = str(fields.get("kind", ""))
    if source is None or target is None:
        place = Place(file, item.number, "edges.source_id" if source is None else "edges.target_id")
        return fault(place, "end-form", "", "an end of the edge is not [kind, identifier]", "Get the file again.")
    place = Place(file, item.number, "edges.kind")
    known = _BY_VERB.get((source[0], verb, target[0]))
    told = f"{source[0]} {verb} {target[0]}"[:200]
    if known is None:
        if source[0] in _KNOWN_KINDS and target[0] in _KNOWN_KINDS:
            return not_held(place, "edge-not-held", told, f"{told} is not held", HELD_EDGES)
        return fault(place, "edge-unknown", told, f"Hetionet has no edge {told!r}", HELD_EDGES)
    name, meta = known
    ids: list[str] = []
    for (kind, local), column in ((source, "edges.source_id"), (target, "edges.target_id")):
        key = node_id(kind, local, f"{kind}::{local}", Place(file, item.number, column))
        if isinstance(key, Problem):
            return key
        ids.append(key)
    start, end = reversed(ids) if meta.turned else ids
    return checked(Edge(meta.kind, start, end, _evidence(name, meta, fields)), Place(file, item.number, "edges"))


def _end(value: Any) -> tuple[str, str] | None:
    if not isinstance(value, list) or len(cast(list[Any], value)) != 2:
        return None
    kind, local = cast(list[Any], value)
    return str(kind), str(local)


def _evidence(name: str, meta: Metaedge, fields: Mapping[str, Any]) -> tuple[Evidence, ...]:
    """Return one item of evidence for each source that the edge names."""
    told: Any = fields.get("data")
    data = cast(dict[str, Any], told) if isinstance(told, dict) else {}
    several: Any = data.get("sources")
    sources = cast(list[Any], several) if isinstance(several, list) and several else [data.get("source") or SOURCE]
    licence = str(data.get("license") or "").strip()
    licence = licence_named(licence) or licence[:80] or meta.licence
    return tuple(
        Evidence(
            source=source_name(str(source)) or SOURCE,
            version=f"in Hetionet {VERSION}" if source_name(str(source)) != SOURCE else VERSION,
            licence=licence,
            reference=f"hetionet-v{VERSION} {name}",
            asserted_by=f"Hetionet v{VERSION}",
            claims=meta.claims,
        )
        for source in dict.fromkeys(str(source) for source in sources)
    )


def _recognises(head: Head) -> bool:
    # The same words without nodes are Hetionet's metagraph, which tells of kinds alone.
    start = head.text.lstrip("\ufeff \t\r\n")
    return start.startswith("{") and '"metanode_kinds"' in start and '"nodes"' in start


def _plan(files: Files) -> Sequence[Part]:
    return tuple(Part(SOURCE, VERSION, LICENCE, partial(read, text)) for text in files["document"])


FORMAT: Final = Format(
    name="hetionet-json",
    title="Hetionet v1.0, one JSON document",
    licence="CC0; each edge keeps the licence that the document names for it, else that of its metaedge's source.",
    slots=(Slot("document", "the document (hetionet-v1.0.json, .json.bz2)", _recognises),),
    plan=_plan,
)
