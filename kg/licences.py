"""What the text of a licence asks for or forbids, as classes, and which licences somebody wants to do without."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg.errors import DataError

UNKNOWN: Final = "Unknown"

# The short marks of Creative Commons count in capitals only, so that words of a sentence are not taken for them.
_SIGNS: Final[Mapping[str, re.Pattern[str]]] = {
    "NonCommercial": re.compile(
        r"(?<![A-Za-z])NC(?![A-Za-z])|(?i:by-nc|non[\s-]?commercial|not for commercial|(academic|research) use only)"
    ),
    "ShareAlike": re.compile(r"(?<![A-Za-z])SA(?![A-Za-z])|(?i:by(-nc)?-sa|share[\s-]?alike|\bA?L?GPL|\bODbL)"),
    "NoDerivatives": re.compile(r"(?<![A-Za-z])ND(?![A-Za-z])|(?i:by(-nc)?-nd|no[\s-]?deriv|\bHPO licen[cs]e)"),
    "Attribution": re.compile(r"(?i:\bCC[\s-]BY\b|licenses/by|\bApache|\bMIT\b|\bBSD\b|\bODC-By\b|\bHPO licen[cs]e)"),
    "PublicDomain": re.compile(r"(?i:\bCC0|\bCC-0\b|public[\s-]?domain|\bPDDL\b|\bUnlicense\b)"),
}
CLASSES: Final = (*_SIGNS, UNKNOWN)


@lru_cache(maxsize=4096)
def classes_of(licence: str) -> frozenset[str]:
    """Return the classes of a licence, of `CLASSES`.

    A text that names several licences has the classes of all: who leaves non-commercial data out wants it gone when
    any part of it is. A text that nothing is recognised in is `Unknown`.
    """
    found = frozenset(name for name, sign in _SIGNS.items() if sign.search(licence))
    return found or frozenset((UNKNOWN,))


@dataclass(frozen=True, slots=True)
class Unwanted:
    """The licences to do without: classes, and texts in small letters."""

    classes: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def covers(self, licence: str) -> bool:
        """Say whether what is under this licence is to be left out."""
        return licence.strip().casefold() in self.texts or not self.classes.isdisjoint(classes_of(licence))

    def __bool__(self) -> bool:
        return bool(self.classes or self.texts)


def unwanted(words: Iterable[str], known: Iterable[str] = ()) -> Unwanted:
    """Return what is meant by names of classes (`NonCommercial`, `non-commercial`) and texts of licences.

    Raises DataError for a word that is neither a class nor one of the `known` texts: a slip of the pen would let
    everything through.
    """
    classes = {_bare(name): name for name in CLASSES}
    texts = {text.strip().casefold() for text in known}
    found: tuple[set[str], set[str]] = (set(), set())
    for word in words:
        if _bare(word) in classes:
            found[0].add(classes[_bare(word)])
        elif word.strip().casefold() in texts:
            found[1].add(word.strip().casefold())
        else:
            there = f" In this graph: {', '.join(sorted(known))}." if known else ""
            raise DataError(
                f"{word!r} is neither a class of licences nor a licence in this graph",
                hint=f"Classes: {', '.join(CLASSES)}.{there}",
            )
    return Unwanted(frozenset(found[0]), frozenset(found[1]))


def _bare(word: str) -> str:
    return re.sub(r"[\s_-]", "", word).casefold()
