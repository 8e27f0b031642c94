"""Knowledge graphs in the KGX format: nodes and edges in the words of the Biolink model, as TSV or JSONL."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, cast

from kg.errors import RecordRejected
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL
from kg.sources.cells import RowRefusedError, short
from kg.sources.checked import MAX_SHOWN, checked, not_held, refused
from kg.sources.curies import LINKED, effect_id, prefix_of, usual_curie
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.hpo_frequency import TERMS, weight_of
from kg.sources.icd_codes import code_node
from kg.sources.kgx_entries import Entry, entries
from kg.sources.kgx_own import is_own, names_of, properties_of
from kg.sources.knowledge_sources import UNKNOWN_LICENCE, licence_named, licence_of, source_name
from kg.sources.records import Problem, Record
from kg.sources.vocabularies import is_icd
from kg.sources.words_of_others import fits, kind_by_prefix, kind_of, meaning_of
from kg.values import MAX_NAME, Edge, Evidence, Node, Same, check_text

SOURCE: Final = "kgx"
VERSION: Final = "undated"
LICENCE: Final = "that of each primary source"
NODE_FIELDS: Final = ("id", "category")
EDGE_FIELDS: Final = ("subject", "predicate", "object")
_HELD_EDGES: Final = "Held are has_phenotype, treats, contraindicated_in, has_side_effect, subclass_of, similar_to."
_HELD_KINDS: Final = "Held are Disease, PhenotypicFeature, Drug, SmallMolecule and ChemicalEntity."
_LONGEST: Final = 500


class _Reader:
    """Reads one graph; remembers the kind and name of each node that is held, since an edge tells neither."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._others: set[str] = set()
        self._told: set[str] = set()

    def nodes(self, text: Text) -> Iterator[Record]:
        return self._records(text, NODE_FIELDS, self._node)

    def edges(self, text: Text) -> Iterator[Record]:
        return self._records(text, EDGE_FIELDS, self._edge)

    def _records(
        self, text: Text, required: Sequence[str], make: Callable[[Entry], Iterator[Record]]
    ) -> Iterator[Record]:
        for entry in entries(text, required):
            if isinstance(entry, Problem):
                yield entry
                continue
            try:
                yield from make(entry)
            except RowRefusedError as refusal:
                yield refusal.problem

    def _node(self, entry: Entry) -> Iterator[Record]:
        key = _curie(entry, "id")
        kind = kind_of(entry.all("category"), key)
        if kind is None:
            self._others.add(key)
            told = "|".join(entry.all("category"))[:MAX_SHOWN]
            why = f"{key} is of the category {told}"
            yield not_held(entry.place("category"), "kind-not-held", told, why, _HELD_KINDS)
            return
        if kind == "IcdCode":
            name = entry.one("name")
            node = code_node(key, name) if is_icd(key) else Node(kind, key, {"en": name or key})
            names, _ = names_of(entry)
            yield checked(replace(node, names={**node.names, **names}), entry.place())
            self._kinds[key] = kind
            return
        name = entry.one("name")
        if not name:
            raise entry.wrong("name", "empty-cell", f"{key} has no name", "Write its name.")
        wrong: list[Record] = []
        others = _others(entry, key, wrong)
        synonyms = _synonyms(entry, name, wrong)
        codes = [curie for curie in others if is_icd(curie) and kind == "Disease"]
        xrefs = tuple(sorted(others.keys() - set(codes)))
        names, more = names_of(entry)
        synonyms_by = {"en": synonyms, **more} if synonyms else more
        own = properties_of(entry, NODE_BY_LABEL[kind]) if is_own(entry, kind) else {}
        # Where a thing has a name in another language only, that stands in both fields.
        english = {} if name in names.values() else {"en": name}
        found = checked(Node(kind, key, {**english, **names}, synonyms_by, own, xrefs), entry.place())
        yield found
        yield from wrong
        if isinstance(found, Problem):
            return
        self._kinds[key] = kind
        if kind == "Symptom":
            self._names[key] = name
        for curie in xrefs:
            if prefix_of(curie) in LINKED.get(kind, ()):
                why = "exact" if others[curie] == "same_as" else "xref"
                yield checked(Same(kind, key, curie, why), entry.place(others[curie]))
        for code in codes:
            yield from self._code(entry, key, code)

    def _code(self, entry: Entry, key: str, code: str) -> Iterator[Record]:
        if code not in self._told:
            self._told.add(code)
            yield checked(code_node(code), entry.place("xref"))
        evidence = _evidence(entry, entry.one("provided_by"), f"{key} xref {code}", "KGX node", {})
        yield checked(Edge("CODED_AS", key, code, (evidence,)), entry.place("xref"))

    def _edge(self, entry: Entry) -> Iterator[Record]:
        ends = _curie(entry, "subject"), _curie(entry, "object")
        predicate = entry.one("predicate")
        kinds = [None if end in self._others else self._kinds.get(end) or kind_by_prefix(end) for end in ends]
        meaning = meaning_of(predicate, *kinds)
        if meaning is None:
            why = f"{short(predicate)!r} is not held"
            yield not_held(entry.place("predicate"), "edge-not-held", predicate, why, _HELD_EDGES)
            return
        start, end = reversed(ends) if meaning.turned else ends
        start_kind, end_kind = reversed(kinds) if meaning.turned else kinds
        effect = meaning.kind == "CAUSES" and end_kind == "Symptom"
        if effect:
            end_kind = "SideEffect"
        if start_kind is None or end_kind is None or not fits(meaning.kind, start_kind, end_kind):
            told = f"{start} ({start_kind or 'other'}) {predicate} {end} ({end_kind or 'other'})"
            why = f"{short(told)} is no edge of this graph"
            yield not_held(entry.place("predicate"), "ends-not-held", short(told), why, _HELD_EDGES)
            return
        if effect:
            name = self._names.get(end, end)
            end, phenotype = effect_id(end), end
            if end not in self._told:
                self._told.add(end)
                yield checked(Node("SideEffect", end, {"en": name}, xrefs=(phenotype,)), entry.place("object"))
        claims: dict[str, Any] = dict(meaning.claims)
        weight = _weight(entry)
        ranked = {"HAS_SYMPTOM": "weight", "CAUSES": "frequency"}.get(meaning.kind)
        negated = entry.one("negated").lower() == "true" or (ranked is not None and weight == 0.0)
        if ranked and weight is not None and not negated:
            claims[ranked] = weight
        if is_own(entry, meaning.kind):
            claims = {**claims, **properties_of(entry, EDGE_BY_TYPE[meaning.kind])}
        reference = "|".join(entry.all("publications")) or entry.one("id") or f"{ends[0]} {predicate} {ends[1]}"
        by = entry.one("asserted_by") or entry.one("agent_type") or entry.one("knowledge_level") or "KGX edge"
        source = entry.one("primary_knowledge_source") or entry.one("knowledge_source") or entry.one("provided_by")
        evidence = _evidence(entry, source, reference, by, claims, against=negated)
        yield checked(Edge(meaning.kind, start, end, (evidence,)), entry.place())


