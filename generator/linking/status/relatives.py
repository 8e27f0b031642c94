"""Where a text speaks of somebody of the patient's family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from generator.linking.status import Status, english, russian
from generator.linking.status.cues import Cue
from generator.linking.words import Gap, Word

_RELATIVES: Final = english.RELATIVES | russian.RELATIVES
_HAS: Final = english.HAS | russian.HAS
_SPEAKS: Final = english.SPEAKS | russian.SPEAKS
_WHO: Final = frozenset({"who", "который", "которая", "которые"})
_IN: Final = frozenset({"in", "of"})
_WITH: Final = "with"
_FAR: Final = 8  # words between a relative and what is said of it


def is_relative(word: Word) -> bool:
    """Say whether the word names one of the family."""
    return word.said.removesuffix("'s") in _RELATIVES


def family_cues(words: Sequence[Word], taken: Sequence[int | None]) -> Iterator[Cue]:
    """Yield a cue where a relative has or had something: a relative who tells of the patient is none."""
    for at, word in enumerate(words):
        if taken[at] is None and is_relative(word):
            cue = _cue(words, taken, at)
            if cue is not None:
                yield cue


def _cue(words: Sequence[Word], taken: Sequence[int | None], at: int) -> Cue | None:
    for by in (at - 1, at - 2):
        if by >= 0 and words[by].said == russian.BY:
            # "У отца рак желудка" and "рак желудка у отца".
            near = range(at + 1, min(len(words), at + _FAR))
            ahead = any(taken[n] is not None and _no_pause(words, at, n) for n in near)
            return Cue(at, at, Status.FAMILY, None) if ahead or by == 0 else Cue(by, at, None, Status.FAMILY)
    for place in (at - 1, at - 2, at - 3):
        if place > 0 and words[place].said in _IN and taken[place - 1] is not None:
            return Cue(place, at, None, Status.FAMILY)
    return _of_clause(words, taken, at)


def _of_clause(words: Sequence[Word], taken: Sequence[int | None], at: int) -> Cue | None:
    """Follow the clause of a relative to "has", "died of" or the like."""
    opens = words[at].gap == Gap.STOP or (at > 0 and words[at - 1].gap == Gap.STOP)
    related = False
    for place in range(at + 1, min(len(words), at + _FAR + 1)):
        word = words[place]
        if (
            word.gap == Gap.STOP
            or taken[place] is not None
            or (word.said in _SPEAKS and words[place - 1].said != "was")
        ):
            return None
        related = related or word.said in _WHO
        if word.gap == Gap.PAUSE and not related and place == at + 1:
            return None
        if word.said in _HAS and not _speaks_next(words, place):
            return Cue(at, place, Status.FAMILY, None)
        if word.said == _WITH and opens and place == at + 1:
            return Cue(at, place, Status.FAMILY, None)
    return None


def _speaks_next(words: Sequence[Word], at: int) -> bool:
    return at + 1 < len(words) and words[at + 1].said in _SPEAKS


def _no_pause(words: Sequence[Word], first: int, last: int) -> bool:
    return all(words[n].gap == Gap.JOINED for n in range(first + 1, last + 1))
