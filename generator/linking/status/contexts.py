"""Cues that are cues only in their sentence: "had" with a year, "should" at its beginning, a question mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from generator.linking.mentions import Mention
from generator.linking.status import Status, english, russian
from generator.linking.status.cues import Cue
from generator.linking.words import Gap, Word

_PAST_IF_DATED: Final = english.PAST_IF_DATED | russian.PAST_IF_DATED
_DATED: Final = re.compile(f"{english.DATED}|{russian.DATED}", re.IGNORECASE)
_STILL: Final = english.STILL | russian.STILL
_AGO: Final = frozenset({"ago", "назад"})
_IN: Final = frozenset({"in", "в"})
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_LONGEST: Final = 60  # words on each side; without a bound a text without stops would take forever
_NEAR: Final = 2  # words between a name and the advice that makes it a condition


def context_cues(
    text: str, words: Sequence[Word], found: Sequence[Mention], taken: Sequence[int | None]
) -> Iterator[Cue]:
    """Yield the cues that only their sentence makes cues; `taken` has the number of the mention of each word."""
    for at, word in enumerate(words):
        if taken[at] is not None:
            continue
        if word.said in _PAST_IF_DATED:
            first, last = sentence_at(words, at)
            if _DATED.search(text, words[first].start, words[last].end):
                yield Cue(at, at, Status.HISTORY, None)
        elif word.said in _IN and at + 1 < len(words) and _YEAR.fullmatch(words[at + 1].said):
            if not _lasts(words, at):
                yield Cue(at, at + 1, None, Status.HISTORY)
        elif (word.said in english.OPENING_IF and word.gap == Gap.STOP) or (
            word.said == russian.WITH and _is_condition(words, found, taken, at)
        ):
            yield Cue(at, at, Status.HYPOTHETICAL, None)


def is_over(cue: Cue, words: Sequence[Word]) -> bool:
    """Say whether what a cue puts into the past is not said to last: "noticed three years ago"."""
    return words[cue.last].said not in _AGO or not _lasts(words, cue.first)


def questioned(text: str, found: Sequence[Mention]) -> Iterator[int]:
    """Yield the numbers of the mentions that bear a question mark: "?pneumonia", "Emphysema?"."""
    for number, mention in enumerate(found):
        before, after = text[max(0, mention.start - 1) : mention.start], text[mention.end : mention.end + 2]
        if before == "?" or after.lstrip().startswith("?"):
            yield number


def sentence_at(words: Sequence[Word], at: int) -> tuple[int, int]:
    """Return the first and the last word of the sentence around a word, or of what of it is near."""
    first = last = at
    while first > max(0, at - _LONGEST) and words[first].gap != Gap.STOP:
        first -= 1
    while last + 1 < min(len(words), at + _LONGEST) and words[last + 1].gap != Gap.STOP:
        last += 1
    return first, last


def _lasts(words: Sequence[Word], at: int) -> bool:
    first, last = sentence_at(words, at)
    return not _STILL.isdisjoint(word.said for word in words[first : last + 1])


def _is_condition(words: Sequence[Word], found: Sequence[Mention], taken: Sequence[int | None], at: int) -> bool:
    """Say whether an advice follows what stands with "при": "при болях принять"."""
    number = taken[at + 1] if at + 1 < len(words) else None
    if number is None:
        return False
    last = found[number].last
    return any(word.said in russian.ADVICE for word in words[last + 1 : last + 1 + _NEAR] if word.gap == Gap.JOINED)
