"""The ontologies that are read: the kind of their terms, their licences, and where their signs of disease begin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Ontology:
    """An ontology that is read: its source name, title, the kind of its terms, its licence when the file tells none."""

    source: str
    title: str
    kind: str
    licence: str


@dataclass(frozen=True, slots=True)
class About:
    """What a file tells of itself: its ontology (None when it is not one of ours), version and licence."""

    ontology: Ontology | None
    version: str
    licence: str


ONTOLOGIES: Final[Mapping[str, Ontology]] = {
    "DOID": Ontology("disease-ontology", "Human Disease Ontology", "Disease", "CC0-1.0"),
    "MONDO": Ontology("mondo", "Mondo Disease Ontology", "Disease", "CC BY 4.0"),
    "SYMP": Ontology("symptom-ontology", "Symptom Ontology", "Symptom", "CC0-1.0"),
    "HP": Ontology("hpo", "Human Phenotype Ontology", "Symptom", "HPO licence"),
}
KNOWN: Final = ", ".join(ONTOLOGIES)
LICENCES: Final = "DO and SYMP CC0, Mondo CC BY 4.0, HPO its own licence (cite, keep the version, do not alter)."
# HPO also holds modes of inheritance and the like: only what lies below this term is a sign of disease.
PHENOTYPE: Final = "HP:0000118"

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_OBO_DATE: Final = re.compile(r"(\d{2}):(\d{2}):(\d{4})")


def ontology_of(curie: str) -> Ontology | None:
    """Return the ontology that a term's id belongs to, or None."""
    return ONTOLOGIES.get(curie.partition(":")[0])


def about(ontology: Ontology | None, version: str, dated: str, licence: str) -> About:
    """Return what a file tells: the date in its version, else the version, else its date as day:month:year."""
    found = _DATE.search(version)
    day = _OBO_DATE.match(dated)
    told = (found[0] if found else version[:80]) or (f"{day[3]}-{day[2]}-{day[1]}" if day else "")
    return About(ontology, told or "undated", licence or (ontology.licence if ontology else ""))
