"""PrimeKG: `kg.csv` with both ends in each row, or `edges.csv` with `nodes.csv`; every edge stands in it twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

from kg.errors import DataError
from kg.sources.cells import Cells, each, short
from kg.sources.checked import not_held
from kg.sources.curies import effect_id
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.records import Place, Record
from kg.values import NOTHING, Edge, Evidence, Node

SOURCE: Final = "primekg"
VERSION: Final = "undated"
LICENCE: Final = "CC0-1.0 for the collection; that of each source for its rows"
_END: Final = ("index", "id", "type", "name", "source")
KG_COLUMNS: Final = ("relation", "display_relation", *(f"x_{name}" for name in _END), *(f"y_{name}" for name in _END))
NODE_COLUMNS: Final = tuple(f"node_{name}" for name in _END)
EDGE_COLUMNS: Final = ("relation", "display_relation", "x_index", "y_index")

_GROUPED: Final = re.compile(r"\d{1,7}(_\d{1,7})+")
_LONGEST_GROUP: Final = 100
_FORMS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "MONDO": (re.compile(r"\d{1,7}"), "MONDO:{:0>7}"),
    "MONDO_grouped": (_GROUPED, "MONDO.GROUP:{}"),
    "HPO": (re.compile(r"\d{1,7}"), "HP:{:0>7}"),
    "DrugBank": (re.compile(r"DB\d{5}"), "DRUGBANK:{}"),
}
_KINDS: Final[Mapping[str, str]] = {"disease": "Disease", "drug": "Drug", "effect/phenotype": "Symptom"}
_OTHER_KINDS: Final = frozenset(
    (
        *("anatomy", "biological_process", "cellular_component", "exposure"),
        *("gene/protein", "molecular_function", "pathway"),
    )
)


@dataclass(frozen=True, slots=True)
class _Relation:
    """How a relation is held: its kind of edge, the types of its ends in order, claims, and for or against."""

    kind: str
    start: str
    end: str
    claims: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    direction: Literal["for", "against"] = "for"


_RELATIONS: Final[Mapping[str, _Relation]] = {
    "disease_phenotype_positive": _Relation("HAS_SYMPTOM", "disease", "effect/phenotype"),
    "disease_phenotype_negative": _Relation("HAS_SYMPTOM", "disease", "effect/phenotype", direction="against"),
    "indication": _Relation("TREATS", "drug", "disease", {"purpose": "unknown"}),
    "off-label use": _Relation("TREATS", "drug", "disease", {"purpose": "unknown"}),
    "contraindication": _Relation("CONTRAINDICATED_FOR", "drug", "disease"),
    "drug_effect": _Relation("CAUSES", "drug", "effect/phenotype"),
    "disease_disease": _Relation("IS_A", "disease", "disease"),
    "phenotype_phenotype": _Relation("IS_A", "effect/phenotype", "effect/phenotype"),
    "drug_drug": _Relation("INTERACTS_WITH", "drug", "drug"),
}
_EVIDENCE: Final[Mapping[str, Evidence]] = {
    name: Evidence(
        source=SOURCE,
        version=VERSION,
        licence=LICENCE,
        reference=f"PrimeKG {name}",
        asserted_by="PrimeKG",
        direction=relation.direction,
        claims=relation.claims,
    )
    for name, relation in _RELATIONS.items()
}
_HELD: Final = f"Held are: {', '.join(_RELATIONS)}."


@dataclass(frozen=True, slots=True)
class _End:
    """An end of an edge as the files tell it."""

    index: int
    type: str
    id: str
    name: str
    parts: tuple[str, ...] = ()


class _Reader:
    """Reads the files of one copy; remembers which things it has told and which edges it has seen in one direction."""

    def __init__(self) -> None:
        self._told: set[tuple[str, int]] = set()
        self._waiting: set[tuple[str, int]] = set()
        self._ends: dict[str, _End | None] = {}
        self._seen: dict[tuple[str, ...], _End] = {}

    def nodes(self, text: Text) -> Iterator[Record]:
        return each(text, ",", NODE_COLUMNS, self._node)

    def kg(self, text: Text) -> Iterator[Record]:
        return each(text, ",", KG_COLUMNS, self._edge)

    def edges(self, text: Text) -> Iterator[Record]:
        return each(text, ",", EDGE_COLUMNS, self._edge_by_index)

    def _node(self, row: Cells) -> Iterator[Record]:
        kind = row["node_type"]
        if kind in _OTHER_KINDS:
            self._ends[row["node_index"]] = None
            raise row.other("node_type", "kind-not-held", f"{short(row['node_id'])} is of the type {kind}", _HELD_TYPES)
        end = _end(row, "node_")
        self._ends[row["node_index"]] = end
        yield from self._thing(row, end, _KINDS[end.type])

    def _edge_by_index(self, row: Cells) -> Iterator[Record]:
        relation = self._relation(row)
        ends: list[_End] = []
        for column in ("x_index", "y_index"):
            end = self._ends.get(row[column])
            if end is None:
                why = f"there is no node {short(row[column])!r} that is held"
                raise row.refused(column, "no-such-node", why, "Is nodes.csv of the same release?")
            ends.append(end)
        yield from self._told_edge(row, relation, *ends)

    def _edge(self, row: Cells) -> Iterator[Record]:
        relation = self._relation(row)
        yield from self._told_edge(row, relation, self._end_in(row, "x_"), self._end_in(row, "y_"))

    def _end_in(self, row: Cells, prefix: str) -> _End:
        # A thing stands in hundreds of rows, so the same cells are looked at once.
        cells = tuple(row[f"{prefix}{name}"] for name in _END)
        end = self._seen.get(cells)
        if end is None:
            end = self._seen[cells] = _end(row, prefix)
        return end

    def _relation(self, row: Cells) -> _Relation:
        relation = _RELATIONS.get(row["relation"])
        if relation is None:
            raise row.other("relation", "relation-not-held", f"{short(row['relation'])!r} is not held", _HELD)
        return relation

    def _told_edge(self, row: Cells, relation: _Relation, x: _End, y: _End) -> Iterator[Record]:
        if {x.type, y.type} != {relation.start, relation.end}:
            why = f"{row['relation']} does not go from {short(x.type)} to {short(y.type)}"
            raise row.refused("relation", "ends-unfit", why, f"It goes from {relation.start} to {relation.end}.")
        # Two numbers in one: of 2.7 million pairs of drugs, every one waits for its other direction.
        pair = (row["relation"], min(x.index, y.index) << 32 | max(x.index, y.index))
        if pair in self._waiting:
            self._waiting.remove(pair)
            return
        self._waiting.add(pair)
        # PrimeKG writes parents before their children, and turns the rows round below all others.
        start, end = (y, x) if relation.kind == "IS_A" or x.type != relation.start else (x, y)
        kinds = _KINDS[start.type], "SideEffect" if relation.kind == "CAUSES" else _KINDS[end.type]
        for told, kind in ((start, kinds[0]), (end, kinds[1])):
            yield from self._thing(row, told, kind)
        end_id = effect_id(end.id) if relation.kind == "CAUSES" else end.id
        yield row.record(Edge(relation.kind, start.id, end_id, (_EVIDENCE[row["relation"]],)))

    def _thing(self, row: Cells, end: _End, kind: str) -> Iterator[Record]:
        if (kind, end.index) in self._told:
            return
        self._told.add((kind, end.index))
        if kind == "SideEffect":
            yield row.record(Node(kind, effect_id(end.id), {"en": end.name}, xrefs=(end.id,)))
        else:
            yield row.record(Node(kind, end.id, {"en": end.name}, xrefs=end.parts))


def _end(row: Cells, prefix: str) -> _End:
    index, local, kind, source = (row[f"{prefix}{name}"] for name in ("index", "id", "type", "source"))
    if kind in _OTHER_KINDS:
        raise row.other(f"{prefix}type", "kind-not-held", f"{short(local)} is of the type {kind}", _HELD_TYPES)
    if kind not in _KINDS:
        raise row.refused(f"{prefix}type", "kind-unknown", f"PrimeKG has no type {short(kind)!r}", _HELD_TYPES)
    if not index.isascii() or not index.isdigit() or len(index) > 9:
        raise row.refused(f"{prefix}index", "index-form", f"{short(index)!r} is no index", "Write a whole number.")
    form = _FORMS.get(source)
    if form is None:
        fix = f"Known are: {', '.join(_FORMS)}."
        raise row.refused(f"{prefix}source", "source-unknown", f"{short(source)!r} is no vocabulary of PrimeKG", fix)
    if not form[0].fullmatch(local):
        raise row.refused(
            f"{prefix}id", "id-form", f"{short(local)!r} is no id of {source}", "Write it as PrimeKG does."
        )
    parts = tuple(f"MONDO:{number:0>7}" for number in local.split("_")) if source == "MONDO_grouped" else ()
    if len(local) > _LONGEST_GROUP:
        # Some groups have dozens of members; the first and the number of the others still tell them apart by index.
        local = f"{local.partition('_')[0]}_and_{len(parts) - 1}_{index}"
    return _End(int(index), kind, form[1].format(local), row.filled(f"{prefix}name"), parts)


_HELD_TYPES: Final = f"Held are: {', '.join(_KINDS)}."


def read(files: Files) -> Iterator[Record]:
    """Yield the things and one edge for each pair, its ends in the order of the graph."""
    reader = _Reader()
    for text in files.get("nodes", ()):
        yield from reader.nodes(text)
    whole = files.get("kg", ())
    for text in whole:
        yield from reader.kg(text)
    for text in files.get("edges", ()):
        if whole:
            why = f"{text.name} tells the same edges as {whole[0].name}"
            yield not_held(Place(text.name, 1), "told-twice", text.name, why, "Nothing to do.")
        else:
            yield from reader.edges(text)


def _has(columns: tuple[str, ...], head: Head) -> bool:
    return head.columns(",") == columns


def _plan(files: Files) -> Sequence[Part]:
    if not files.get("kg") and not (files.get("nodes") and files.get("edges")):
        raise DataError("PrimeKG needs kg.csv, or nodes.csv and edges.csv", hint="Name the folder that has them.")
    return (Part(SOURCE, VERSION, LICENCE, partial(read, files)),)


FORMAT: Final = Format(
    name="primekg",
    title="PrimeKG",
    licence="The collection CC0; DrugBank, DrugCentral, HPO, Mondo and the others keep theirs.",
    slots=(
        Slot("kg", "edges with both ends (kg.csv)", partial(_has, KG_COLUMNS), required=False),
        Slot("nodes", "nodes (nodes.csv)", partial(_has, NODE_COLUMNS), required=False),
        Slot("edges", "edges by index (edges.csv)", partial(_has, EDGE_COLUMNS), required=False),
    ),
    plan=_plan,
)
