"""Ontologies in the OBO format (1.2 and 1.4): diseases of DO and Mondo, symptoms of SYMP and HPO, ICD-10 codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.errors import RecordRejected
from kg.sources.checked import checked, fault, not_held, refused
from kg.sources.records import Place, Problem, Record
from kg.sources.stanzas import Tag, Term, split_tag, terms, unescaped
from kg.sources.vocabularies import ICD_CODES, icd_code, icd_level, is_icd, usual_prefix
from kg.values import MAX_NAME, Edge, Evidence, Node, check_curie, check_text


@dataclass(frozen=True, slots=True)
class Ontology:
    """An ontology that is read: its source name, title, the kind of its terms, its licence when the file tells none."""

    source: str
    title: str
    kind: str
    licence: str


ONTOLOGIES: Final[Mapping[str, Ontology]] = {
    "DOID": Ontology("disease-ontology", "Human Disease Ontology", "Disease", "CC0-1.0"),
    "MONDO": Ontology("mondo", "Mondo Disease Ontology", "Disease", "CC BY 4.0"),
    "SYMP": Ontology("symptom-ontology", "Symptom Ontology", "Symptom", "CC0-1.0"),
    "HP": Ontology("hpo", "Human Phenotype Ontology", "Symptom", "HPO licence"),
}
# HPO also holds modes of inheritance and the like: only what lies below this term is a sign of disease.
_PHENOTYPE: Final = "HP:0000118"

_LICENCES: Final[Mapping[str, str]] = {
    "publicdomain/zero/1.0": "CC0-1.0",
    "licenses/by/3.0": "CC BY 3.0",
    "licenses/by/4.0": "CC BY 4.0",
}
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(.*)')
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_OBO_DATE: Final = re.compile(r"(\d{2}):(\d{2}):(\d{4})")
_READ_TAGS: Final = frozenset(
    (
        *("id", "name", "synonym", "xref", "is_a", "alt_id"),
        *("is_obsolete", "replaced_by", "consider", "relationship"),
    )
)
# What these tell is not part of the graph's schema: they describe the term or the ontology, not the disease.
_OTHER_TAGS: Final = frozenset(
    (
        *("builtin", "comment", "created_by", "creation_date", "def", "disjoint_from", "equivalent_to"),
        *("intersection_of", "is_anonymous", "namespace", "property_value", "subset", "union_of"),
    )
)


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a file tells: its ontology (None when it is not one of ours), version and licence."""

    ontology: Ontology | None
    version: str
    licence: str


def header(lines: Iterable[str]) -> Header:
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
            ontology = ONTOLOGIES.get(value.partition(":")[0])
            break
        if name == "data-version":
            found = _DATE.search(value)
            version = found[0] if found else value
        elif name == "date" and (found := _OBO_DATE.match(value)):
            dated = f"{found[3]}-{found[2]}-{found[1]}"
        elif not inside and not licence:
            licence = next((known for url, known in _LICENCES.items() if url in value), "")
    return Header(ontology, version or dated or "undated", licence or (ontology.licence if ontology else ""))


def read(lines: Iterable[str], file: str, *, licence: str | None = None) -> Iterator[Record]:
    """Yield the terms that are not obsolete and the ICD-10 codes they name as nodes, then the edges between them.

    `lines` is gone through twice, so it has to be something that can be. `licence` is what the evidence names when
    the licence in the file's own head is not the one to go by.
    """
    head = header(lines)
    if head.ontology is None:
        known = ", ".join(ONTOLOGIES)
        yield fault(
            Place(file, 1),
            "ontology-unknown",
            "",
            "the file has no term of an ontology that is read here",
            f"The ids of its terms begin with one of: {known}.",
        )
        return
    held: dict[str, Term] = {}
    for term in terms(lines, file):
        problem = term if isinstance(term, Problem) else _refused(term, file, held)
        if problem:
            yield problem
        elif isinstance(term, Term):
            held[term.id] = term
    outside = _not_phenotypes(held)
    for key in (key for key in held if key in outside):
        place = Place(file, held[key].line, "id")
        why = f"{key} is no phenotypic abnormality"
        yield not_held(place, "not-a-symptom", key, why, f"Held is what lies below {_PHENOTYPE}.")
    writer = _Writer(file, head.version, licence or head.licence, outside)
    taken = [term for key, term in held.items() if key not in outside]
    for term in taken:
        yield from writer.node(term)
    for term in taken:
        yield from writer.edges(term)


