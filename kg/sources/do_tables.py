"""The report tables of the Human Disease Ontology: its tree, its symptoms and its cross-references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Final

from kg.errors import DataError, RecordRejected
from kg.sources.cells import DOID, SYMP, Cells, each, short, told_rows
from kg.sources.checked import fault, not_held, refused
from kg.sources.curies import LINKED, prefix_of, usual_curie
from kg.sources.format import Files, Format, Part, Slot, Text
from kg.sources.heads import with_header
from kg.sources.icd_codes import code_node
from kg.sources.icd_tree import usual_code
from kg.sources.origin import Origin
from kg.sources.records import Record
from kg.sources.vocabularies import is_icd
from kg.values import Edge, Node, Same

_TREE: Final = ("id", "label", "subClassOf")
_SYMPTOMS: Final = ("disease_id", "disease_label", "symptom_id", "symptom_label")
_XREF: Final = ("id", "label", "xref")
_XREFS: Final = ("id", "label", "xrefs")
# The root of the ontology; it is a kind here, not a disease.
_ROOT: Final = "disease"
_BETWEEN: Final = re.compile(r"\s*,\s*")

_ORIGIN: Final = Origin("disease-ontology", "undated", "CC0-1.0", "Human Disease Ontology")


def read_tree(text: Text) -> Iterator[Record]:
    """Yield diseases and IS_A. The table names a parent by its label; `text` is gone through twice."""
    labels: dict[str, set[str]] = {}
    for row in told_rows(text, "\t", _TREE):
        labels.setdefault(row["label"], set()).add(row["id"])
    evidence = _ORIGIN.evidence("disease-ontology HumanDO")
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        disease = row.id("id", DOID)
        yield from row.once(seen, "Disease", disease, "label")
        label = row["subClassOf"]
        if label in ("", _ROOT):
            return
        parents = labels.get(label, set())
        if len(parents) != 1:
            message = f"{len(parents) or 'no'} diseases are called {label!r}"
            raise row.refused("subClassOf", "unknown-parent", message, "Name the label of one other row.")
        yield row.record(Edge("IS_A", disease, min(parents), (evidence,)), "subClassOf")

    yield from each(text, "\t", _TREE, of)


def read_symptoms(text: Text) -> Iterator[Record]:
    """Yield diseases, symptoms and HAS_SYMPTOM; the table tells no weights."""
    evidence = _ORIGIN.evidence("disease-ontology has symptom")
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        disease, symptom = row.id("disease_id", DOID), row.id("symptom_id", SYMP)
        yield from row.once(seen, "Disease", disease, "disease_label")
        yield from row.once(seen, "Symptom", symptom, "symptom_label")
        yield row.record(Edge("HAS_SYMPTOM", disease, symptom, (evidence,)))

    yield from each(text, "\t", _SYMPTOMS, of)


def read_xrefs(text: Text, columns: Sequence[str], told: set[str]) -> Iterator[Record]:
    """Yield diseases with their cross-references, what is the same elsewhere, and CODED_AS with the codes.

    `told` holds what another table has told already: the tables repeat one another. `text` is gone through twice.
    """
    column = columns[-1]
    others: dict[str, set[str]] = {}
    for row in told_rows(text, "\t", columns):
        for part in _BETWEEN.split(row[column]):
            curie = _curie(part)
            if isinstance(curie, str) and not is_icd(curie):
                others.setdefault(row["id"], set()).add(curie)
    named: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        disease = row.id("id", DOID)
        if disease not in named:
            named.add(disease)
            xrefs = tuple(sorted(others.get(disease, ())))
            yield row.record(Node("Disease", disease, {"en": row.filled("label")}, xrefs=xrefs), "label")
        for part in _BETWEEN.split(row.filled(column)):
            curie = _curie(part)
            if isinstance(curie, RecordRejected):
                yield _unread(row, column, part, curie)
                continue
            if f"{disease} {curie}" in told:
                continue
            told.add(f"{disease} {curie}")
            if is_icd(curie):
                if curie not in told:
                    told.add(curie)
                    yield row.record(code_node(curie), column)
                evidence = _ORIGIN.evidence(f"{disease} xref {curie}")
                yield row.record(Edge("CODED_AS", disease, curie, (evidence,)), column)
            elif prefix_of(curie) in LINKED["Disease"]:
                yield row.record(Same("Disease", disease, curie, "xref"), column)

    yield from each(text, "\t", columns, of)


def _curie(part: str) -> str | RecordRejected:
    prefix, _, local = part.partition(":")
    code = usual_code("ICD10CM", local) if prefix == "ICD10CM" else None
    try:
        return f"ICD10CM:{code}" if code else usual_curie(part)
    except RecordRejected as error:
        return error


def _unread(row: Cells, column: str, part: str, error: RecordRejected) -> Record:
    place = row.place(column)
    if part.startswith(("ICD10CM:", "ICD10:")):
        return fault(place, "icd-form", part, error.message, error.hint or "Mend the code.")
    # Morphology codes such as ICDO:9811/3 are ids, but no CURIEs.
    if part.partition(":")[1]:
        return not_held(
            place, "xref-not-held", part, f"{short(part)!r} has signs that an id here cannot have", "Nothing to do."
        )
    return refused(place, "xref-form", part, error)


def _records(files: Files) -> Iterator[Record]:
    told: set[str] = set()
    return chain(
        chain.from_iterable(map(read_tree, files["tree"])),
        chain.from_iterable(map(read_symptoms, files["symptoms"])),
        chain.from_iterable(read_xrefs(text, _XREF, told) for text in files["xref"]),
        chain.from_iterable(read_xrefs(text, _XREFS, told) for text in files["xrefs"]),
    )


def _plan(files: Files) -> Sequence[Part]:
    if not any(files.values()):
        raise DataError(
            "there is no table of the Disease Ontology", hint="Name HumanDO.tsv, disease-symptom.tsv or both."
        )
    return (_ORIGIN.part(partial(_records, files)),)


FORMAT: Final = Format(
    "disease-ontology",
    "Human Disease Ontology: report tables",
    "CC0-1.0.",
    (
        Slot("tree", "HumanDO.tsv, `id label subClassOf`", with_header("\t", *_TREE), required=False),
        Slot("symptoms", "disease-symptom.tsv", with_header("\t", *_SYMPTOMS), required=False),
        Slot("xref", "allXREFinDO.tsv, `id label xref`", with_header("\t", *_XREF), many=True, required=False),
        Slot(
            "xrefs",
            "ICD10inDO.tsv, MESHinDO.tsv, `id label xrefs`",
            with_header("\t", *_XREFS),
            many=True,
            required=False,
        ),
    ),
    _plan,
)
