"""Weights that are no shares (counts, TF-IDF, scores), made comparable within one disease."""

from __future__ import annotations

from collections.abc import Iterable


def largest(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the largest raw weight of each disease, from pairs of a disease's id and a raw weight."""
    found: dict[str, float] = {}
    for disease, raw in pairs:
        if raw > found.get(disease, 0.0):
            found[disease] = raw
    return found


def relative(raw: float, largest: float) -> float:
    """Return `raw / largest`, rounded to 6 digits and kept within 0..1.

    `largest` is the largest raw weight that this source gives for the same disease: the result says how strong a
    statement is beside the others about that disease, and nothing about other diseases. Zero without a largest.
    """
    if largest <= 0.0:
        return 0.0
    return round(min(max(raw / largest, 0.0), 1.0), 6)
