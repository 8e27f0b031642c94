"""How unlike one another texts are: distinct-n and self-BLEU."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from generator.seeds import derive

ORDER: Final = 4
_TOKEN = re.compile(r"\w+|[^\w\s]")

_Run = tuple[str, ...]


def tokens(text: str) -> list[str]:
    """Return words and marks of punctuation, in small letters."""
    return _TOKEN.findall(text.casefold())


def distinct(texts: Sequence[Sequence[str]], n: int) -> float | None:
    """Return distinct-n: different runs of n tokens over all such runs (Li et al. 2016); None when there are none.

    It falls as texts are added, so only samples of one size compare.
    """
    seen: set[_Run] = set()
    total = 0
    for text in texts:
        runs = _runs(text, n)
        seen.update(runs)
        total += len(runs)
    return len(seen) / total if total else None


def self_bleu(texts: Sequence[Sequence[str]]) -> float | None:
    """Return self-BLEU-4, 0 to 100: the mean BLEU of each text against all others (Zhu et al. 2018); 100 is all alike.

    BLEU is of one sentence (Papineni et al. 2002): clipped precision of runs of 1 to 4 tokens, geometric mean, brevity
    penalty by the reference nearest in length, the shorter at a tie. An order without a match counts as 1/2^k of one
    match, k for the k-th such order (NIST's smoothing, Chen and Cherry 2014, method 3); orders that are longer than
    the text are left out. These are the defaults of sacrebleu's `sentence_bleu`, and the figures equal its. None for
    fewer than two texts.
    """
    if len(texts) < 2:
        return None
    counted = [[Counter(_runs(text, n)) for n in range(1, ORDER + 1)] for text in texts]
    most = [_Most([counts[n] for counts in counted]) for n in range(ORDER)]
    lengths = [len(text) for text in texts]
    scores = [
        _bleu(lengths[at], counted[at], [most[n].without(at, counted[at][n]) for n in range(ORDER)],
              _nearest(lengths, at))
        for at in range(len(texts))
    ]  # fmt: skip
    return sum(scores) / len(scores)


class Sample:
    """Keeps `size` of the things that pass by: which depends on seed and key alone, not on their order."""

    def __init__(self, size: int, seed: int) -> None:
        self._size = size
        self._seed = seed
        self._kept: list[tuple[int, str, str]] = []

    def offer(self, key: str, text: str) -> None:
        """Keep the text if its key is drawn."""
        drawn = (derive(self._seed, "sample", key), key, text)
        if len(self._kept) == 2 * self._size:
            self._shrink()
        self._kept.append(drawn)

    def texts(self) -> list[str]:
        """Return what was kept, in the order of the draw."""
        self._shrink()
        return [text for _, _, text in self._kept]

    def _shrink(self) -> None:
        self._kept.sort()
        del self._kept[self._size :]


class _Most:
    """For each run the two largest counts among texts, and who has the largest: what all but one text have at most."""

    def __init__(self, counts: Sequence[Counter[_Run]]) -> None:
        self._top: dict[_Run, tuple[int, int, int]] = {}
        for at, count in enumerate(counts):
            for run, number in count.items():
                first, owner, second = self._top.get(run, (0, -1, 0))
                if number > first:
                    self._top[run] = (number, at, first)
                elif number > second:
                    self._top[run] = (first, owner, number)

    def without(self, at: int, count: Counter[_Run]) -> int:
        """Return how many runs of this text another text has as well, each no more often than there."""
        matched = 0
        for run, number in count.items():
            first, owner, second = self._top[run]
            matched += min(number, second if owner == at else first)
        return matched


def _bleu(length: int, counts: Sequence[Counter[_Run]], matches: Sequence[int], nearest: int) -> float:
    totals = [sum(count.values()) for count in counts]
    if not totals[0] or not any(matches):
        return 0.0
    logs: list[float] = []
    smooth = 1.0
    for matched, total in zip(matches, totals, strict=True):
        if not total:
            break
        if matched:
            logs.append(math.log(matched / total))
        else:
            smooth *= 2
            logs.append(math.log(1 / (smooth * total)))
    brevity = 1.0 if length >= nearest else math.exp(1 - nearest / length)
    return 100 * brevity * math.exp(sum(logs) / len(logs))


def _nearest(lengths: Sequence[int], at: int) -> int:
    mine = lengths[at]
    return min((abs(length - mine), length) for other, length in enumerate(lengths) if other != at)[1]


def _runs(text: Sequence[str], n: int) -> list[_Run]:
    return [tuple(text[at : at + n]) for at in range(len(text) - n + 1)]
