"""Pearson's chi-square of counts against chances, and its bound at one in a thousand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def bound(degrees: int) -> float:
    """Return what chi-square stays below but once in a thousand (Wilson and Hilferty, 1931)."""
    return degrees * (1 - 2 / (9 * degrees) + 3.0902 * (2 / (9 * degrees)) ** 0.5) ** 3


def fits(counts: Mapping[Any, int], chances: Mapping[Any, float]) -> bool:
    """Return whether counts fit chances; what is expected less than five times is taken together."""
    total = sum(counts.values())
    assert set(counts) <= {key for key, chance in chances.items() if chance}, "something came that has no chance"
    whole = sum(chances.values())
    cells: list[tuple[float, float]] = []
    rare = (0.0, 0.0)
    for key, chance in chances.items():
        cell = (float(counts.get(key, 0)), total * chance / whole)
        if cell[1] < 5:
            rare = (rare[0] + cell[0], rare[1] + cell[1])
        else:
            cells.append(cell)
    if rare[1] >= 5:
        cells.append(rare)
    square = sum((seen - expected) ** 2 / expected for seen, expected in cells)
    return square < bound(len(cells) - 1)
