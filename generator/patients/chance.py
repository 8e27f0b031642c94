"""Chance that follows from a seed and from what is drawn, and from nothing else."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence

_BITS = 53  # what a float holds


class Chance:
    """Draws of one row. Each draw has a name and depends on the seed and that name alone, not on the draws before it.

    `random.Random` promises the same numbers on every version of Python for `random()` alone, and in one order.
    """

    __slots__ = ("_seed",)

    def __init__(self, seed: int) -> None:
        self._seed = str(seed).encode() + b"\x1f"

    def share(self, name: str) -> float:
        """Return a number in [0, 1), each of 2^53 equally likely."""
        digest = hashlib.sha256(self._seed + name.encode()).digest()
        return (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) / (1 << _BITS)

    def below(self, count: int, name: str) -> int:
        """Return a whole number in [0, count), each equally likely."""
        return int(self.share(name) * count)

    def happens(self, probability: float, name: str) -> bool:
        """Return True with this probability; never with 0, always with 1."""
        return self.share(name) < probability

    def pick(self, cumulative: Sequence[float], name: str) -> int:
        """Return a place, each with a chance in proportion to what its running total adds to the one before.

        What adds nothing is never picked. Needs a last total above zero.
        """
        place = bisect_right(cumulative, self.share(name) * cumulative[-1])
        # A product that rounds up to the last total lies behind all of them.
        while place == len(cumulative) or (place and cumulative[place] == cumulative[place - 1]):
            place -= 1
        return place
