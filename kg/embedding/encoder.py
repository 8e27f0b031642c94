"""What search by meaning needs of a model: texts in, one vector each out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Encoder(Protocol):
    """A model that puts texts of like meaning near one another.

    `fingerprint` changes whenever the same text could get another vector.
    """

    @property
    def fingerprint(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector of length 1 for each text, in order; raises KgError. It blocks until all are made."""
        ...
