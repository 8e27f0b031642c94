"""Graphs as tables with typed headers: their nodes and edges in the words of this graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kg.errors import RecordRejected
from kg.schema import EDGE_BY_TYPE, EDGE_KINDS, NODE_BY_LABEL, NODE_KINDS
from kg.sources.cells import RowRefusedError, short
from kg.sources.checked import MAX_SHOWN, checked, fault
from kg.sources.curies import LINKED, curie_in, prefix_of
from kg.sources.icd_codes import code_node
from kg.sources.knowledge_sources import UNKNOWN_LICENCE, licence_named, licence_of, source_name
from kg.sources.left_out import columns_not_read
from kg.sources.records import Problem, Record
from kg.sources.scaled import largest, relative
from kg.sources.typed_cells import TypedCells, cells_of, number
from kg.sources.typed_headers import RoleName
from kg.sources.typed_tables import Table
from kg.sources.vocabularies import icd_code, is_icd
from kg.sources.words_of_others import PURPOSES, Meaning, fits, kind_of, meaning_of
from kg.values import Edge, Evidence, Node, Same

VERSION: Final = "undated"
LICENCE: Final = "that of each source that the rows name"
_NAMES: Final = {"name": "", "name_en": "en", "name_ru": "ru"}
_SYNONYMS: Final = {"synonym": "", "synonyms": "", "synonyms_en": "en", "synonyms_ru": "ru"}
# Properties that hold ids of other vocabularies; those of `xref` bring their own prefix.
_IDS: Final = {
    **dict.fromkeys(("xref", "xrefs"), ""),
    **{name: name.upper() for name in ("doid", "mondo", "omim", "orpha", "mesh", "umls", "drugbank", "icd10cm")},
    "icd10": "ICD10",
    "icd_10": "ICD10",
    "umls_cui": "UMLS",
}
_SOURCES: Final = ("primary_knowledge_source", "source", "provided_by")
_LICENCES: Final = ("licence", "license")
_REFERENCES: Final = ("reference", "publications")
# Ids in other spellings, which BioCypher writes beside its own.
_BESIDE: Final = ("id", "preferred_id")
_READ: Final = frozenset(
    (
        *(*_NAMES, *_SYNONYMS, *_IDS, *_SOURCES, *_LICENCES, *_REFERENCES, *_BESIDE, "kind", "negated"),
        *(known.name for kind in (*NODE_KINDS, *EDGE_KINDS) for known in kind.properties),
    )
)
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_HELD_KINDS: Final = f"Held are: {', '.join(NODE_BY_LABEL)}."
_HELD_EDGES: Final = f"Held are: {', '.join(EDGE_BY_TYPE)}."


@dataclass(frozen=True, slots=True)
class _Known:
    """A node that edges may name: its id and kind; no kind when it is not held."""

    id: str
    kind: str | None


class _Reader:
    """Reads the tables of one graph; remembers the nodes, since an edge tells neither their kind nor their id."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._known: dict[tuple[str, str], _Known] = {}
        self._codes: set[str] = set()

    def nodes(self, table: Table) -> Iterator[Record]:
        system = _icd_system(table)
        for cells in cells_of(table):
            if isinstance(cells, Problem):
                yield cells
                continue
            try:
                yield from self._node(cells, system)
            except RowRefusedError as refusal:
                yield refusal.problem

    def edges(self, table: Table) -> Iterator[Record]:
        greatest = _largest_weights(table)
        for cells in cells_of(table):
            if isinstance(cells, Problem):
                yield cells
                continue
            try:
                yield self._edge(cells, greatest)
            except RowRefusedError as refusal:
                yield refusal.problem

    def _node(self, cells: TypedCells, system: str) -> Iterator[Record]:
        key = cells.curie("id")
        words = cells.words("label")
        kind = kind_of(words, key)
        self._known[cells.key("id")] = _Known(key, kind)
        if kind is None:
            told = "|".join(words)[:MAX_SHOWN]
            raise cells.other(
                ":LABEL", "kind-not-held", told, f"{key} is a {told or 'thing without a label'}", _HELD_KINDS
            )
        if kind == "IcdCode" and is_icd(key):
            code = code_node(key)
            yield checked(replace(code, names=_names(cells) or code.names), cells.place())
            return
        names = _names(cells)
        if not names:
            raise cells.wrong("name", "empty-cell", "", f"{key} has no name", "Write its name.")
        synonyms: dict[str, tuple[str, ...]] = {}
        for column, text in cells.all(_SYNONYMS):
            language = _SYNONYMS[column] or _language(text)
            if text not in synonyms.get(language, ()):
                synonyms[language] = (*synonyms.get(language, ()), text)
        others, wrong = _other_ids(cells, system)
        others.pop(key, None)
        codes = [curie for curie in others if kind == "Disease" and is_icd(curie)]
        xrefs = tuple(sorted(others.keys() - set(codes)))
        claims = cells.claims(NODE_BY_LABEL[kind])
        yield checked(Node(kind, key, names, synonyms, claims, xrefs), cells.place())
        yield from wrong
        for curie in xrefs:
            if prefix_of(curie) in LINKED.get(kind, ()):
                yield checked(Same(kind, key, curie, "xref"), cells.place(others[curie]))
        for code in codes:
            if code not in self._codes:
                self._codes.add(code)
                yield checked(code_node(code), cells.place(others[code]))
            evidence = self._evidence(cells, f"{key} {others[code]} {code}", {})
            yield checked(Edge("CODED_AS", key, code, (evidence,)), cells.place(others[code]))

    def _edge(self, cells: TypedCells, greatest: Mapping[str, float]) -> Record:
        start, end = self._end(cells, "start"), self._end(cells, "end")
        words = cells.words("type")
        meaning = _meaning(words, start.kind, end.kind)
        told = "|".join(words)[:MAX_SHOWN]
        if meaning is None:
            raise cells.other(":TYPE", "edge-not-held", told, f"{told!r} is not held", _HELD_EDGES)
        if meaning.turned:
            start, end = end, start
        if start.kind is None or end.kind is None or not fits(meaning.kind, start.kind, end.kind):
            said = f"{start.id} ({start.kind or 'other'}) {told} {end.id} ({end.kind or 'other'})"
            raise cells.other(":TYPE", "ends-not-held", told, f"{short(said)} is no edge of this graph", _HELD_EDGES)
        claims: dict[str, Any] = {
            **meaning.claims,
            **cells.claims(EDGE_BY_TYPE[meaning.kind]),
            **_purpose(cells, meaning.kind),
        }
        weight = claims.get("weight")
        if greatest and isinstance(weight, float):
            claims["weight"] = relative(weight, greatest.get(cells.of_role("start"), 0.0))
        reference = cells.one(*_REFERENCES) or f"{start.id} {told} {end.id}"
        return checked(Edge(meaning.kind, start.id, end.id, (self._evidence(cells, reference, claims),)), cells.place())

    def _end(self, cells: TypedCells, role: RoleName) -> _Known:
        key = cells.key(role)
        found = self._known.get(key)
        if found is None:
            space = f" in the space {short(key[0])}" if key[0] else ""
            why = f"there is no node {short(key[1])!r}{space}"
            heading = ":START_ID" if role == "start" else ":END_ID"
            raise cells.wrong(heading, "no-such-node", key[1], why, "Name the file that has it as well.")
        return found

    def _evidence(self, cells: TypedCells, reference: str, claims: Mapping[str, Any]) -> Evidence:
        name = source_name(cells.one(*_SOURCES)) or self._source
        licence = cells.one(*_LICENCES)
        against = cells.one("negated").lower() == "true"
        return Evidence(
            source=name,
            version=VERSION,
            licence=licence_named(licence) or licence[:MAX_SHOWN] or licence_of(name, UNKNOWN_LICENCE),
            reference=reference[:MAX_SHOWN],
            asserted_by=self._source,
            direction="against" if against else "for",
            claims={} if against else claims,
        )


