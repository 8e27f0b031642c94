"""Keeps one row to naming each thing that it was given, as it is spelled there and once in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from generator.models.blocklist import Blocklist, Spelled, spellings
from generator.prompt import Given

_SENTENCE: Final = re.compile(r"[.!?]\s+(?=\S)")
# What another sentence may name again: a drug is given for a diagnosis. Kept from it, a small model misspells it.
_NAMED_AGAIN: Final = frozenset({"diagnosis", "drug"})


class Telling:
    """Finds, at each step of one row, the tokens that would name a thing again, and the lists that are half told.

    A diagnosis or a drug may come again in another sentence, nothing else. What is left to name is then likelier to
    come next. What is named is read off the text, longest name first, and counts once another character follows:
    "fever" in "feverish" is no fever.
    """

    def __init__(
        self,
        given: Sequence[Given],
        spelled: Spelled,
        encode: Callable[[Sequence[str]], Sequence[Sequence[int]]],
        decode: Callable[[Sequence[int]], str],
    ) -> None:
        """`spelled` knows the tokens of names, `encode` those of many texts, `decode` the text of tokens."""
        self._given = tuple(given)
        self._spelled = spelled
        self._encode = encode
        self._decode = decode
        self._of_name = {name.casefold(): at for at, one in enumerate(self._given) for name in one.names}
        names = sorted(self._of_name, key=lambda name: (-len(name), name))
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?=\W)") if names else None
        unbending = [name for one in self._given if one.kind == "drug" for name in one.names if name.isascii()]
        self._whole = _ending_in(unbending)
        self._next = _next_in(encode([spelling for one in given for name in one.names for spelling in spellings(name)]))
        self._lengths = sorted({len(before) for before in self._next})
        self.begin()

    def begin(self) -> None:
        """Forget what was written."""
        self._length, self._end = 0, ("", frozenset[int]())
        self._named: frozenset[int] = frozenset()
        self._block: Blocklist | None = None

    def banned_after(self, written: Sequence[int]) -> set[int]:
        """Return the tokens that may not come next; to be asked after every token."""
        text = self._ended(written)[0][:-1]
        here = self._named_in(text[_last_sentence(text) :])
        named = here | {at for at in self._named_in(text) if self._given[at].kind not in _NAMED_AGAIN}
        if named != self._named:
            self._named = named
            self._block = self._blocking(named)
        return self._block.banned_after(written) if self._block else set()

    def begun(self, written: Sequence[int], token: int) -> int:
        """Return with how many tokens a name has begun that this token would say again."""
        return self._block.begun(written, token) if self._block else 0

    def is_within_name(self, written: Sequence[int], token: int) -> bool:
        """Return whether this token goes on with a name that the text has begun."""
        return any(
            token in self._next.get(tuple(written[len(written) - length :]), ())
            for length in self._lengths
            if length <= len(written)
        )

    def is_name_whole(self, written: Sequence[int]) -> bool:
        """Return whether the text ends with the whole name of a drug, which has no endings (in English)."""
        return self._whole is not None and bool(self._whole.search(self._ended(written)[0]))

    def is_half_told(self, written: Sequence[int]) -> bool:
        """Return whether a sentence that ended here would leave a list half told, as short lists often are."""
        text, told = self._ended(written)
        kinds = {self._given[at].kind for at in self._named_in(text[_last_sentence(text) :])}
        return any(one.kind in kinds for at, one in enumerate(self._given) if at not in told)

    def is_anything_left(self, written: Sequence[int]) -> bool:
        """Return whether a text that ended here would leave something out."""
        return len(self._ended(written)[1]) < len(self._given)

    def _ended(self, written: Sequence[int]) -> tuple[str, frozenset[int]]:
        """Return the text as if it ended here, and what it names then."""
        # A text only grows until it begins anew, so one of this length is the same one.
        if len(written) != self._length:
            text = f"{self._decode(written).casefold()}."
            self._length, self._end = len(written), (text, self._named_in(text))
        return self._end

    def _named_in(self, text: str) -> frozenset[int]:
        if self._pattern is None:
            return frozenset()
        return frozenset(self._of_name[match.group()] for match in self._pattern.finditer(text))

    def _blocking(self, named: frozenset[int]) -> Blocklist | None:
        if not named:
            return None
        again = [name for at in sorted(named) for name in self._given[at].names]
        # "Pain" may come again in "pain on walking", which is still to be named.
        to_come = [name for at, one in enumerate(self._given) if at not in named for name in one.names]
        return Blocklist(self._spelled, again, self._encode(["".join(f", {name}" for name in to_come)])[0])


def _last_sentence(text: str) -> int:
    """Return where the last sentence begins."""
    return max((match.end() for match in _SENTENCE.finditer(text)), default=0)


def _ending_in(names: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds one of these names at the end of a text that was closed with a full stop."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(name.casefold()) for name in names)})\.$") if names else None


def _next_in(runs: Sequence[Sequence[int]]) -> dict[tuple[int, ...], set[int]]:
    """Return the tokens that may follow each beginning of these runs."""
    found: dict[tuple[int, ...], set[int]] = {}
    for run in runs:
        for end in range(1, len(run)):
            found.setdefault(tuple(run[:end]), set()).add(run[end])
    return found
