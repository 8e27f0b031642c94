"""The words that belong to the language itself, and how a name is quoted."""

from __future__ import annotations

import re
from typing import Final

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# As a value they are quoted, so that they are not taken for the next clause.
RESERVED: Final = frozenset(
    {
        *("via", "where", "and", "not", "in", "without", "shared", "top", "by", "sample", "temperature", "seed"),
        *("as", "of", "between", "up", "to"),
    }
)


def is_word(text: str) -> bool:
    """Say whether `text` can stand as a plain word: a role, a label, a value without quotes."""
    return _WORD.match(text) is not None and text not in RESERVED


def quoted(text: str) -> str:
    """Return `text` as a name of the language, safe to stand in a question."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
