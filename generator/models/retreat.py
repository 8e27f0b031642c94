"""Back to before a name that may not be said, where the model still had something else to say.

A name is kept from a text at its last token. By then the model has often nothing else in mind, and what is drawn
instead makes no sense: "blood in" before what is not "urine". So a row goes back into the name and goes on another way.
That constraints which bite late force improbable tokens, and that going back is the cure, is in Melcer et al. 2024,
arXiv:2410.01103; how far to go back is said here by the probabilities themselves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np

from generator.models.drawing import Scores

# How many tokens back a row may go; what stands before them stays.
REACH: Final = 8
# The share of probability that has to be left for other tokens where one is drawn.
_LEFT: Final = 0.25
# A row that went back so often goes on as it can.
_MOST: Final = 32
# Tokens less likely than the likeliest one by more than this, in nats, hold no share worth summing up.
_FAR: Final = 5.0


class Retreat:
    """The scores of the last few places of one row, and the tokens that were tried there and led nowhere."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget everything."""
        self._scores: deque[Scores] = deque(maxlen=REACH + 1)
        self._barred: dict[int, set[int]] = {}
        self._times = 0

    def see(self, scores: Scores) -> None:
        """Take the scores of the next place, as the model gives them."""
        self._scores.append(scores)

    @property
    def scores(self) -> Scores:
        """Those of the next place."""
        return self._scores[-1]

    def barred(self, place: int) -> Collection[int]:
        """Return the tokens that led nowhere at this place."""
        return self._barred.get(place, ())

    def is_stuck(self, banned: Collection[int]) -> bool:
        """Return whether too little is left to go on with, beside the tokens that may not come next."""
        return self._times < _MOST and self._left(0, banned) < _LEFT

    def back(self, written: Sequence[int], banned: Collection[int], begun: int) -> int | None:
        """Return the place to go back to, its token barred there from now on, or None to go on here.

        `banned` are the tokens that may not come next, and `begun` says with how many tokens the likeliest of them has
        begun before: the text may go back as far. It goes to the last place where enough else is likely.
        """
        if not self.is_stuck(banned):
            return None
        here = len(written)
        best: tuple[float, int] = (self._left(0, banned), here)
        for back in range(1, min(begun, len(self._scores) - 1) + 1):
            place = here - back
            left = self._left(back, {written[place], *self.barred(place)})
            best = max(best, (left, place))
            if left >= _LEFT:
                break
        _, place = best
        if place == here:
            return None
        self._times += 1
        self._barred = {at: tokens for at, tokens in self._barred.items() if at <= place}
        self._barred.setdefault(place, set()).add(written[place])
        for _ in range(here - place):
            self._scores.pop()
        return place

    def _left(self, back: int, without: Collection[int]) -> float:
        """Return the share of probability of all but these tokens, so many places back."""
        scores, places = self._scores[-1 - back], list(without)
        if not places or scores[places].max() < scores.max() - _FAR:
            return 1.0
        weights = np.exp(scores - scores.max())
        return 1 - float(weights[places].sum(dtype=np.float64) / weights.sum(dtype=np.float64))
