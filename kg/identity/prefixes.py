"""Which vocabulary's id stands for a thing that several vocabularies name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kg.sources.ids import CODE_PREFIXES, NAME_PREFIX

# First the vocabularies made for the kind of thing, then wider ones; ids made of a code or a name come last.
_ORDER: Final[Mapping[str, tuple[str, ...]]] = {
    "Disease": ("DOID", "MONDO", "OMIM", "ORPHA", "DECIPHER", "MESH", "UMLS", "SNOMEDCT"),
    "Symptom": ("HP", "SYMP", "MESH", "UMLS", "SNOMEDCT"),
    "Drug": ("DRUGBANK", "DRUGCENTRAL", "RXNORM", "CHEMBL", "ATC", "MESH", "UMLS"),
    "DrugClass": ("ATC", "NDFRT"),
    "SideEffect": ("UMLS.SE", "HP.SE", "MEDDRA", "UMLS"),
}
_SHARED: Final = ("UMLS", "HP", "MESH", "SNOMEDCT", "SYMP")
# Vocabularies of our own making: their ids are made of a code or a name, and say nothing beside it.
MADE: Final = (*CODE_PREFIXES.values(), NAME_PREFIX)


def prefix_of(key: str) -> str:
    """Return the vocabulary of an id."""
    return key.partition(":")[0]


def rank(kind: str, key: str) -> tuple[int, str, str]:
    """Return what sorts the ids of a thing of that kind: the one that stands for it comes first."""
    prefix = prefix_of(key)
    known = _ORDER.get(kind, ())
    if prefix in known:
        return known.index(prefix), prefix, key
    if prefix in MADE:
        return len(known) + 1 + MADE.index(prefix), prefix, key
    return len(known), prefix, key


def own_id(kind: str, key: str) -> str | None:
    """Return the id that stands for a side effect which a source tells by the id of a finding in general, or None.

    Fever is a symptom of a disease and a side effect of a drug: two things with one id in UMLS and in HPO, while each
    id of the graph means one thing.
    """
    prefix, _, local = key.partition(":")
    return f"{prefix}.SE:{local}" if kind == "SideEffect" and prefix in _SHARED else None
