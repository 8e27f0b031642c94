"""What the terms of an ontology are in the graph, whichever format they were written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from kg.errors import RecordRejected
from kg.sources.checked import MAX_SHOWN, checked, fault, not_held, refused
from kg.sources.curies import LINKED, prefix_of, spelled_prefix
from kg.sources.icd_codes import code_node
from kg.sources.ontologies import ONTOLOGIES, PHENOTYPE, About
from kg.sources.records import Place, Problem, Record
from kg.sources.stanzas import Tag, Term, unescaped
from kg.sources.term_checks import not_phenotypes, refused_term, successor
from kg.sources.vocabularies import ICD_CODES, icd_code, is_icd
from kg.values import MAX_NAME, Edge, Evidence, Node, Same, check_curie, check_text

_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(.*)')
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


def term_records(terms: Iterable[Term | Problem], about: About, file: str) -> Iterator[Record]:
    """Yield the terms that are not obsolete and the ICD-10 codes they name, the edges, and the links between ids."""
    held: dict[str, Term] = {}
    for term in terms:
        problem = term if isinstance(term, Problem) else refused_term(term, file, held)
        if problem:
            yield problem
        elif isinstance(term, Term):
            held[term.id] = term
        if isinstance(term, Term) and problem and problem.rule == "obsolete" and (link := successor(term)):
            yield checked(link[0], Place(file, link[1].line, "replaced_by"))
    outside = not_phenotypes(held)
    for key in (key for key in held if key in outside):
        place = Place(file, held[key].line, "id")
        why = f"{key} is no phenotypic abnormality"
        yield not_held(place, "not-a-symptom", key, why, f"Held is what lies below {PHENOTYPE}.")
    writer = _Writer(file, about, outside)
    for key, term in held.items():
        if key not in outside:
            yield from writer.records(term)


class _Writer:
    """Writes the records of one file; remembers which ICD-10 codes it has told."""

    def __init__(self, file: str, about: About, outside: frozenset[str]) -> None:
        self._file = file
        self._about = about
        self._outside = outside
        self._codes: set[str] = set()

    def records(self, term: Term) -> Iterator[Record]:
        """Yield what a term tells: its node, the codes it names, its edges and links, and what is not taken."""
        key = term.id
        kind = ONTOLOGIES[prefix_of(key)].kind
        name = term.first("name")
        text = name.value if name else ""
        problems: list[Problem] = []
        synonyms = self._synonyms(term, text, problems)
        xrefs: dict[str, Tag] = {}
        for tag in term.all("xref"):
            curie = self._xref(tag, problems)
            if curie is not None and curie != key:
                xrefs.setdefault(curie, tag)
        codes = {curie: tag for curie, tag in xrefs.items() if kind == "Disease" and is_icd(curie)}
        others = {curie: tag for curie, tag in xrefs.items() if curie not in codes}
        earlier = self._earlier(term, problems)
        yield from problems
        yield checked(
            Node(
                kind, key, {"en": text}, {"en": synonyms} if synonyms else {}, xrefs=tuple(sorted({*others, *earlier}))
            ),
            Place(self._file, name.line if name else term.line, "name"),
        )
        for curie, tag in codes.items():
            yield from self._code(key, curie, tag)
        yield from self._edges(term)
        for curie, tag in earlier.items():
            yield checked(Same(kind, curie, key, "replaced"), Place(self._file, tag.line, "alt_id"))
        for curie, tag in others.items():
            if prefix_of(curie) in LINKED[kind] and curie not in earlier:
                yield checked(Same(kind, key, curie, "xref"), Place(self._file, tag.line, "xref"))

    def _edges(self, term: Term) -> Iterator[Record]:
        key = term.id
        for tag in term.all("is_a"):
            parent = tag.value[:MAX_SHOWN]
            place = Place(self._file, tag.line, "is_a")
            if parent in self._outside:
                yield not_held(place, "parent-not-held", parent, f"{parent} is not taken", "Nothing to do.")
            else:
                yield checked(Edge("IS_A", key, parent, (self._evidence(key, key),)), place)
        for tag in term.all("relationship"):
            place = Place(self._file, tag.line, "relationship")
            yield not_held(
                place, "relationship-not-held", tag.value, "relationships of terms are not read", "Nothing to do."
            )
        for tag in term.tags:
            if tag.name not in _READ_TAGS and tag.name not in _OTHER_TAGS:
                place = Place(self._file, tag.line, tag.name[:MAX_SHOWN])
                why = f"OBO has no tag {tag.name[:MAX_SHOWN]!r}"
                yield not_held(place, "tag-unknown", tag.value, why, "Nothing to do.")

    def _code(self, key: str, curie: str, tag: Tag) -> Iterator[Record]:
        """Yield the edge to an ICD-10 code, and the node of the code the first time."""
        place = Place(self._file, tag.line, "xref")
        if curie not in self._codes:
            self._codes.add(curie)
            yield checked(code_node(curie), place)
        evidence = self._evidence(key, f"{key} xref {unescaped(tag.value)[:MAX_SHOWN]}")
        yield checked(Edge("CODED_AS", key, curie, (evidence,)), place)

    def _earlier(self, term: Term, problems: list[Problem]) -> dict[str, Tag]:
        """Return the ids that the term had before."""
        found: dict[str, Tag] = {}
        for tag in term.all("alt_id"):
            curie = tag.value[:MAX_SHOWN]
            try:
                check_curie(curie)
            except RecordRejected as error:
                problems.append(refused(Place(self._file, tag.line, "alt_id"), "id-form", curie, error))
                continue
            if curie != term.id:
                found.setdefault(curie, tag)
        return found

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
                why = f"{' '.join(words)[:MAX_SHOWN]} names something wider, narrower or given up"
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

    def _xref(self, tag: Tag, problems: list[Problem]) -> str | None:
        """Return the cross-reference as a CURIE with the usual prefix, or None and the problem."""
        place = Place(self._file, tag.line, "xref")
        text = unescaped(tag.value.partition(' "')[0]).strip()[:MAX_SHOWN]
        if text.startswith(("http:", "https:")):
            problems.append(not_held(place, "xref-not-held", text, "web addresses are not kept", "Nothing to do."))
            return None
        prefix, colon, local = text.partition(":")
        if not colon or not prefix or not local:
            problems.append(
                fault(place, "xref-form", text, f"{text!r} is not PREFIX:ID", "Write the vocabulary before a colon.")
            )
            return None
        prefix = spelled_prefix(prefix)
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

    def _evidence(self, key: str, reference: str) -> Evidence:
        ontology = ONTOLOGIES[prefix_of(key)]
        return Evidence(
            source=ontology.source,
            version=self._about.version,
            licence=self._about.licence or ontology.licence,
            reference=reference,
            asserted_by=ontology.title,
        )
