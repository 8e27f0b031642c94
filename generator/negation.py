"""Whether a text says that something is not so: cues before and after a name, within one clause.

In the way of NegEx: a cue reaches over the names that follow it until the clause ends or says something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from generator.terms import Word, listed

_REACH: Final = 12  # words that a cue before a name reaches over, long enough for a list
_REACH_BACK: Final = 4  # words that a cue after a name reaches back over

_CLAUSE_END = re.compile(r"[.!?;](?=\s|$)|\n")

# A cue is one form of a word ("denies", not "denial"), so these are compared as said and not by stem.
_BEFORE: Final = listed(
    "no not without denies denied deny denying never neither nor absent avoid avoided avoids excluded lacks cannot "
    "contraindicated stopped discontinued withheld "
    "нет без не ни отрицает отрицал отрицала отрицают отсутствует отсутствуют отсутствие исключен исключена исключено "
    "исключить исключён противопоказан противопоказана противопоказано противопоказаны отменен отменён отменена"
)
_BEFORE_TWO: Final = frozenset(
    {("negative", "for"), ("absence", "of"), ("free", "of"), ("ruled", "out"), ("rules", "out"), ("instead", "of")}
)
# "Not only cough" says cough.
_NOT_A_CUE: Final = frozenset({("not", "only"), ("не", "только")})

# These end the reach of a cue before them unless they stand right after it ("does not have").
_NEW_STATEMENT: Final = listed(
    "but however although though except has have had having reports reported complains complaining presents presented "
    "noticed shows is are was were "
    "но однако имеется имеются есть жалуется жалобы отмечает отмечается отмечаются беспокоит беспокоят выявлено "
    "назначен назначена назначено назначены отмечалось"
)
# These do so after a comma or "and" only: "no fever, with cough" but "not associated with fever".
_NEW_STATEMENT_AFTER_PAUSE: Final = frozenset({"with", "also", "diagnosis", "с", "со", "диагноз"})
_PAUSE_WORDS: Final = frozenset({"and", "и", "а"})

_AFTER: Final = listed(
    "absent denied negative excluded contraindicated avoided stopped discontinued withheld "
    "нет отсутствует отсутствуют отрицает отрицал отрицала исключен исключена исключено исключён противопоказан "
    "противопоказана противопоказано отменен отменён отменена"
)
_AFTER_TWO: Final = frozenset(
    {("ruled", "out")}
    | {
        ("not", verb)
        for verb in ("present", "observed", "reported", "seen", "found", "noted", "given", "prescribed", "used")
    }
    | {
        ("не", verb)
        for verb in listed(
            "отмечается отмечаются отмечено отмечалось выявлен выявлена выявлено наблюдается наблюдаются беспокоит "
            "беспокоят было назначен назначена назначено назначался"
        )
    }
)


def is_negated(text: str, words: Sequence[Word], first: int, last: int) -> bool:
    """Say whether the words from `first` to `last` are named as absent, denied, excluded or not given."""
    return _cue_before(text, words, first) or _cue_after(text, words, last)


def _cue_before(text: str, words: Sequence[Word], first: int) -> bool:
    fence: int | None = None  # the nearest word that starts a new statement
    for at in range(first - 1, max(-1, first - 1 - _REACH), -1):
        if _CLAUSE_END.search(text, words[at].end, words[at + 1].start + 1):
            return False
        pair = (words[at].said, words[at + 1].said)
        is_cue = (words[at].said in _BEFORE or words[at].said.endswith("n't")) and pair not in _NOT_A_CUE
        if is_cue or pair in _BEFORE_TWO:
            after = at + (2 if pair in _BEFORE_TWO else 1)
            return fence is None or fence == after
        paused = at > 0 and ("," in text[words[at - 1].end : words[at].start] or words[at - 1].said in _PAUSE_WORDS)
        if words[at].said in _NEW_STATEMENT or (paused and words[at].said in _NEW_STATEMENT_AFTER_PAUSE):
            # Of two, at most one stands right after a cue.
            if fence is not None:
                return False
            fence = at
    return False


def _cue_after(text: str, words: Sequence[Word], last: int) -> bool:
    for at in range(last + 1, min(len(words), last + 1 + _REACH_BACK)):
        between = text[words[at - 1].end : words[at].start]
        if _CLAUSE_END.search(text, words[at - 1].end, words[at].start + 1) or "," in between:
            return False
        pair = (words[at].said, words[at + 1].said) if at + 1 < len(words) else None
        if words[at].said in _AFTER or pair in _AFTER_TWO:
            return True
        if words[at].said in {"but", "with", "no", "но", "с", "без", "не"}:
            return False
    return False
