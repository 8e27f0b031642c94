"""What a model is to the generator: prompts and seeds in, one text each out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from generator.prompt import Prompt, Sampling


class Model(Protocol):
    """A language model. The same prompt, seed and sampling give the same text, whatever else is in the batch.

    `name` is what people call it; `fingerprint` changes whenever the same seed could give another text.
    """

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    def generate(self, prompts: Sequence[Prompt], seeds: Sequence[int], options: Sampling) -> list[str]:
        """Return one text for each prompt, in order; raises ModelError. It blocks until all are written."""
        ...