def read_graph(tables: Sequence[Table], source: str) -> Iterator[Record]:
    """Yield the nodes of all tables, then their edges, and every row that is neither."""
    reader = _Reader(source)
    for table in tables:
        names = (field.name.lower() for field in table.header.fields if field.role == "property")
        yield from columns_not_read(table.head.name, 1, names, _READ)
        if not table.header.of_edges:
            yield from reader.nodes(table)
    for table in tables:
        if table.header.of_edges:
            yield from reader.edges(table)


def _meaning(words: Iterable[str], start: str | None, end: str | None) -> Meaning | None:
    return next((found for word in words if (found := meaning_of(word, start, end))), None)


def _names(cells: TypedCells) -> dict[str, str]:
    names: dict[str, str] = {}
    for column, text in cells.all(_NAMES):
        names.setdefault(_NAMES[column] or _language(text), text)
    return names


def _purpose(cells: TypedCells, kind: str) -> Mapping[str, str]:
    """Return what a drug is given for, where a column says so in the words of curators."""
    text = cells.one("kind") if kind == "TREATS" else ""
    if not text:
        return {}
    purpose = PURPOSES.get(text.lower())
    if purpose is None:
        why = f"{short(text)!r} says that the drug is not given for the disease, or not what for"
        raise cells.other("kind", "purpose-not-held", text, why, f"Held are: {', '.join(PURPOSES)}.")
    return {"purpose": purpose}


def _other_ids(cells: TypedCells, system: str) -> tuple[dict[str, str], list[Record]]:
    """Return the ids that a node has in other vocabularies with the column of each, and what is none."""
    found: dict[str, str] = {}
    wrong: list[Record] = []
    for column, text in cells.all(_IDS):
        prefix = system if _IDS[column] == "ICD10" else _IDS[column]
        try:
            found.setdefault(curie_in(text[:MAX_SHOWN], prefix), column)
        except RecordRejected as error:
            wrong.append(fault(cells.place(column), "id-form", text, error.message, error.hint or ""))
    return found, wrong


def _icd_system(table: Table) -> str:
    """Return the system that a column `icd10` is of: ICD-10-CM once it holds a code that ICD-10 cannot have."""
    for cells in cells_of(table):
        if isinstance(cells, Problem):
            continue
        for _, code in cells.all(("icd10", "icd_10")):
            if icd_code("ICD10", code) is None and icd_code("ICD10CM", code) is not None:
                return "ICD10CM"
    return "ICD10"


def _largest_weights(table: Table) -> Mapping[str, float]:
    """Return the largest weight of each disease when the weights are no shares; nothing when they are."""
    if not any(field.name.lower() == "weight" for field in table.header.fields):
        return {}
    rows = (cells for cells in cells_of(table) if isinstance(cells, TypedCells))
    found = largest((cells.of_role("start"), number(cells.one("weight")) or 0.0) for cells in rows)
    return found if any(weight > 1.0 for weight in found.values()) else {}


def _language(text: str) -> str:
    return "ru" if _CYRILLIC.search(text) else "en"
