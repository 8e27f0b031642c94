"""DRKG: one table without a header, of head, relation and tail, from Hetionet, DrugBank, GNBR and others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from kg.errors import RecordRejected
from kg.sources.cells import Cells, each, short
from kg.sources.curies import DISEASE_PREFIXES, curie_in, prefix_of
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.knowledge_sources import licence_of, source_name
from kg.sources.metagraph import METAEDGES
from kg.sources.records import Record
from kg.values import NOTHING, Edge, Evidence, Node

SOURCE: Final = "drkg"
VERSION: Final = "undated"
LICENCE: Final = "that of each source"
_COLUMNS: Final = ("head", "relation", "tail")
_ROW: Final = re.compile(
    r"[A-Z][A-Za-z ]*::[^\t]+\t[A-Za-z0-9_]+::[^\t]*::[A-Z][^\t:]*:[A-Z][^\t:]*\t[A-Z][A-Za-z ]*::[^\t]+"
)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a relation is here: its kind of edge, the licence, whether it turns round, and its claims."""

    kind: str
    licence: str
    turned: bool = False
    claims: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


# The kind and the vocabulary that a local id without a prefix belongs to.
_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "Disease": ("Disease", "DRKG.DISEASE"),
    "Symptom": ("Symptom", "MESH"),
    "Compound": ("Drug", "DRKG.COMPOUND"),
    "Pharmacologic Class": ("DrugClass", "NDFRT"),
    "Side Effect": ("SideEffect", "UMLS"),
    "Atc": ("DrugClass", "ATC"),
}
_RELATIONS: Final[Mapping[str, _Meaning]] = {
    **{
        f"Hetionet::{name}::{meta.source}:{meta.target}": _Meaning(meta.kind, meta.licence, meta.turned, meta.claims)
        for name, meta in METAEDGES.items()
    },
    "DRUGBANK::treats::Compound:Disease": _Meaning("TREATS", licence_of("drugbank"), claims={"purpose": "unknown"}),
    "DRUGBANK::ddi-interactor-in::Compound:Compound": _Meaning("INTERACTS_WITH", licence_of("drugbank")),
    "DRUGBANK::x-atc::Compound:Atc": _Meaning("IN_CLASS", licence_of("drugbank")),
    # GNBR read these out of abstracts: T is treatment or therapy, Pa that it eases.
    "GNBR::T::Compound:Disease": _Meaning("TREATS", licence_of("gnbr"), claims={"purpose": "unknown"}),
    "GNBR::Pa::Compound:Disease": _Meaning("TREATS", licence_of("gnbr"), claims={"purpose": "symptomatic"}),
}
_HELD: Final = f"Held are: {', '.join(_RELATIONS)}."


class _Reader:
    """Reads one file; remembers which things it has told."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._evidence = {
            relation: Evidence(
                source=source_name(relation.partition("::")[0]),
                version="in DRKG",
                licence=meaning.licence,
                reference=f"drkg {relation}",
                asserted_by="DRKG",
                claims=meaning.claims,
            )
            for relation, meaning in _RELATIONS.items()
        }

    def records(self, text: Text) -> Iterator[Record]:
        """Yield the edges, and before its first edge each thing, named by its id because DRKG tells no names."""
        return each(text, "\t", _COLUMNS, self._row, headless=True)

    def _row(self, row: Cells) -> Iterator[Record]:
        relation = row["relation"]
        meaning = _RELATIONS.get(relation)
        if meaning is None:
            if relation.count("::") != 2:
                raise row.refused("relation", "relation-form", f"{short(relation)!r} is not source::name::ends", _HELD)
            raise row.other("relation", "relation-not-held", f"{short(relation)} is not held", _HELD)
        source, _, target = relation.rpartition("::")[2].partition(":")
        head, tail = self._id(row, "head", source), self._id(row, "tail", target)
        for key, metanode in ((head, source), (tail, target)):
            if key not in self._told:
                self._told.add(key)
                yield row.record(Node(_KINDS[metanode][0], key, {"en": key}))
        start, end = (tail, head) if meaning.turned else (head, tail)
        yield row.record(Edge(meaning.kind, start, end, (self._evidence[relation],)))

    def _id(self, row: Cells, column: str, metanode: str) -> str:
        text = row[column]
        before, _, local = text.partition("::")
        if before != metanode:
            raise row.refused(
                column, "id-kind", f"{short(text)!r} is not the id of a {metanode}", f"Write {metanode}::ID."
            )
        if metanode == "Atc":
            # Its codes are those of substances; the class is what stands before the last two signs.
            local = local[:5]
        try:
            key = curie_in(local, _KINDS[metanode][1])
        except RecordRejected as error:
            raise row.refused(column, "id-form", error.message, error.hint or "") from error
        if metanode == "Disease" and prefix_of(key) not in DISEASE_PREFIXES:
            raise row.other(column, "id-outside", f"{key} is no disease of a vocabulary that is held", "Nothing to do.")
        return key


def _recognises(head: Head) -> bool:
    return _ROW.fullmatch(head.first_line[:2000]) is not None


def _plan(files: Files) -> Sequence[Part]:
    return tuple(Part(SOURCE, VERSION, LICENCE, partial(_read, text)) for text in files["triples"])


def _read(text: Text) -> Iterator[Record]:
    return _Reader().records(text)


FORMAT: Final = Format(
    name="drkg",
    title="DRKG, the drug repurposing knowledge graph",
    licence="That of each source: Hetionet CC0, DrugBank CC BY-NC 4.0, GNBR as told by its makers.",
    slots=(Slot("triples", "the table of head, relation, tail without a header (drkg.tsv)", _recognises),),
    plan=_plan,
)
