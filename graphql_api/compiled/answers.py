"""Answers that are kept until the graph changes: by document, variables and role, and by where the graph stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from graphql_api.access.keys import Role
from graphql_api.bounded import Bounded

# What an entry costs beside its texts, in bytes.
_OVERHEAD: Final = 500
# Once this part is full, an answer is worth keeping when it is asked for twice: what is asked once would push out what
# is asked often (Einziger et al. 2017, "TinyLFU", doi:10.1145/3149371). So many questions are remembered for that.
_FREE: Final = 0.75
_MOST_SEEN: Final = 20_000
# One answer may take this part of the whole.
_PART: Final = 16

Key = tuple[str, str | None, bytes, Role]


@dataclass(frozen=True, slots=True)
class Kept:
    """The text of an answer, and where the graph stood when it was read."""

    body: bytes
    standing: int


class Answers:
    """Keeps answers within `most` bytes; the one that was not used for longest goes first. `hits` are for metrics."""

    def __init__(self, most: int) -> None:
        self._largest = most // _PART
        self._free = int(most * _FREE)
        self._kept: Bounded[Key, Kept] = Bounded(most, _size)
        self._seen: Bounded[int, bool] = Bounded(_MOST_SEEN)
        self.hits = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._kept.weight

    def get(self, key: Key) -> Kept | None:
        """Return what is kept under a key, whether or not it still holds."""
        return self._kept.get(key)

    def is_wanted(self, key: Key) -> bool:
        """Say whether there is room; with little left, whether this was asked before, and remember it."""
        if self.size < self._free:
            return True
        number = hash(key)
        before = self._seen.get(number) is not None
        self._seen.put(number, True)
        return before

    def put(self, key: Key, kept: Kept) -> None:
        """Keep an answer, if it is not too large."""
        if _size(key, kept) > self._largest:
            self.drop(key)
        else:
            self._kept.put(key, kept)

    def drop(self, key: Key) -> None:
        """Forget an answer."""
        self._kept.drop(key)


def key_of(text: str, operation: str | None, variables: Mapping[str, Any], role: Role) -> Key | None:
    """Return the key of a question, None when its variables are nothing that JSON holds."""
    try:
        return text, operation, orjson.dumps(variables, option=orjson.OPT_SORT_KEYS), role
    except TypeError:
        return None


def _size(key: Key, kept: Kept) -> int:
    text, _, variables, _ = key
    return _OVERHEAD + len(text) + len(variables) + len(kept.body)
