"""Codes of every level in one spelling."""

from __future__ import annotations

import pytest

from kg.sources.icd_tree import System, code_node, roman, some_synonyms, usual_code


@pytest.mark.parametrize(
    ("system", "text", "code", "level"),
    [
        ("ICD10", "x", "X", "chapter"),
        ("ICD10", "J20-J22", "J20-J22", "block"),
        ("ICD10", "N99-N99", "N99-N99", "block"),
        ("ICD10", " j209 ", "J20.9", "subcategory"),
        ("ICD10CM", "S020XXA", "S02.0XXA", "subcategory"),
        ("ICD10CM", "QA0", "QA0", "category"),
        ("ICD10CM", "QA00101", "QA0.0101", "subcategory"),
    ],
)
def test_a_code_has_one_spelling_and_a_level(system: System, text: str, code: str, level: str) -> None:
    assert usual_code(system, text) == code
    node = code_node(system, code, {"en": "name"})
    assert (node.id, node.properties["level"]) == (f"{system}:{code}", level)


@pytest.mark.parametrize("text", ["", " ", "J2", "J22-J20", "J20.", "IIII", "QA0", "J20.9.1", "Ж20"])
def test_what_is_no_code_of_who_is_none(text: str) -> None:
    assert usual_code("ICD10", text) is None


def test_every_chapter_has_a_roman_numeral_that_is_a_chapter() -> None:
    numerals = [roman(number) for number in range(1, 23)]
    assert numerals[3:10] == ["IV", "V", "VI", "VII", "VIII", "IX", "X"]
    assert [usual_code("ICD10CM", numeral) for numeral in numerals] == numerals


def test_synonyms_are_few_short_and_told_once() -> None:
    assert some_synonyms("Cold", ["cold", "Flu", "flu", "", "x" * 121, "b", "c", "d", "e", "f"]) == (
        *("Flu", "b", "c", "d", "e"),
    )