def _curie(entry: Entry, field: str) -> str:
    text = entry.one(field)
    try:
        return usual_curie(text)
    except RecordRejected as error:
        raise entry.wrong(field, "id-form", error.message, error.hint or "") from error


def _others(entry: Entry, key: str, wrong: list[Record]) -> dict[str, str]:
    """Return the other ids that a node has, and the field of each."""
    found: dict[str, str] = {}
    for field in ("same_as", "xref"):
        for text in entry.all(field):
            try:
                found.setdefault(usual_curie(text), field)
            except RecordRejected:
                why = f"{short(text)!r} has signs that an id here cannot have"
                wrong.append(not_held(entry.place(field), "xref-not-held", text, why, "Nothing to do."))
    found.pop(key, None)
    return found


def _synonyms(entry: Entry, name: str, wrong: list[Record]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in entry.all("synonym"):
        try:
            found.setdefault(text.casefold(), check_text(text, MAX_NAME))
        except RecordRejected as error:
            wrong.append(refused(entry.place("synonym"), "synonym-text", text, error))
    found.pop(name.casefold(), None)
    return tuple(filter(None, found.values()))


def _weight(entry: Entry) -> float | None:
    """Return the share that an edge tells; a count without its total is no share and tells none."""
    for field in ("has_quotient", "has_percentage"):
        if text := entry.one(field):
            share = _number(entry, field) / (100.0 if field == "has_percentage" else 1.0)
            if share > 1.0:
                raise entry.wrong(
                    field, "not-a-share", f"{short(text)} is more than all", "Write a share of the whole."
                )
            return round(share, 6)
    if entry.one("has_count") and entry.one("has_total"):
        seen, of = _number(entry, "has_count"), _number(entry, "has_total")
        if seen > of or of == 0:
            raise entry.wrong(
                "has_total", "not-a-share", "the count is more than the total", "Write how many of how many."
            )
        return round(seen / of, 6)
    term = entry.one("frequency_qualifier")
    if not term:
        return None
    if term.startswith("HP:") and term not in TERMS:
        raise entry.wrong(
            "frequency_qualifier", "frequency-form", f"{short(term)} is no frequency", "Write HP:0040281."
        )
    return weight_of(term)


def _number(entry: Entry, field: str) -> float:
    try:
        value = float(entry.one(field))
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        why = f"{short(entry.one(field))!r} is not a number of zero or more"
        raise entry.wrong(field, "not-a-number", why, "Write it with a point, for instance 0.25.")
    return value


def _evidence(
    entry: Entry, source: str, reference: str, by: str, claims: Mapping[str, Any], *, against: bool = False
) -> Evidence:
    name = source_name(source) or SOURCE
    snippet = entry.one("snippet")[:_LONGEST]
    told = entry.one("license") or entry.one("licence")
    return Evidence(
        source=name,
        version=entry.one("version")[:MAX_SHOWN] or VERSION,
        licence=licence_named(told) or told[:MAX_SHOWN] or licence_of(name, UNKNOWN_LICENCE),
        reference=reference[:_LONGEST],
        asserted_by=by[:MAX_SHOWN],
        snippet=snippet or None,
        direction="against" if against else "for",
        claims=claims,
    )


def read(nodes: Sequence[Text], edges: Sequence[Text]) -> Iterator[Record]:
    """Yield the nodes, then the edges between things that are held."""
    reader = _Reader()
    for text in nodes:
        yield from reader.nodes(text)
    for text in edges:
        yield from reader.edges(text)


def _recognises(fields: tuple[str, ...], others: tuple[str, ...], head: Head) -> bool:
    line = head.first_line.lstrip("\ufeff")
    if line.startswith("{"):
        try:
            value: Any = json.loads(line)
        except (ValueError, RecursionError):
            return False
        found = set(cast(dict[str, Any], value)) if isinstance(value, dict) else set[str]()
    else:
        found = set(head.columns("\t"))
    return set(fields) <= found and not set(others) & found


def _plan(files: Files) -> Sequence[Part]:
    return (Part(SOURCE, VERSION, LICENCE, partial(read, files["nodes"], files["edges"])),)


FORMAT: Final = Format(
    name="kgx",
    title="knowledge graphs in KGX (Biolink), TSV or JSONL",
    licence="That of each primary source; the field license when there is one.",
    slots=(
        Slot(
            "nodes",
            "nodes with the fields id and category (.tsv, .jsonl)",
            partial(_recognises, NODE_FIELDS, ("subject", "predicate")),
            many=True,
        ),
        Slot(
            "edges",
            "edges with the fields subject, predicate and object (.tsv, .jsonl)",
            partial(_recognises, EDGE_FIELDS, ()),
            many=True,
        ),
    ),
    plan=_plan,
)
