"""Which terms of an ontology are not taken as a whole, and what stands for them instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from kg.errors import RecordRejected
from kg.sources.checked import MAX_SHOWN, fault, not_held, refused
from kg.sources.ontologies import KNOWN, PHENOTYPE, ontology_of
from kg.sources.records import Place, Problem
from kg.sources.stanzas import Tag, Term
from kg.values import Same, check_curie

_MANY: Final = 10


def refused_term(term: Term, file: str, held: Mapping[str, Term]) -> Problem | None:
    """Return why a term is not taken, or None; `held` are those taken before it."""
    key = term.id[:MAX_SHOWN]
    if not key:
        return fault(Place(file, term.line, "id"), "no-id", "", "the term has no id", "Write `id:` below [Term].")
    tag = term.first("id")
    place = Place(file, tag.line if tag else term.line, "id")
    if ontology_of(key) is None:
        return not_held(place, "id-outside", key, f"{key} is of another ontology", f"Read are the terms of {KNOWN}.")
    try:
        check_curie(key)
    except RecordRejected as error:
        return refused(place, "id-form", key, error)
    if key in held:
        fix = f"Merge it with the one in line {held[key].line}."
        return fault(place, "id-twice", key, f"{key} is told a second time", fix)
    if is_obsolete(term):
        fix = _instead(term.all("replaced_by"), term.all("consider"))
        obsolete = term.first("is_obsolete")
        line = obsolete.line if obsolete else term.line
        return not_held(Place(file, line, "is_obsolete"), "obsolete", key, f"{key} is obsolete", fix)
    name = term.first("name")
    if name is None or not name.value:
        line = name.line if name else term.line
        return fault(Place(file, line, "name"), "no-name", key, f"{key} has no name", "Write `name:`.")
    return None


def is_obsolete(term: Term) -> bool:
    """Say whether a term was given up."""
    tag = term.first("is_obsolete")
    return tag is not None and tag.value == "true"


def successor(term: Term) -> tuple[Same, Tag] | None:
    """Return the link from an obsolete term to the one that stands for it, and where that is told.

    None when it names none, or more than one: those it would make one thing are two.
    """
    named = {tag.value: tag for tag in term.all("replaced_by")}
    old = ontology_of(term.id)
    if old is None or len(named) != 1:
        return None
    ((new, tag),) = named.items()
    known = ontology_of(new)
    if known is None or known.kind != old.kind:
        return None
    return Same(old.kind, term.id, new, "replaced"), tag


def not_phenotypes(held: Mapping[str, Term]) -> frozenset[str]:
    """Return the terms of HPO that do not lie below its root of phenotypes; none when the file has no such root."""
    if PHENOTYPE not in held:
        return frozenset()
    children: dict[str, list[str]] = {}
    for key, term in held.items():
        for tag in term.all("is_a"):
            children.setdefault(tag.value, []).append(key)
    below: set[str] = set()
    waiting = [PHENOTYPE]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in below:
                below.add(child)
                waiting.append(child)
    return frozenset(key for key in held if key.startswith("HP:") and key not in below)


def _instead(replaced: Iterable[Tag], consider: Iterable[Tag]) -> str:
    by = [tag.value[:MAX_SHOWN] for tag in replaced][:_MANY]
    maybe = [tag.value[:MAX_SHOWN] for tag in consider][:_MANY]
    if by:
        return f"Replaced by {', '.join(by)}."
    return f"Consider {', '.join(maybe)}." if maybe else "The ontology names no replacement."
