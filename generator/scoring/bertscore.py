"""BERTScore of two texts whose tokens are vectors already."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""One row for each token, each of length 1; the first and the last are those of the markers at a text's ends."""


class BertScore(NamedTuple):
    """How much of a text the other also says (`precision`), how much of the other it says (`recall`), and both."""

    precision: float
    recall: float
    f1: float


def bert_score(candidate: Vectors, reference: Vectors) -> BertScore:
    """Return the score by greedy matching, without weights for rare words and not rescaled (Zhang et al. 2020).

    Each token is matched with the most alike of the other text. Markers may be matched and count for nothing, as in
    the authors' library, whose figures these equal. A text without tokens scores 0.
    """
    if len(candidate) < 3 or len(reference) < 3:
        return BertScore(0.0, 0.0, 0.0)
    alike: NDArray[Any] = candidate @ reference.T
    precision, recall = float(alike.max(axis=1)[1:-1].mean()), float(alike.max(axis=0)[1:-1].mean())
    total = precision + recall
    return BertScore(precision, recall, 2 * precision * recall / total if total > 0 else 0.0)
