"""What a second judge needs of a model: vectors of short texts, and of the tokens of long ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from generator.scoring.bertscore import Vectors


class Encoder(Protocol):
    """Turns English into vectors of length 1; `fingerprint` changes with whatever has a say in them."""

    @property
    def fingerprint(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector for each text."""
        ...

    def token_vectors(self, text: str) -> Vectors:
        """Return one vector for each token of a text of any length, its markers first and last."""
        ...
