"""Seeds that follow from what a row is, so that no row depends on the rows beside it."""

from __future__ import annotations

import hashlib

# The query language, torch and OpenAI-compatible servers all take a seed of this size.
SEED_BITS = 31


def derive(*parts: str | int) -> int:
    """Return a seed of 31 bits that depends on the parts and their order alone."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - SEED_BITS)


def between(low: int, high: int, *parts: str | int) -> int:
    """Return a whole number from `low` to `high`, both included, that depends on the parts alone.

    `random.Random` promises the same whole numbers on every version of Python for none of its methods; a hash does.
    """
    return low + derive(*parts) % (high - low + 1)
