"""An encoder that knows only letters, for tests that are about what is done with vectors."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SIZE = 512


def _vector(text: str) -> NDArray[np.float32]:
    made = np.zeros(SIZE, dtype=np.float32)
    padded = f" {text.casefold().strip()} "
    for at in range(len(padded) - 2):
        made[zlib.crc32(padded[at : at + 3].encode()) % SIZE] += 1
    return made / max(float(np.linalg.norm(made)), 1e-9)


class Letters:
    """Texts that share letters in threes are alike. Counts the texts it was given."""

    fingerprint = "letters"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += texts
        return [_vector(text).tolist() for text in texts]

    def token_vectors(self, text: str) -> NDArray[np.float32]:
        return np.stack([_vector(word) for word in ["[CLS]", *text.split(), "[SEP]"]])
