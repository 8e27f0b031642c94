"""Names that a local model must not write, as runs of tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

# The tokens before the last one of a run.
_Before: TypeAlias = tuple[int, ...]


def spellings(name: str) -> tuple[str, ...]:
    """Return a name as it stands at the start of a text, inside one, and at the start of a sentence."""
    capital = name[:1].upper() + name[1:]
    return tuple(dict.fromkeys((name, f" {name}", capital, f" {capital}")))


class Spelled:
    """Token runs of names, each worked out once, found by all of a run but its last token.

    Rows block almost the same names, tens of thousands of them, so what is costly is kept here for all rows.
    """

    def __init__(self, encode: Callable[[str], list[int]]) -> None:
        self._encode = encode
        self._known: set[str] = set()
        self._ends: dict[_Before, list[tuple[int, str]]] = {}
        self._lengths: tuple[int, ...] = ()

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many tokens may stand before the last one of a run."""
        return self._lengths

    def learn(self, names: Iterable[str]) -> None:
        """Spell the names that are new."""
        for name in names:
            if name in self._known:
                continue
            self._known.add(name)
            for run in {tuple(self._encode(spelling)) for spelling in spellings(name)} - {()}:
                self._ends.setdefault(run[:-1], []).append((run[-1], name))
        self._lengths = tuple(sorted({len(before) for before in self._ends}))

    def ends(self, before: _Before) -> Sequence[tuple[int, str]]:
        """Return each token that finishes a run after these, with the name that the run spells."""
        return self._ends.get(before, ())


class Blocklist:
    """Finds, at each step of one row, the tokens that would finish a blocked name."""

    def __init__(self, spelled: Spelled, names: Iterable[str], needed: Sequence[int]) -> None:
        """`needed` are the tokens of the facts themselves: a run that stands in them is not blocked."""
        self._spelled = spelled
        self._names = frozenset(names)
        spelled.learn(self._names)
        self._needed = tuple(needed)
        self._found: dict[_Before, frozenset[int]] = {}

    def banned_after(self, written: Sequence[int]) -> set[int]:
        """Return the tokens that may not come next."""
        banned: set[int] = set()
        for length in self._spelled.lengths:
            if length > len(written):
                break
            banned |= self._after(tuple(written[len(written) - length :]))
        return banned

    def _after(self, before: _Before) -> frozenset[int]:
        if before not in self._found:
            ends = {last for last, name in self._spelled.ends(before) if name in self._names}
            self._found[before] = frozenset(last for last in ends if not _contains(self._needed, (*before, last)))
        return self._found[before]


def _contains(whole: tuple[int, ...], part: tuple[int, ...]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
