"""What a model is to the generator: prompts and seeds in, one text each out, told piece by piece if wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from generator.prompt import Prompt, Sampling

# Hears each piece of a text as it is written; the pieces together are the text. Called in the thread that writes.
Tell = Callable[[str], None]
# Asked before each token whether to go on; True ends the writing.
Stop = Callable[[], bool]
# What runs a model in this process.
EngineName = Literal["transformers", "fast"]


class Model(Protocol):
    """A language model. The same prompt, seed and sampling give the same text, whatever else is in the batch.

    `name` is what people call it; `fingerprint` changes whenever the same seed could give another text.
    """

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def width(self) -> int:
        """How many prompts `generate` likes to be handed at once, at least 1; more is no error, and no faster."""
        ...

    def generate(self, prompts: Sequence[Prompt], seeds: Sequence[int], options: Sampling) -> list[str]:
        """Return one text for each prompt, in order; raises ModelError. It blocks until all are written."""
        ...

    def stream(self, prompt: Prompt, seed: int, options: Sampling, tell: Tell, stop: Stop) -> str:
        """Return the text that `generate` would write, and tell its pieces on the way; it blocks until it is written.

        Raises ModelStopped within one token once `stop` says so, and ModelError.
        """
        ...
