"""Ontologies in the OBO format (1.2 and 1.4): diseases of DO and Mondo, symptoms of SYMP and HPO, ICD-10 codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from kg.sources.checked import fault
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.knowledge_sources import UNKNOWN_LICENCE, licence_named
from kg.sources.ontologies import KNOWN, LICENCES, About, about, ontology_of
from kg.sources.ontology_terms import term_records
from kg.sources.records import Place, Record
from kg.sources.stanzas import split_tag, terms


def header(lines: Iterable[str]) -> About:
    """Return what the head tells; which ontology it is follows from the id of the first term.

    The version is the date in `data-version`, else the `date`; the licence is the one named in the head, else the
    ontology's own.
    """
    version = ""
    dated = ""
    licence = ""
    ontology = None
    inside = False
    for line in lines:
        inside = inside or line.startswith("[")
        name, value = split_tag(line)
        if inside and name == "id":
            ontology = ontology_of(value)
            break
        if name == "data-version":
            version = value
        elif name == "date":
            dated = value
        elif not inside and not licence:
            licence = licence_named(value)
    return about(ontology, version, dated, licence)


def read(lines: Iterable[str], file: str, *, licence: str | None = None) -> Iterator[Record]:
    """Yield the terms that are not obsolete and the ICD-10 codes they name, the edges, and the links between ids.

    `lines` is gone through twice, so it has to be something that can be. `licence` is what the evidence names when
    the licence in the file's own head is not the one to go by.
    """
    told = header(lines)
    if told.ontology is None:
        why = "the file has no term of an ontology that is read here"
        yield fault(Place(file, 1), "ontology-unknown", "", why, f"The ids of its terms begin with one of: {KNOWN}.")
        return
    yield from term_records(terms(lines, file), replace(told, licence=licence or told.licence), file)


def _recognises(head: Head) -> bool:
    return head.text.lstrip("\ufeff").startswith("format-version:") or (
        head.name.endswith(".obo") and "[Term]" in head.text
    )


def _part(text: Text) -> Part:
    told = header(text)
    source = told.ontology.source if told.ontology else "obo"
    return Part(source, told.version, told.licence or UNKNOWN_LICENCE, partial(read, text, text.name))


def _plan(files: Files) -> Sequence[Part]:
    return tuple(_part(text) for text in files["ontologies"])


FORMAT: Final = Format(
    name="obo",
    title="ontologies of diseases and symptoms in OBO (DO, Mondo, SYMP, HPO)",
    licence=LICENCES,
    slots=(Slot("ontologies", "ontologies in OBO (.obo)", _recognises, many=True),),
    plan=_plan,
)
