"""Typed text as a query of the full-text index, in which nothing of it is an operator. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from kg.errors import QueryError
from kg.query.names import code_of
from kg.values import check_text

MAX_SEARCH: Final = 200
# A name of as many characters as may be typed has fewer; of a text of one-letter words the rest is left out.
_MAX_WORDS: Final = 40
# Beginnings and misspelt words take the index far longer than words as they are.
_MAX_LOOSE: Final = 8
_WORD: Final = re.compile(r"\w+")
# Blocks and chapters of ICD: J20-J22, X.
_BLOCK: Final = re.compile(r"[A-Z]\d\d-[A-Z]\d\d")
_CHAPTER: Final = re.compile(r"[IVX]+")
_CURIE: Final = re.compile(r"^[A-Za-z][A-Za-z0-9_.]*:\S+$")
BEGINS: Final = 2
CODE_SYSTEMS: Final = ("ICD10", "ICD10CM")


def cleaned(text: str) -> str:
    """Return the text without surrounding space.

    Raises QueryError when it is too long and RecordRejected when it hides characters.
    """
    if len(text) > MAX_SEARCH:
        raise QueryError(f"the text has {len(text)} characters", hint=f"Search by at most {MAX_SEARCH} characters.")
    return check_text(text)


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case; signs are no part of a word, so none can act as an operator."""
    return tuple(_WORD.findall(text.lower()))[:_MAX_WORDS]


def query_for(text: str, language: str | None = None) -> str | None:
    """Return a query for names that hold each word as it is typed, the last perhaps unfinished; None without a word."""
    *whole, last = words(text) or ("",)
    if not last:
        return None
    return _in_language([*(f"{word}^4" for word in whole), f"({last}^4 OR {last}*)"], language)


def loose_query_for(text: str, language: str | None = None) -> str | None:
    """Return a query where each word matches as it is, as a beginning or misspelt; None when there is no word.

    Of a text of many words those behind the first few have to be spelled right.
    """
    found = words(text)
    parts = [*map(_spellings, found[:_MAX_LOOSE]), *(f"{word}^4" for word in found[_MAX_LOOSE:])]
    return _in_language(parts, language) if parts else None


def _in_language(parts: Sequence[str], language: str | None) -> str:
    both = " AND ".join(parts)
    if language is None:
        return both
    return f"name_{language}:({both}) OR synonyms_{language}:({both})"


def phrase_for(text: str) -> str | None:
    """Return a query for exactly these words in this order; None without a word."""
    # Not the words above: a name is looked up whole, and the index cuts it as it cut the stored one.
    if not words(text):
        return None
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def codes_for(text: str) -> tuple[str, ...]:
    """Return the ids of codes that `J20` or `ICD10:J20` can mean, WHO's first; nothing when it is no code."""
    system, colon, code = text.strip().partition(":")
    if not colon:
        system, code = "", system
    known = code_of(code)
    if known is not None:
        code = known
    elif _BLOCK.fullmatch(code.upper()) or _CHAPTER.fullmatch(code.upper()):
        code = code.upper()
    else:
        return ()
    if not colon:
        return tuple(f"{each}:{code}" for each in CODE_SYSTEMS)
    return (f"{system.upper()}:{code}",) if system.upper() in CODE_SYSTEMS else ()


def ids_for(text: str) -> tuple[str, ...]:
    """Return the ids that a typed text can mean: a CURIE itself, or those of a code or a block of codes.

    A chapter has to be written with its system, `ICD10:X`: what begins with I, V or X is far more often a word.
    """
    text = text.strip()
    if code_of(text) or _BLOCK.fullmatch(text.upper()):
        return codes_for(text)
    return tuple(dict.fromkeys((text, *codes_for(text)))) if _CURIE.match(text) else ()


def closeness(text: str, name: str) -> int:
    """Return how well a name fits the text: 3 the same, 2 (BEGINS) begins with it, 1 holds it, 0 otherwise."""
    wanted, found = _plain(text), _plain(name)
    if found == wanted:
        return 3
    if found.startswith(wanted):
        return BEGINS
    return 1 if wanted in found else 0


def likeness(text: str, name: str) -> float:
    """Return how alike a text and a name that does not hold it are, 0 to 100, whatever the order of their words."""
    return fuzz.token_sort_ratio(_plain(text), _plain(name))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _spellings(word: str) -> str:
    forms = [f"{word}^4", f"{word}*"]
    # One wrong letter in a short word would match almost any other.
    if len(word) >= 4:
        forms.append(f"{word}~{2 if len(word) >= 8 else 1}")
    return f"({' OR '.join(forms)})"
