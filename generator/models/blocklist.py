"""Names that a local model must not write, as runs of tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence


def spellings(name: str) -> tuple[str, ...]:
    """Return a name as it stands at the start of a text, inside one, and at the start of a sentence."""
    capital = name[:1].upper() + name[1:]
    return tuple(dict.fromkeys((name, f" {name}", capital, f" {capital}")))


class Blocklist:
    """Finds, at each step, the tokens that would finish a blocked name."""

    def __init__(self, runs: Iterable[Sequence[int]], needed: Sequence[int]) -> None:
        """`needed` are the tokens of the facts themselves: a run that stands in them is not blocked."""
        self._last: dict[tuple[int, ...], set[int]] = {}
        needed = tuple(needed)
        for run in runs:
            if run and not _contains(needed, tuple(run)):
                self._last.setdefault(tuple(run[:-1]), set()).add(run[-1])
        self._lengths = sorted({len(before) for before in self._last})

    def banned_after(self, written: Sequence[int]) -> set[int]:
        """Return the tokens that may not come next."""
        banned: set[int] = set()
        for length in self._lengths:
            if length > len(written):
                break
            banned |= self._last.get(tuple(written[len(written) - length :]), set())
        return banned


class Spelled:
    """Token runs of names, each worked out once."""

    def __init__(self, encode: Callable[[str], list[int]]) -> None:
        self._encode = encode
        self._runs: dict[str, list[list[int]]] = {}

    def runs(self, names: Iterable[str]) -> Iterable[list[int]]:
        """Yield every run by which one of the names can be written."""
        for name in names:
            if name not in self._runs:
                self._runs[name] = [self._encode(spelling) for spelling in spellings(name)]
            yield from self._runs[name]


def _contains(whole: tuple[int, ...], part: tuple[int, ...]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
