"""Codes of ICD-10 and ICD-10-CM as nodes, each part of the wider one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from kg.sources.vocabularies import icd_code, icd_level
from kg.values import NOTHING, Node

System = Literal["ICD10", "ICD10CM"]

MAX_SYNONYMS: Final = 5
MAX_SYNONYM: Final = 120

_CHAPTER: Final = re.compile(r"X{0,2}(?:IX|IV|V?I{0,3})")
# The ministry and the CDC have blocks of one category; and the CDC has categories such as QA0 since 2026.
_ONE_CATEGORY: Final = re.compile(r"([A-Z]\d[\dA-Z]|[A-Z]{2}\d)-\1")
_CM_LETTERS: Final = re.compile(r"([A-Z]{2}\d)(?:\.?([\dA-Z]{1,4}))?")
_TENS: Final = ("", "X", "XX")
_ONES: Final = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def usual_code(system: System, text: str) -> str | None:
    """Return a code of any level in its usual spelling (chapter `X`, block `J20-J22`, `J20`, `J20.9`), or None."""
    text = text.strip().upper()
    if _ONE_CATEGORY.fullmatch(text) or is_chapter(text):
        return text
    lettered = _CM_LETTERS.fullmatch(text) if system == "ICD10CM" else None
    if lettered:
        return f"{lettered[1]}.{lettered[2]}" if lettered[2] else lettered[1]
    return icd_code(system, text)


def is_chapter(text: str) -> bool:
    """Say whether a text is the number of a chapter, such as `X`."""
    return bool(text and _CHAPTER.fullmatch(text))


def roman(number: int) -> str:
    """Return the number of a chapter, 1 to 29, as a Roman numeral."""
    return _TENS[number // 10] + _ONES[number % 10]


def code_node(
    system: System, code: str, names: Mapping[str, str], synonyms: Mapping[str, tuple[str, ...]] = NOTHING
) -> Node:
    """Return the node of a code in its usual spelling."""
    level = "chapter" if is_chapter(code) else icd_level(code)
    return Node("IcdCode", f"{system}:{code}", names, synonyms, {"system": system, "level": level})


def some_synonyms(name: str, terms: list[str]) -> tuple[str, ...]:
    """Return at most five terms of at most 120 characters, once each, without the name itself."""
    found = {term.casefold(): term for term in reversed(terms) if term and len(term) <= MAX_SYNONYM}
    found.pop(name.casefold(), None)
    return tuple(reversed(found.values()))[:MAX_SYNONYMS]
