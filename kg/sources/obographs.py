"""The same ontologies as obographs JSON; each node is read as the OBO stanza that it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

from kg.sources.checked import MAX_SHOWN, fault, not_held
from kg.sources.curies import prefix_of
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.json_items import Item, json_items
from kg.sources.knowledge_sources import UNKNOWN_LICENCE, licence_named
from kg.sources.ontologies import KNOWN, LICENCES, ONTOLOGIES, About, about, ontology_of
from kg.sources.ontology_terms import term_records
from kg.sources.records import Place, Problem, Record
from kg.sources.stanzas import Tag, Term

_NODES: Final = "graphs.item.nodes"
_EDGES: Final = "graphs.item.edges"
_IRI: Final = re.compile(r"https?://[^\s\"]{0,200}[/#]([A-Za-z][A-Za-z0-9]*)_([A-Za-z0-9]+)")
_VERSION: Final = re.compile(r'"version(?:Info)?"\s*:\s*"([^"]+)"')
_DATED: Final = re.compile(r'"val"\s*:\s*"(\d{2}:\d{2}:\d{4})')
_NAMED: Final = re.compile(rf"/obo/({'|'.join(ONTOLOGIES)})[./]", re.IGNORECASE)
_HEAD: Final = 65_536
_SCOPES: Final[Mapping[str, str]] = {
    "hasExactSynonym": "EXACT",
    "hasRelatedSynonym": "RELATED",
    "hasBroadSynonym": "BROAD",
    "hasNarrowSynonym": "NARROW",
}
# Properties of a node that are tags in OBO; the others describe the term or the ontology.
_TAGS: Final[Mapping[str, str]] = {
    "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId": "alt_id",
    "http://www.geneontology.org/formats/oboInOwl#consider": "consider",
    "http://purl.obolibrary.org/obo/IAO_0100001": "replaced_by",
}


def header(text: Text) -> About:
    """Return what the document tells of itself before its nodes, in its first 64 Ki characters."""
    start = ""
    for piece in text.pieces():
        start += piece
        if len(start) >= _HEAD:
            break
    told, _, nodes = start[:_HEAD].partition('"nodes"')
    named = _NAMED.search(told)
    known = (ontology_of(f"{found[1]}:") for found in _IRI.finditer(nodes))
    ontology = ONTOLOGIES[named[1].upper()] if named else next(filter(None, known), None)
    version, dated = _VERSION.search(told), _DATED.search(told)
    return about(ontology, version[1] if version else "", dated[1] if dated else "", licence_named(told))


def read(text: Text) -> Iterator[Record]:
    """Yield what `obo.read` yields of the same ontology; the line of a record is the number of its node."""
    told = header(text)
    if told.ontology is None:
        why = "the document has no term of an ontology that is read here"
        yield fault(
            Place(text.name, 1), "ontology-unknown", "", why, f"The ids of its terms begin with one of: {KNOWN}."
        )
        return
    yield from term_records(_terms(text), told, text.name)


def _terms(text: Text) -> Iterator[Term | Problem]:
    """Yield the nodes as terms once the edges, which stand behind them, have been read."""
    nodes: dict[str, tuple[int, list[Tag]]] = {}
    pending: dict[str, list[Tag]] = {}
    twice: list[Term] = []
    for item in json_items(text, (_NODES, _EDGES)):
        if isinstance(item, Problem):
            yield item
        elif not isinstance(item.value, dict):
            place = Place(text.name, item.number, item.path)
            yield fault(place, "item-form", repr(item.value)[:80], "the item is no object", "Get the file again.")
        elif item.path == _EDGES:
            fields = cast(dict[str, Any], item.value)
            start, pred, end = (_curie(fields.get(name)) for name in ("sub", "pred", "obj"))
            tag = Tag("is_a", end, item.number) if pred == "is_a" else Tag("relationship", f"{pred} {end}", item.number)
            pending.setdefault(start, []).append(tag)
        else:
            term = _term(cast(dict[str, Any], item.value), item, text.name)
            if isinstance(term, Problem):
                yield term
            elif term.id in nodes:
                twice.append(term)
            else:
                nodes[term.id] = (item.number, list(term.tags))
    for key, (line, tags) in nodes.items():
        # An edge is told by the number of its node: that is where a reader looks.
        own = (Tag(tag.name, tag.value, line) for tag in pending.get(key, ()))
        yield Term(line, (*tags, *own))
    yield from twice


def _term(fields: Mapping[str, Any], item: Item, file: str) -> Term | Problem:
    key = _curie(fields.get("id"))
    kind = fields.get("type")
    # A node of another ontology is told as such by its id, whatever its type.
    if kind not in (None, "CLASS") and prefix_of(key) not in ONTOLOGIES:
        shown = str(kind)[:MAX_SHOWN]
        why = f"{key[:MAX_SHOWN]} is a {shown} and describes no disease or symptom"
        return not_held(Place(file, item.number, "type"), "stanza-not-held", shown, why, "Nothing to do.")
    line = item.number
    tags = [Tag("id", key, line)]
    if isinstance(label := fields.get("lbl"), str):
        tags.append(Tag("name", label.strip(), line))
    meta = _fields(fields.get("meta"))
    for synonym in _objects(meta.get("synonyms")):
        scope = _SCOPES.get(str(synonym.get("pred")), "RELATED")
        type_of = str(synonym.get("synonymType", "")).rpartition("#")[2].rpartition("/")[2]
        tags.append(Tag("synonym", f'"{_escaped(str(synonym.get("val", "")))}" {scope} {type_of} []', line))
    tags.extend(Tag("xref", _escaped(str(xref.get("val", ""))), line) for xref in _objects(meta.get("xrefs")))
    if meta.get("deprecated") is True:
        tags.append(Tag("is_obsolete", "true", line))
    for value in _objects(meta.get("basicPropertyValues")):
        if name := _TAGS.get(str(value.get("pred"))):
            tags.append(Tag(name, _curie(value.get("val")), line))
    return Term(line, tuple(tags))


def _curie(value: Any) -> str:
    """Return an IRI such as `…/obo/DOID_10652` as `DOID:10652`; anything else as it is."""
    text = str(value if value is not None else "").strip()
    found = _IRI.fullmatch(text)
    return f"{found[1]}:{found[2]}" if found else text


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _fields(value: Any) -> Mapping[str, Any]:
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    for item in cast(list[Any], value) if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield cast(dict[str, Any], item)


def _recognises(head: Head) -> bool:
    start = head.text.lstrip("\ufeff \t\r\n")
    return start.startswith("{") and re.search(r'\A\{\s*"graphs"\s*:', start) is not None


def _part(text: Text) -> Part:
    told = header(text)
    source = told.ontology.source if told.ontology else "obographs"
    return Part(source, told.version, told.licence or UNKNOWN_LICENCE, partial(read, text))


def _plan(files: Files) -> Sequence[Part]:
    return tuple(_part(text) for text in files["ontologies"])


FORMAT: Final = Format(
    name="obographs",
    title="ontologies of diseases and symptoms in obographs JSON (DO, Mondo, SYMP, HPO)",
    licence=LICENCES,
    slots=(Slot("ontologies", "ontologies in obographs JSON (.json)", _recognises, many=True),),
    plan=_plan,
)
