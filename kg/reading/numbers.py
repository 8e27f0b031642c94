"""Numbers as literal text, for names of parameters and variables: no name in a statement comes from a question."""

from __future__ import annotations

from typing import Final, LiteralString

_ONES: Final[tuple[LiteralString, ...]] = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
_TENS: Final[tuple[LiteralString, ...]] = ("", *_ONES[1:])
_HUNDREDS: Final[tuple[LiteralString, ...]] = tuple(f"{tens}{ones}" for tens in _TENS for ones in _ONES)

NUMBERS: Final[tuple[LiteralString, ...]] = (
    *_HUNDREDS,
    *(f"{hundreds}{tens}{ones}" for hundreds in _ONES[1:] for tens in _ONES for ones in _ONES),
)
