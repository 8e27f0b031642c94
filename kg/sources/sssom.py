"""Mappings between vocabularies of diseases as SSSOM tables, and from diseases to ICD-10."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Final

from kg.sources.cells import Cells, each, short
from kg.sources.curies import LINKED, prefix_of
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.icd_codes import code_node
from kg.sources.knowledge_sources import UNKNOWN_LICENCE, licence_named, source_name
from kg.sources.records import Record
from kg.sources.vocabularies import is_icd
from kg.values import Edge, Evidence, Node, Same

COLUMNS: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_EXACT: Final = "skos:exactMatch"
_XREF: Final = "oboInOwl:hasDbXref"
_DISEASES: Final = LINKED["Disease"]
_HELD: Final = f"Held are mappings between {', '.join(sorted(_DISEASES))}, and from these to ICD10CM and ICD10WHO."
_FIELD: Final = re.compile(r"#\s?([a-z_]+):\s*(.+)")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class About:
    """What the head of a mapping set tells: whose it is, its version and licence."""

    source: str
    version: str
    licence: str


def header(text: Text) -> About:
    """Return what the `#` lines tell; the version is the date in them, if there is one."""
    found = (_FIELD.match(line) for line in takewhile(lambda line: line.startswith("#"), text))
    fields: Mapping[str, str] = {match[1]: match[2].strip() for match in found if match}
    told = fields.get("mapping_set_version", "")
    dated = _DATE.search(told) or _DATE.search(fields.get("mapping_date", ""))
    licence = fields.get("license", "")
    return About(
        source_name(fields.get("subject_source", "")) or "sssom",
        dated[0] if dated else told[:80] or "undated",
        licence_named(licence) or licence[:80] or UNKNOWN_LICENCE,
    )


class _Reader:
    """Reads the files of one mapping set; remembers which things it has told."""

    def __init__(self, about: About) -> None:
        self._about = about
        self._told: set[str] = set()

    def records(self, text: Text) -> Iterator[Record]:
        """Yield the links between ids, and the diseases that have codes with those codes."""
        return each(text, "\t", COLUMNS, self._row, comment="#")

    def _row(self, row: Cells) -> Iterator[Record]:
        predicate = row["predicate_id"]
        if predicate not in (_EXACT, _XREF):
            why = f"{short(predicate)!r} does not say that the two are the same"
            raise row.other("predicate_id", "predicate-not-held", why, f"Held are {_EXACT} and {_XREF}.")
        left, right = row.curie("subject_id"), row.curie("object_id")
        label = "subject_label"
        if is_icd(left) and predicate == _EXACT:
            left, right, label = right, left, "object_label"
        if prefix_of(left) not in _DISEASES:
            raise row.other("subject_id", "id-outside", f"{left} is of no vocabulary of diseases that is held", _HELD)
        if is_icd(right):
            yield from self._coded(row, left, right, label)
        elif prefix_of(right) in _DISEASES:
            yield from self._disease(row, left, label)
            yield row.record(Same("Disease", left, right, "exact" if predicate == _EXACT else "xref"))
        else:
            raise row.other("object_id", "id-outside", f"{right} is of no vocabulary that is held", _HELD)

    def _disease(self, row: Cells, key: str, label: str) -> Iterator[Record]:
        # The label is optional in the format; without one, the links still hold.
        if key not in self._told and row[label]:
            self._told.add(key)
            yield row.record(Node("Disease", key, {"en": row[label]}), label)

    def _coded(self, row: Cells, disease: str, code: str, label: str) -> Iterator[Record]:
        yield from self._disease(row, disease, label)
        if code not in self._told:
            self._told.add(code)
            yield row.record(code_node(code), "object_id")
        evidence = Evidence(
            source=self._about.source,
            version=self._about.version,
            licence=self._about.licence,
            reference=f"{disease} {row['predicate_id']} {code}",
            asserted_by=row["mapping_justification"][:200] or "not told",
        )
        yield row.record(Edge("CODED_AS", disease, code, (evidence,)))


def read(texts: Sequence[Text], about: About) -> Iterator[Record]:
    """Yield what the files of one mapping set tell."""
    reader = _Reader(about)
    for text in texts:
        yield from reader.records(text)


def _recognises(head: Head) -> bool:
    lines = (line for line in head.text.splitlines() if not line.startswith("#"))
    return set(COLUMNS) <= set(next(lines, "").split("\t"))


def _plan(files: Files) -> Sequence[Part]:
    sets: dict[About, list[Text]] = {}
    for text in files["mappings"]:
        sets.setdefault(header(text), []).append(text)
    return tuple(
        Part(about.source, about.version, about.licence, partial(read, texts, about)) for about, texts in sets.items()
    )


FORMAT: Final = Format(
    name="sssom",
    title="mappings between vocabularies of diseases, and to ICD-10 (SSSOM tables)",
    licence="As each file's head tells; Mondo's mappings CC BY 4.0 or CC0.",
    slots=(Slot("mappings", "mapping sets (.sssom.tsv)", _recognises, many=True),),
    plan=_plan,
)
