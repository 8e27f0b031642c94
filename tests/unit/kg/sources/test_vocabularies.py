from __future__ import annotations

import pytest

from kg.sources.vocabularies import icd_code, icd_level, is_icd, usual_prefix


@pytest.mark.parametrize(
    ("told", "usual"),
    [
        ("MSH", "MESH"),
        ("MESH", "MESH"),
        ("UMLS_CUI", "UMLS"),
        ("MIM", "OMIM"),
        ("NCI", "NCIT"),
        ("NCI2009_04D", "NCIT"),
        ("ORDO", "ORPHA"),
        ("Orphanet", "ORPHA"),
        ("SNOMEDCT_US_2025_09_01", "SNOMEDCT"),
        ("SNOMEDCT_2010_1_31", "SNOMEDCT"),
        ("SNOMEDCT_US", "SNOMEDCT"),
        ("SNOMED_CT", "SNOMEDCT"),
        ("ICD9CM_2005", "ICD9CM"),
        ("ICD-10", "ICD10"),
        ("ICD10WHO", "ICD10"),
        ("ICD10CM", "ICD10CM"),
        ("GARD", "GARD"),
        ("EFO", "EFO"),
    ],
)
def test_one_vocabulary_has_one_prefix(told: str, usual: str) -> None:
    assert usual_prefix(told) == usual


@pytest.mark.parametrize(
    ("system", "text", "code", "level"),
    [
        ("ICD10", "J20", "J20", "category"),
        ("ICD10", "J20.9", "J20.9", "subcategory"),
        ("ICD10", "J209", "J20.9", "subcategory"),
        ("ICD10CM", "j45", "J45", "category"),
        ("ICD10CM", "S72.001A", "S72.001A", "subcategory"),
        ("ICD10CM", "C7A", "C7A", "category"),
        ("ICD10CM", "I00-I02", "I00-I02", "block"),
    ],
)
def test_a_code_has_one_spelling_and_a_level(system: str, text: str, code: str, level: str) -> None:
    assert icd_code(system, text) == code
    assert icd_level(code) == level


@pytest.mark.parametrize(
    ("system", "text"),
    [
        ("ICD10", "78.8"),
        ("ICD10", "10"),
        ("ICD10", "C7A"),
        ("ICD10", "S72.001"),
        ("ICD10CM", "I71,2"),
        ("ICD10CM", "J20."),
        ("ICD10CM", "I02-I00"),
        ("ICD10CM", ""),
    ],
)
def test_what_is_no_code_is_none(system: str, text: str) -> None:
    assert icd_code(system, text) is None


def test_the_two_systems_are_codes_and_others_are_not() -> None:
    assert is_icd("ICD10:J20")
    assert is_icd("ICD10CM:J20")
    assert not is_icd("ICD9CM:466.0")
