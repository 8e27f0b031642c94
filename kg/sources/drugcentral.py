"""DrugCentral: what drugs are given for or must not be given in, their classes, and their ids elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final

from kg.sources.cells import DOID, DRUGBANK, SNOMED, UMLS, Cells, IdForm, each, told_rows
from kg.sources.drugcentral_ids import COLUMNS, Drugs, drugs_in, read_identifiers
from kg.sources.format import Files, Format, Part, Slot, Text
from kg.sources.heads import with_columns, with_header
from kg.sources.ids import by_name
from kg.sources.left_out import LeftOut
from kg.sources.origin import Origin
from kg.sources.records import Record
from kg.values import MAX_NAME, Edge, Evidence, Node, Same, check_text

_INDICATIONS: Final = ("DRUG_ID", "DRUG_NAME", "INDICATION_FDB", "UMLS_CUI", "SNOMEDCT_CUI", "DOID")
# The table of that name in DrugCentral's database, which newer releases have instead.
_RELATIONS: Final = ("struct_id", "relationship_name", "concept_name", "umls_cui", "snomed_conceptid")
_CLASSES: Final = ("DRUG_ID", "DRUG_NAME", "TYPE", "CLASS_SOURCE_ID", "CLASS", "SOURCE")
_REPHETIO_CLASSES: Final = ("class_id", "class_name", "class_source", "class_type", "url")
_REPHETIO_MEMBERS: Final = ("drugbank_id", "drugbank_name", "class_id", "class_name")
_ID_TYPES: Final = ("ID_TYPE", "DESCRIPTION", "URL")

_CLASS: Final = re.compile(r"(?:(N\d{10})|([CD]\d{6,9})|CHEBI:(\d{1,8}))")
_CLASS_PREFIXES: Final = ("NDFRT", "MESH", "CHEBI")

_ORIGIN: Final = Origin("drugcentral", "undated", "CC BY 4.0", "DrugCentral, University of New Mexico")


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    purpose: str = ""


_HELD: Final = {
    "indication": _Relation("TREATS", "unknown"),
    "off-label use": _Relation("TREATS", "unknown"),
    "symptomatic treatment": _Relation("TREATS", "symptomatic"),
    "contraindication": _Relation("CONTRAINDICATED_FOR"),
}
_NOT_HELD: Final = frozenset(("diagnosis", "reduce risk"))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a table of indications has the disease: its label, and its ids with the best first."""

    all: Sequence[str]
    drug: str
    label: str
    ids: Sequence[tuple[str, IdForm]]


_OLD: Final = _Columns(
    _INDICATIONS, "DRUG_ID", "INDICATION_FDB", (("DOID", DOID), ("UMLS_CUI", UMLS), ("SNOMEDCT_CUI", SNOMED))
)
_NEW: Final = _Columns(
    _RELATIONS, "struct_id", "concept_name", (("doid", DOID), ("umls_cui", UMLS), ("snomed_conceptid", SNOMED))
)


def read_indications(text: Text, drugs: Drugs) -> Iterator[Record]:
    """Yield drugs, diseases and TREATS of unknown purpose; the label of the row is quoted in the evidence."""
    named: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        drug = drugs.id(row)
        if drug not in named:
            named.add(drug)
            yield row.record(drugs.node(drug, row.filled("DRUG_NAME")), "DRUG_NAME")
        yield from told(row, drug, "indication")

    told = _diseases(text, _OLD)
    yield from each(text, "\t", _INDICATIONS, of)


def read_relations(text: Text, drugs: Drugs) -> Iterator[Record]:
    """Yield diseases, TREATS and CONTRAINDICATED_FOR; what a drug only tells apart or makes less likely is skipped."""
    left_out = LeftOut()

    def of(row: Cells) -> Iterator[Record]:
        relation = row["relationship_name"].lower()
        if relation in _NOT_HELD:
            rule = relation.replace(" ", "-")
            left_out.add(row.place("relationship_name"), rule, relation, f"the relation {relation!r} is not kept")
            return
        if relation not in _HELD:
            message = f"there is no relation {row['relationship_name']!r}"
            raise row.refused("relationship_name", "relation-unknown", message, f"Relations: {', '.join(_HELD)}.")
        yield from told(row, drugs.id(row, "struct_id"), relation)

    told = _diseases(text, _NEW)
    yield from each(text, "\t", _RELATIONS, of)
    yield from left_out.told()


