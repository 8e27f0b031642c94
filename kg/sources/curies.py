"""Ids as other files spell them, brought to one spelling."""

from __future__ import annotations

import re
from typing import Final

from kg.errors import RecordRejected
from kg.sources.checked import MAX_SHOWN
from kg.sources.icd_tree import is_chapter
from kg.sources.vocabularies import ICD_CODES, icd_code, usual_prefix
from kg.values import check_curie

# Prefixes that files spell in small letters or mixed ones (mesh, DrugBank).
_SPELLED: Final = {
    name: name
    for name in (
        *("ATC", "CHEBI", "DECIPHER", "DOID", "DRUGBANK", "DRUGCENTRAL", "HP", "ICD10", "ICD10CM", "MEDDRA", "MESH"),
        *("MONDO", "NCIT", "NDFRT", "OMIM", "OMIMPS", "ORPHA", "RXNORM", "SNOMEDCT", "SYMP", "UMLS", "UNII"),
    )
} | {"RXCUI": "RXNORM"}
# Ids that stand without a prefix, by their form.
_BARE: Final = (
    (re.compile(r"DB\d{5}"), "DRUGBANK"),
    (re.compile(r"N\d{10}"), "NDFRT"),
    (re.compile(r"C\d{7}"), "UMLS"),
    (re.compile(r"[CD]\d{6,9}"), "MESH"),
)
DISEASE_PREFIXES: Final = frozenset(("DECIPHER", "DOID", "MESH", "MONDO", "OMIM", "ORPHA", "UMLS"))
SYMPTOM_PREFIXES: Final = frozenset(("HP", "MESH", "SYMP", "UMLS"))
# What is known by another vocabulary is linked under these; a link to the rest would mean less than the same thing.
LINKED: Final = {"Disease": DISEASE_PREFIXES - {"DECIPHER"}, "Symptom": SYMPTOM_PREFIXES}


def prefix_of(curie: str) -> str:
    """Return what stands before the colon."""
    return curie.partition(":")[0]


def spelled_prefix(prefix: str) -> str:
    """Return a prefix as it is written here, for instance `MESH` for `mesh` and `ORPHA` for `Orphanet`."""
    usual = usual_prefix(prefix)
    return _SPELLED.get(usual.upper(), usual)


def usual_curie(text: str) -> str:
    """Return an id with the prefix, and a code of ICD-10 with the point, as they are written here.

    Raises RecordRejected when it is no id, or no code.
    """
    # No id is longer, and a message that shows a longer one would be too long itself.
    text = text.strip()[:MAX_SHOWN]
    prefix, colon, local = text.partition(":")
    if not colon:
        return check_curie(text)
    prefix = spelled_prefix(prefix.strip())
    if prefix in ICD_CODES:
        code = local if is_chapter(local) else icd_code(prefix, local)
        if code is None:
            raise RecordRejected(f"{text!r} is not a code", hint="A code is a letter, two signs, a point and more.")
        local = code
    return check_curie(f"{prefix}:{local.strip()}")


def curie_in(text: str, space: str) -> str:
    """Return the id of a thing that may stand without a prefix: by its form, or within that space of ids.

    Raises RecordRejected when that gives no id either.
    """
    text = text.strip()
    if ":" in text:
        return usual_curie(text)
    found = next((prefix for form, prefix in _BARE if form.fullmatch(text)), space)
    return usual_curie(f"{found}:{text}")


def effect_id(curie: str) -> str:
    """Return the id of a phenotype as an unwanted effect, for instance `HP.SE:0002027`.

    One id stands for one thing here, and what a disease shows is another thing than what a drug does.
    """
    prefix, _, local = curie.partition(":")
    return f"{prefix}.SE:{local}"
