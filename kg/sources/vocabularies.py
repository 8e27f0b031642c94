"""One spelling for cross-references: the usual prefix of each vocabulary, and the normal form of ICD-10 codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

# One vocabulary has many prefixes, by ontology and by year.
_PREFIXES: Final[Mapping[str, str]] = {
    "MSH": "MESH",
    "UMLS_CUI": "UMLS",
    "MIM": "OMIM",
    "NCI": "NCIT",
    "ORDO": "ORPHA",
    "ORPHANET": "ORPHA",
    "SNOMED_CT": "SNOMEDCT",
    "ICD-9": "ICD9",
    "ICD-O": "ICDO",
    "ICD-10": "ICD10",
    "ICD10WHO": "ICD10",
    "ICD-10-CM": "ICD10CM",
}
# A release stands behind the name: SNOMEDCT_US_2025_09_01, SNOMEDCT_2010_1_31, ICD9CM_2005.
_RELEASED: Final = re.compile(r"(SNOMEDCT|ICD9CM|NCI)(_US)?(\d{4}_\d{2}[A-Z]|(_\d+)*)")
ICD_CODES: Final[Mapping[str, re.Pattern[str]]] = {
    "ICD10": re.compile(r"([A-Z]\d\d)(?:\.?(\d{1,2}))?"),
    "ICD10CM": re.compile(r"([A-Z]\d[\dA-Z])(?:\.?([\dA-Z]{1,4}))?"),
}
_ICD_BLOCK: Final = re.compile(r"([A-Z]\d[\dA-Z])-([A-Z]\d[\dA-Z])")


def icd_code(system: str, text: str) -> str | None:
    """Return a code of `ICD10` or `ICD10CM`, or a block of them, in its usual spelling; None when it is none."""
    text = text.upper()
    block = _ICD_BLOCK.fullmatch(text)
    if block:
        return text if block[1] <= block[2] else None
    found = ICD_CODES[system].fullmatch(text)
    if found is None:
        return None
    return f"{found[1]}.{found[2]}" if found[2] else found[1]


def icd_level(code: str) -> str:
    """Return the level of a code in the system, by its length."""
    if "-" in code:
        return "block"
    return "category" if len(code) == 3 else "subcategory"


def is_icd(curie: str) -> bool:
    """Say whether a CURIE is a code of ICD-10 or ICD-10-CM."""
    return curie.partition(":")[0] in ICD_CODES


def usual_prefix(prefix: str) -> str:
    """Return the prefix by which a vocabulary is known here, without the release that some files add to it."""
    released = _RELEASED.fullmatch(prefix)
    bare = released[1] if released else prefix
    return _PREFIXES.get(bare.upper(), bare)
