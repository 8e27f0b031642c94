"""A model that knows a word only by its letters: texts with words in common are near one another."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Sequence


class Bag:
    """An encoder without weights. `texts` are all that it was given; it fails after `until` of them."""

    def __init__(self, fingerprint: str = "bag", until: int | None = None) -> None:
        self.fingerprint = fingerprint
        self.until = until
        self.texts: list[str] = []
        self.go = threading.Event()
        self.go.set()

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        self.go.wait(10)
        if self.until is not None and len(self.texts) + len(texts) > self.until:
            raise MemoryError("the bag is full")
        self.texts += texts
        return [vector(text) for text in texts]


def vector(text: str) -> list[float]:
    """Return the sum of one direction for each word, of length 1."""
    total = [0.0] * 384
    for word in text.lower().split():
        total[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) % 384] += 1.0
    length = math.sqrt(sum(number * number for number in total)) or 1.0
    return [number / length for number in total]
