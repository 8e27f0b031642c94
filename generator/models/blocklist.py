"""Names that a local model must not write, as runs of tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from generator.models.litter import no_looking_for_garbage

# The tokens before the last one of a run.
_Before: TypeAlias = tuple[int, ...]


# In names of more words than these nobody puts a capital in the middle.
_MOST_WORDS: Final = 4


def spellings(name: str) -> tuple[str, ...]:
    """Return a name as it stands at the start of a text and inside one, with and without capitals.

    A model that may not write "weight gain" writes "weight Gain" if that is left to it. What begins with a space is
    spelled as it stands: forms of names, of which there are many, inside a text alone.
    """
    if name.startswith(" "):
        return (name,)
    words = name.split(" ")
    forms = [name, name[:1].upper() + name[1:]]
    if 1 < len(words) <= _MOST_WORDS:
        capitals = [word[:1].upper() + word[1:] for word in words]
        forms += [" ".join((*words[:at], capitals[at], *words[at + 1 :])) for at in range(1, len(words))]
        forms.append(" ".join(capitals))
    return tuple(dict.fromkeys(spelt for form in forms for spelt in (form, f" {form}")))


class Spelled:
    """Token runs of names, each worked out once, found by all of a run but its last token.

    Rows block almost the same names, tens of thousands of them, so what is costly is kept here for all rows.
    """

    def __init__(
        self,
        encode: Callable[[Sequence[str]], Sequence[Sequence[int]]],
        joined: Mapping[int, Sequence[int]] = MappingProxyType({}),
    ) -> None:
        """`encode` turns texts into tokens, many at once; `joined` has those that say the same without a space before.

        A model that may not write "raised temperature" writes "raisedtemperature" if that is left to it.
        """
        self._encode = encode
        self._joined = joined
        self._known: set[str] = set()
        self._ends: dict[_Before, list[tuple[int, str]]] = {}
        self._lengths: tuple[int, ...] = ()

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many tokens may stand before the last one of a run."""
        return self._lengths

    def learn(self, names: Iterable[str]) -> None:
        """Spell the names that are new."""
        new = [name for name in dict.fromkeys(names) if name not in self._known]
        if not new:
            return
        self._known.update(new)
        with no_looking_for_garbage():
            self._spell(new)

    def _spell(self, new: Sequence[str]) -> None:
        spelled = [(name, spelling) for name in new for spelling in spellings(name)]
        runs = self._encode([spelling for _, spelling in spelled])
        # Spellings of one name may be the same in tokens.
        for name, run in dict.fromkeys((name, tuple(run)) for (name, _), run in zip(spelled, runs, strict=True) if run):
            ends = self._ends.setdefault(run[:-1], [])
            ends.append((run[-1], name))
            if len(run) > 1:
                ends.extend((token, name) for token in self._joined.get(run[-1], ()))
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
        return set[int]().union(*map(self._after, self._befores(written)))

    def begun(self, written: Sequence[int], token: int) -> int:
        """Return with how many tokens the longest blocked run has begun that this token would finish."""
        return max((len(before) for before in self._befores(written) if token in self._after(before)), default=0)

    def _befores(self, written: Sequence[int]) -> Iterator[_Before]:
        """Yield what the text ends with, in each length that may stand before the last token of a run."""
        for length in self._spelled.lengths:
            if length > len(written):
                break
            yield tuple(written[len(written) - length :])

    def _after(self, before: _Before) -> frozenset[int]:
        if before not in self._found:
            ends = {last for last, name in self._spelled.ends(before) if name in self._names}
            self._found[before] = frozenset(last for last in ends if not _contains(self._needed, (*before, last)))
        return self._found[before]


def _contains(whole: tuple[int, ...], part: tuple[int, ...]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
