"""The next token of one row, drawn from its scores by its own seed."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np

from generator.prompt import Sampling
from generator.seeds import SEED_BITS, derive

# Scores or shares of every token of the vocabulary, float32.
Scores: TypeAlias = "np.ndarray[Any, np.dtype[np.float32]]"

# The likeliest token has weight 1. Most nuclei lie above the first of these, and all of the vocabulary above the last.
_CUTS: Final = (1e-2, 1e-4, 0.0)


def draw(scores: Scores, options: Sampling, seed: int, place: int) -> int:
    """Return the token that stands at `place` of the text; one that may not be written has a score of -inf.

    With a temperature it is drawn from the nucleus: the fewest likeliest tokens that hold `top_p` of all probability
    (Holtzman et al. 2020, arXiv:1904.09751). Before the temperature is applied, tokens go that are less than `min_p`
    times as likely as the likeliest one (Nguyen et al. 2024, arXiv:2407.01082): where the model is sure, little is left
    to chance. The chance is a hash of seed and place, so it is the same on every machine and with every version of
    every library, and depends on no other row.
    """
    best = int(scores.argmax())
    if options.temperature <= 0:
        return best
    above = scores - scores[best]
    weights = np.exp(above / np.float32(options.temperature))
    if options.min_p > 0:
        weights[above < np.log(options.min_p)] = 0
    wanted = options.top_p * float(weights.sum(dtype=np.float64))
    likely, shares = np.empty(0, np.int64), np.empty(0, np.float64)
    for cut in _CUTS:
        likely = np.flatnonzero(weights > cut)
        # Ties go by the token's number, whatever the sort does.
        likely = likely[np.argsort(-weights[likely], kind="stable")]
        shares = np.cumsum(weights[likely], dtype=np.float64)
        if shares[-1] >= wanted:
            break
    size = min(int(np.searchsorted(shares, wanted)) + 1, len(shares))
    chance = derive(seed, "token", place) / 2**SEED_BITS
    return int(likely[int(np.searchsorted(shares[:size], chance * shares[size - 1], side="right"))])
