"""Answers that are kept until the graph changes: by document, variables and role, and by where the graph stood."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from graphql_api.access.keys import Role
from graphql_api.bounded import Bounded

# What an entry costs beside its texts, in bytes.
_OVERHEAD: Final = 500
# An answer is worth keeping when it is asked for twice; so many questions are remembered for that.
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
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._seen: Bounded[int, bool] = Bounded(_MOST_SEEN)
        self.hits = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._bytes

    def get(self, key: Key) -> Kept | None:
        """Return what is kept under a key, whether or not it still holds."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def is_asked_again(self, key: Key) -> bool:
        """Say whether this was asked before, and remember it."""
        number = hash(key)
        before = self._seen.get(number) is not None
        self._seen.put(number, True)
        return before

    def put(self, key: Key, kept: Kept) -> None:
        """Keep an answer, if it is not too large."""
        self.drop(key)
        size = _size(key, kept)
        if size > self._most // _PART:
            return
        self._kept[key] = kept
        self._bytes += size
        while self._bytes > self._most:
            self.drop(next(iter(self._kept)))

    def drop(self, key: Key) -> None:
        """Forget an answer."""
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= _size(key, found)


def key_of(text: str, operation: str | None, variables: Mapping[str, Any], role: Role) -> Key | None:
    """Return the key of a question, None when its variables are nothing that JSON holds."""
    try:
        return text, operation, orjson.dumps(variables, option=orjson.OPT_SORT_KEYS), role
    except TypeError:
        return None


def _size(key: Key, kept: Kept) -> int:
    text, _, variables, _ = key
    return _OVERHEAD + len(text) + len(variables) + len(kept.body)
