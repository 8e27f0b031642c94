"""Keeps one row to naming each thing that it was given once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from generator.models.blocklist import Blocklist, Spelled


class Telling:
    """Finds, at each step of one row, the tokens that would name a thing again.

    What is left to name is then likelier to come next. What is named is read off the text, longest name first, and
    counts once another character follows: "fever" in "feverish" is no fever.
    """

    def __init__(
        self,
        given: Sequence[Sequence[str]],
        spelled: Spelled,
        encode: Callable[[str], Sequence[int]],
        decode: Callable[[Sequence[int]], str],
    ) -> None:
        self._given = tuple(given)
        self._spelled = spelled
        self._encode = encode
        self._decode = decode
        self._of_name = {name.casefold(): at for at, names in enumerate(self._given) for name in names}
        names = sorted(self._of_name, key=lambda name: (-len(name), name))
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?=\W)") if names else None
        self.begin()

    def begin(self) -> None:
        """Forget what was named."""
        self._named: frozenset[int] = frozenset()
        self._block: Blocklist | None = None

    def banned_after(self, written: Sequence[int]) -> set[int]:
        """Return the tokens that may not come next; to be asked after every token."""
        named = self._read(written)
        if named != self._named:
            self._named = named
            self._block = self._blocking(named)
        return self._block.banned_after(written) if self._block else set()

    def _read(self, written: Sequence[int]) -> frozenset[int]:
        if self._pattern is None or not written:
            return frozenset()
        text = self._decode(written).casefold()
        return frozenset(self._of_name[match.group()] for match in self._pattern.finditer(text))

    def _blocking(self, named: frozenset[int]) -> Blocklist | None:
        if not named:
            return None
        again = [name for at in sorted(named) for name in self._given[at]]
        # "Pain" may come again in "pain on walking", which is still to be named.
        to_come = [name for at, names in enumerate(self._given) if at not in named for name in names]
        return Blocklist(self._spelled, again, self._encode("".join(f", {name}" for name in to_come)))