class _Writer:
    """Writes the records of one file; remembers which ICD-10 codes it has told."""

    def __init__(self, file: str, version: str, licence: str, outside: frozenset[str]) -> None:
        self._file = file
        self._version = version
        self._licence = licence
        self._outside = outside
        self._codes: set[str] = set()

    def node(self, term: Term) -> Iterator[Record]:
        """Yield the node of a term, the codes it names, and what it tells that is not taken."""
        key = term.id
        kind = ONTOLOGIES[key.partition(":")[0]].kind
        name = term.first("name")
        text = name.value if name else ""
        problems: list[Problem] = []
        synonyms = self._synonyms(term, text, problems)
        xrefs = {tag.value for tag in term.all("alt_id")}
        for tag in term.all("xref"):
            curie = self._xref(tag, kind, problems)
            if curie is None:
                continue
            if kind == "Disease" and is_icd(curie):
                yield from self._code(curie, tag)
            else:
                xrefs.add(curie)
        yield from problems
        yield checked(
            Node(kind, key, {"en": text}, {"en": synonyms} if synonyms else {}, xrefs=tuple(sorted(xrefs - {key}))),
            Place(self._file, name.line if name else term.line, "name"),
        )

    def edges(self, term: Term) -> Iterator[Record]:
        """Yield the IS_A and CODED_AS edges of a term, and what it tells that is not taken."""
        key = term.id
        kind = ONTOLOGIES[key.partition(":")[0]].kind
        for tag in term.all("is_a"):
            parent = tag.value
            place = Place(self._file, tag.line, "is_a")
            if parent in self._outside:
                yield not_held(place, "parent-not-held", parent, f"{parent} is not taken", "Nothing to do.")
            else:
                yield checked(Edge("IS_A", key, parent, (self._evidence(key, key),)), place)
        if kind == "Disease":
            seen: set[str] = set()
            for tag in term.all("xref"):
                curie = self._xref(tag, kind, [])
                if curie is None or not is_icd(curie) or curie in seen:
                    continue
                seen.add(curie)
                evidence = self._evidence(key, f"{key} xref {unescaped(tag.value)}")
                yield checked(Edge("CODED_AS", key, curie, (evidence,)), Place(self._file, tag.line, "xref"))
        for tag in term.all("relationship"):
            place = Place(self._file, tag.line, "relationship")
            yield not_held(
                place, "relationship-not-held", tag.value, "relationships of terms are not read", "Nothing to do."
            )
        for tag in term.tags:
            if tag.name not in _READ_TAGS and tag.name not in _OTHER_TAGS:
                place = Place(self._file, tag.line, tag.name)
                yield not_held(place, "tag-unknown", tag.value, f"OBO has no tag {tag.name!r}", "Nothing to do.")

    def _synonyms(self, term: Term, name: str, problems: list[Problem]) -> tuple[str, ...]:
        """Return the synonyms to take, once each, told apart without regard to case."""
        found: dict[str, str] = {}
        for tag in term.all("synonym"):
            place = Place(self._file, tag.line, "synonym")
            quoted = _QUOTED.match(tag.value)
            if quoted is None:
                problems.append(
                    fault(place, "synonym-form", tag.value, "the synonym is not in quotes", 'Write "text" EXACT [].')
                )
                continue
            text = unescaped(quoted[1]).strip()
            words = quoted[2].partition("[")[0].split()
            # A synonym without a scope is RELATED, says the format.
            scope = words[0] if words else "RELATED"
            if scope not in ("EXACT", "RELATED") or "obsolete_synonym" in words:
                why = f"{' '.join(words)} names something wider, narrower or given up"
                problems.append(not_held(place, "synonym-scope", text, why, "Taken are EXACT and RELATED."))
                continue
            try:
                if not check_text(text, MAX_NAME):
                    raise RecordRejected("the synonym is empty", hint="Remove it or write it out.")
            except RecordRejected as error:
                problems.append(refused(place, "synonym-text", text, error))
                continue
            found.setdefault(text.casefold(), text)
        found.pop(name.casefold(), None)
        return tuple(found.values())

    def _xref(self, tag: Tag, kind: str, problems: list[Problem]) -> str | None:
        """Return the cross-reference as a CURIE with the usual prefix, or None and the problem."""
        place = Place(self._file, tag.line, "xref")
        text = unescaped(tag.value.partition(' "')[0]).strip()
        if text.startswith(("http:", "https:")):
            problems.append(not_held(place, "xref-not-held", text, "web addresses are not kept", "Nothing to do."))
            return None
        prefix, colon, local = text.partition(":")
        if not colon or not prefix or not local:
            problems.append(
                fault(place, "xref-form", text, f"{text!r} is not PREFIX:ID", "Write the vocabulary before a colon.")
            )
            return None
        prefix = usual_prefix(prefix)
        if prefix in ICD_CODES:
            code = icd_code(prefix, local)
            if code is None:
                system = "ICD-10" if prefix == "ICD10" else "ICD-10-CM"
                why = f"{local!r} is not a code of {system}"
                problems.append(fault(place, "icd-form", text, why, "A code is a letter, two signs, a point and more."))
                return None
            return f"{prefix}:{code}"
        try:
            return check_curie(f"{prefix}:{local}")
        except RecordRejected:
            why = f"{text!r} has signs that an id here cannot have"
            problems.append(not_held(place, "xref-not-held", text, why, "Nothing to do."))
            return None

    def _code(self, curie: str, tag: Tag) -> Iterator[Record]:
        """Yield the node of an ICD-10 code the first time; the ontology tells no name of it but the code."""
        if curie in self._codes:
            return
        self._codes.add(curie)
        system, _, code = curie.partition(":")
        properties = {"system": system, "level": icd_level(code)}
        yield checked(Node("IcdCode", curie, {"en": code}, properties=properties), Place(self._file, tag.line, "xref"))

    def _evidence(self, key: str, reference: str) -> Evidence:
        ontology = ONTOLOGIES[key.partition(":")[0]]
        return Evidence(
            source=ontology.source,
            version=self._version,
            licence=self._licence,
            reference=reference,
            asserted_by=ontology.title,
        )


