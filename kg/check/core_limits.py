"""What the shipped graph promises: how many of what, which categories, and where sex and age are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# The number of ICD-10 categories of MedSyn's graph.
MIN_CATEGORIES: Final = 219
MIN_SYMPTOMS: Final = 6
MIN_RESEMBLING: Final = 2

# Bands of a symptom's weight, the share of patients who have it: common from 0.30, rare below 0.05.
COMMON: Final = 0.30
RARE: Final = 0.05

# The categories of RuMedTop3's training part.
_RUMED_TOP3: Final = """
D23 D25 D50 E01 E03 E04 E05 E06 E11 E22 E27 E28 E66 E74 E89 F41 G20 G25 G30 G35 G37 G40 G43 G44 G50
G52 G54 G56 G62 G90 G96 G98 H65 H81 I10 I11 I20 I25 I49 I67 I83 J00 J01 J02 J06 J18 J20 J30 J31 J32
J35 J41 J42 J44 J45 J84 K21 K26 K29 K52 K58 K64 K80 K81 L20 L21 L30 L40 L50 L70 L71 M02 M05 M06 M10
M13 M15 M17 M19 M42 M51 M53 M54 M75 M77 N20 N28 N30 N34 N39 N40 N41 N76 N80 N81 N83 N84 N86 N91 N92
N93 N94 N95 N97 Z00
"""
RUMED_TOP3: Final = frozenset(_RUMED_TOP3.split())

# A plain lump, an operation, glasses, a hearing aid, waiting or nothing at all: no drug is the usual treatment.
WITHOUT_DRUGS: Final[frozenset[str]] = frozenset({"D17", "D23", "H25", "H52", "H91", "N86", "Z00"})

# Categories of ICD-10 that one sex alone can have, first and last of each range. The breast belongs to both.
ONE_SEX: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "female": (("C51", "C58"), ("D25", "D28"), ("E28", "E28"), ("N70", "N98"), ("O00", "O99")),
    "male": (("C60", "C63"), ("D29", "D29"), ("N40", "N51")),
}
# Years of age in which a pregnancy is usual enough to be told.
PREGNANCY: Final = ("O00", "O99")
PREGNANCY_AGES: Final = (10, 55)
MAX_PRIOR: Final = 0.2


def band(weight: float) -> str:
    """Return `common`, `occasional` or `rare` for the weight of a symptom."""
    if weight >= COMMON:
        return "common"
    return "rare" if weight < RARE else "occasional"


def sex_of_category(code: str) -> str | None:
    """Return the only sex that can have a disease of this ICD-10 category, or None when both can."""
    for sex, ranges in ONE_SEX.items():
        if any(first <= code <= last for first, last in ranges):
            return sex
    return None


def in_pregnancy(code: str) -> bool:
    """Return whether the category belongs to pregnancy, birth and the weeks after it."""
    first, last = PREGNANCY
    return first <= code <= last
