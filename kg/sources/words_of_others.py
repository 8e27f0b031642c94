"""The words by which other graphs name kinds of nodes and edges, and what they mean here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL
from kg.values import NOTHING

# Most telling first: a drug is also a chemical entity, and every class of drugs may be one too.
_KINDS: Final[Mapping[str, str]] = {
    **{label.lower(): label for label in NODE_BY_LABEL},
    "disorder": "Disease",
    "phenotypicfeature": "Symptom",
    "phenotype": "Symptom",
    "sideeffects": "SideEffect",
    "adverseevent": "SideEffect",
    "pharmacologicclass": "DrugClass",
    "pharmacologicalclass": "DrugClass",
    "atcclass": "DrugClass",
    "smallmolecule": "Drug",
    "molecularmixture": "Drug",
    "compound": "Drug",
    "medication": "Drug",
    "chemicalentity": "Drug",
    "icd10code": "IcdCode",
}
# What vocabularies of classes of drugs are, whatever a graph calls their members.
_CLASS_PREFIXES: Final = frozenset(("NDFRT",))
_PREFIX_KINDS: Final[Mapping[str, str]] = {
    "DOID": "Disease",
    "MONDO": "Disease",
    "OMIM": "Disease",
    "ORPHA": "Disease",
    "HP": "Symptom",
    "SYMP": "Symptom",
    "DRUGBANK": "Drug",
    "RXNORM": "Drug",
    "NDFRT": "DrugClass",
    "ICD10": "IcdCode",
    "ICD10CM": "IcdCode",
}
_ATC_SUBSTANCE: Final = 7


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word for an edge means: its kind, claims, and whether its ends change places."""

    kind: str
    claims: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    turned: bool = False


_UNKNOWN_PURPOSE: Final = {"purpose": "unknown"}
_EDGES: Final[Mapping[str, Meaning]] = {
    **{kind.lower().replace("_", ""): Meaning(kind) for kind in EDGE_BY_TYPE},
    "hasphenotype": Meaning("HAS_SYMPTOM"),
    "presents": Meaning("HAS_SYMPTOM"),
    "phenotypepresent": Meaning("HAS_SYMPTOM"),
    "diseasetophenotypicfeatureassociation": Meaning("HAS_SYMPTOM"),
    "symptomof": Meaning("HAS_SYMPTOM", turned=True),
    "phenotypeof": Meaning("HAS_SYMPTOM", turned=True),
    "indication": Meaning("TREATS", _UNKNOWN_PURPOSE),
    "indicatedfor": Meaning("TREATS", _UNKNOWN_PURPOSE),
    "offlabeluse": Meaning("TREATS", _UNKNOWN_PURPOSE),
    "treats": Meaning("TREATS", _UNKNOWN_PURPOSE),
    "treatsorappliedorstudiedtotreat": Meaning("TREATS", _UNKNOWN_PURPOSE),
    "drugtodiseaseassociation": Meaning("TREATS", _UNKNOWN_PURPOSE),
    "treatedby": Meaning("TREATS", _UNKNOWN_PURPOSE, turned=True),
    "palliates": Meaning("TREATS", {"purpose": "symptomatic"}),
    "ameliorates": Meaning("TREATS", {"purpose": "symptomatic"}),
    "amelioratescondition": Meaning("TREATS", {"purpose": "symptomatic"}),
    "contraindicatedin": Meaning("CONTRAINDICATED_FOR"),
    "contraindication": Meaning("CONTRAINDICATED_FOR"),
    "hassideeffect": Meaning("CAUSES"),
    "hasadverseevent": Meaning("CAUSES"),
    "adversedrugreaction": Meaning("CAUSES"),
    "includes": Meaning("IN_CLASS", turned=True),
    "subclassof": Meaning("IS_A"),
    "similarto": Meaning("RESEMBLES"),
    "resembles": Meaning("RESEMBLES"),
}
# How curators of indications write what a drug is given for; NOT and the like are no indication at all.
PURPOSES: Final[Mapping[str, str]] = {
    "dm": "disease_modifying",
    "disease_modifying": "disease_modifying",
    "sym": "symptomatic",
    "symptomatic": "symptomatic",
    "palliates": "symptomatic",
    "treats": "unknown",
    "unknown": "unknown",
}


def folded(word: str) -> str:
    """Return a word without its prefix, case and marks: `hasphenotype` for `biolink:has_phenotype`."""
    return re.sub(r"[^a-z0-9]", "", word.rpartition(":")[2].lower())


def kind_of(words: Iterable[str], curie: str) -> str | None:
    """Return the kind of a node from a graph's words for it and its id; None when it is of none that is held."""
    prefix, _, local = curie.partition(":")
    told = {folded(word) for word in words}
    found = next((kind for word, kind in _KINDS.items() if word in told), None)
    if found == "Drug" and (prefix in _CLASS_PREFIXES or (prefix == "ATC" and len(local) < _ATC_SUBSTANCE)):
        return "DrugClass"
    return found


def kind_by_prefix(curie: str) -> str | None:
    """Return the kind of things that a vocabulary is made of; None when it holds several."""
    return _PREFIX_KINDS.get(curie.partition(":")[0])


def meaning_of(word: str, start: str | None, end: str | None) -> Meaning | None:
    """Return what a word for an edge means between things of those kinds; None when that is nothing held here."""
    meaning = _EDGES.get(folded(word))
    if meaning is None:
        return None
    if meaning.kind == "IS_A" and end == "DrugClass":
        return Meaning("IN_CLASS")
    return meaning


def fits(kind: str, start: str, end: str) -> bool:
    """Say whether an edge of that kind goes from one such thing to the other."""
    edge = EDGE_BY_TYPE[kind]
    # A special case is of the kind of what it is a case of.
    return start in edge.starts and end in edge.ends and (kind != "IS_A" or start == end)