def _diseases(text: Text, columns: _Columns) -> Callable[[Cells, str, str], Iterator[Record]]:
    """Return what reads the disease of a row and the edge to it; the most frequent label of an id is its name."""
    labels: dict[str, Counter[str]] = {}
    for row in told_rows(text, "\t", columns.all):
        for column, form in columns.ids:
            if form.pattern.fullmatch(row[column]):
                labels.setdefault(form.prefix + row[column], Counter())[row[columns.label]] += 1
    seen: set[str] = set()
    evidences: dict[tuple[str, str], Evidence] = {}

    def told(row: Cells, drug: str, relation: str) -> Iterator[Record]:
        label = check_text(row.filled(columns.label), MAX_NAME)
        ids = [row.id(column, form) for column, form in columns.ids if row[column]]
        disease = ids[0] if ids else by_name("Disease", label)
        if disease not in seen:
            seen.add(disease)
            name = _usual(labels[disease]) if ids else label
            yield row.record(Node("Disease", disease, {"en": name}), columns.label)
        for other in ids[1:]:
            link = Same("Disease", disease, other, "xref")
            if link.id not in seen:
                seen.add(link.id)
                yield row.record(link)
        held = _HELD[relation]
        edge = f"{drug} {disease} {relation} {label}"
        if edge in seen:
            return
        seen.add(edge)
        evidence = evidences.get((relation, label))
        if evidence is None:
            claims = {"purpose": held.purpose} if held.purpose else {}
            evidence = evidences[relation, label] = _ORIGIN.evidence(f"drugcentral {relation}", claims, label)
        yield row.record(Edge(held.kind, drug, disease, (evidence,)))

    return told


def _usual(labels: Counter[str]) -> str:
    return min(labels, key=lambda label: (-labels[label], len(label), label))


def read_classes(text: Text, drugs: Drugs) -> Iterator[Record]:
    """Yield drugs, their classes (of FDA, MeSH and ChEBI) and IN_CLASS."""
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        drug = drugs.node(drugs.id(row), row.filled("DRUG_NAME"))
        yield from _member(row, drug, ("CLASS_SOURCE_ID", "CLASS"), row["TYPE"], seen)

    yield from each(text, "\t", _CLASSES, of)


def read_rephetio_members(text: Text, drugs: Drugs) -> Iterator[Record]:
    """Yield drugs by DrugBank id, their classes and IN_CLASS."""
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        drug = drugs.node(row.id("drugbank_id", DRUGBANK), row.filled("drugbank_name"))
        yield from _member(row, drug, ("class_id", "class_name"), "rephetio", seen)

    yield from each(text, "\t", _REPHETIO_MEMBERS, of)


def read_rephetio_classes(text: Text) -> Iterator[Record]:
    """Yield the classes, those without a drug too."""

    def of(row: Cells) -> Iterator[Record]:
        yield row.record(Node("DrugClass", _class_id(row, "class_id"), {"en": row.filled("class_name")}))

    yield from each(text, "\t", _REPHETIO_CLASSES, of)


def _member(row: Cells, drug: Node, group: tuple[str, str], relation: str, seen: set[str]) -> Iterator[Record]:
    """Yield the drug, the class in those two columns (id and name), and IN_CLASS, each once."""
    drug_class = Node("DrugClass", _class_id(row, group[0]), {"en": row.filled(group[1])})
    for node in (drug, drug_class):
        if node.id not in seen:
            seen.add(node.id)
            yield row.record(node)
    edge = Edge("IN_CLASS", drug.id, drug_class.id, (_ORIGIN.evidence(f"drugcentral classes {relation}"),))
    if edge.id not in seen:
        seen.add(edge.id)
        yield row.record(edge)


def _class_id(row: Cells, column: str) -> str:
    found = _CLASS.fullmatch(row[column])
    if found is None:
        message = f"{row[column]!r} is not a class of FDA, MeSH or ChEBI"
        raise row.refused(column, "id-form", message, "Write it like N0000175655, D000970 or CHEBI:22153.")
    return next(f"{prefix}:{local}" for prefix, local in zip(_CLASS_PREFIXES, found.groups(), strict=True) if local)


def _records(files: Files) -> Iterator[Record]:
    drugs = drugs_in(next(iter(files["identifiers"]), None))
    return chain(
        chain.from_iterable(read_identifiers(text, drugs) for text in files["identifiers"]),
        chain.from_iterable(read_indications(text, drugs) for text in files["indications"]),
        chain.from_iterable(read_relations(text, drugs) for text in files["relations"]),
        chain.from_iterable(read_classes(text, drugs) for text in files["classes"]),
        chain.from_iterable(map(read_rephetio_classes, files["rephetio-classes"])),
        chain.from_iterable(read_rephetio_members(text, drugs) for text in files["rephetio-members"]),
    )


def _plan(files: Files) -> Sequence[Part]:
    return (_ORIGIN.part(partial(_records, files)),)


FORMAT: Final = Format(
    "drugcentral",
    "DrugCentral: indications, classes and identifiers",
    "CC BY 4.0 (University of New Mexico).",
    (
        Slot("indications", "drug_indication.tsv", with_header("\t", *_INDICATIONS), required=False),
        Slot("relations", "omop_relationship.tsv", with_columns("\t", *_RELATIONS), required=False),
        Slot("classes", "pharm_class.tsv", with_header("\t", *_CLASSES), required=False),
        Slot("identifiers", "identifiers.tsv", with_header("\t", *COLUMNS), required=False),
        Slot("id-types", "idtype.tsv, which is not read", with_header("\t", *_ID_TYPES), required=False),
        Slot("rephetio-classes", "rephetio-classes.tsv", with_header("\t", *_REPHETIO_CLASSES), required=False),
        Slot("rephetio-members", "rephetio-drug-to-class.tsv", with_header("\t", *_REPHETIO_MEMBERS), required=False),
    ),
    _plan,
)