def _refused(term: Term, file: str, held: Mapping[str, Term]) -> Problem | None:
    """Return why a term is not taken as a whole, or None."""
    key = term.id
    if not key:
        return fault(Place(file, term.line, "id"), "no-id", "", "the term has no id", "Write `id:` below [Term].")
    tag = term.first("id")
    place = Place(file, tag.line if tag else term.line, "id")
    if key.partition(":")[0] not in ONTOLOGIES:
        known = ", ".join(ONTOLOGIES)
        return not_held(place, "id-outside", key, f"{key} is of another ontology", f"Read are the terms of {known}.")
    try:
        check_curie(key)
    except RecordRejected as error:
        return refused(place, "id-form", key, error)
    if key in held:
        fix = f"Merge it with the one in line {held[key].line}."
        return fault(place, "id-twice", key, f"{key} is told a second time", fix)
    obsolete = term.first("is_obsolete")
    if obsolete is not None and obsolete.value == "true":
        fix = _instead(term.all("replaced_by"), term.all("consider"))
        return not_held(Place(file, obsolete.line, "is_obsolete"), "obsolete", key, f"{key} is obsolete", fix)
    name = term.first("name")
    if name is None or not name.value:
        return fault(
            Place(file, name.line if name else term.line, "name"),
            "no-name",
            key,
            f"{key} has no name",
            "Write `name:`.",
        )
    return None


def _instead(replaced: Iterable[Tag], consider: Iterable[Tag]) -> str:
    by: Sequence[str] = [tag.value for tag in replaced]
    maybe: Sequence[str] = [tag.value for tag in consider]
    if by:
        return f"Replaced by {', '.join(by)}."
    return f"Consider {', '.join(maybe)}." if maybe else "The ontology names no replacement."


def _not_phenotypes(held: Mapping[str, Term]) -> frozenset[str]:
    """Return the terms of HPO that do not lie below its root of phenotypes; none when the file has no such root."""
    if _PHENOTYPE not in held:
        return frozenset()
    children: dict[str, list[str]] = {}
    for key, term in held.items():
        for tag in term.all("is_a"):
            children.setdefault(tag.value, []).append(key)
    below: set[str] = set()
    waiting = [_PHENOTYPE]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in below:
                below.add(child)
                waiting.append(child)
    return frozenset(key for key in held if key.startswith("HP:") and key not in below)
