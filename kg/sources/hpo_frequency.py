"""How often a sign is seen in a disease, as the Human Phenotype Ontology writes it, as a weight."""

from __future__ import annotations

import re
from typing import Final

# HPO's own ranges, at their middle: obligate 100 %, very frequent 80-99 %, frequent 30-79 %, occasional 5-29 %,
# very rare 1-4 %, excluded 0 %.
TERMS: Final = {
    "HP:0040280": 1.0,
    "HP:0040281": 0.895,
    "HP:0040282": 0.545,
    "HP:0040283": 0.17,
    "HP:0040284": 0.025,
    "HP:0040285": 0.0,
}
_RATIO: Final = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")
_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,9})?)\s*%")


def weight_of(frequency: str) -> float | None:
    """Return the share of patients from 0 to 1, for `7/12`, `45%` or a term of HPO; None when it is none of these."""
    if frequency in TERMS:
        return TERMS[frequency]
    if ratio := _RATIO.fullmatch(frequency):
        seen, of = int(ratio[1]), int(ratio[2])
        return round(seen / of, 6) if 0 < of >= seen else None
    if percent := _PERCENT.fullmatch(frequency):
        share = float(percent[1])
        return round(share / 100, 6) if share <= 100 else None
    return None
