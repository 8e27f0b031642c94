"""A mapping that keeps what was used last, and no more than it may."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def _one(_key: object, _value: object) -> int:
    return 1


class Bounded(Generic[K, V]):
    """Keeps values that weigh `most` together, 1 each unless told otherwise; what was unused for longest goes first."""

    def __init__(self, most: int, weigh: Callable[[K, V], int] = _one) -> None:
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._kept: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def weight(self) -> int:
        """What all that is kept weighs."""
        return self._weight

    def get(self, key: K, default: V | None = None) -> V | None:
        """Return the value of a key, or the default."""
        if key not in self._kept:
            return default
        self._kept.move_to_end(key)
        return self._kept[key]

    def put(self, key: K, value: V) -> V:
        """Keep a value and return it."""
        self.drop(key)
        self._kept[key] = value
        self._weight += self._weigh(key, value)
        while self._weight > self._most:
            self.drop(next(iter(self._kept)))
        return value

    def drop(self, key: K) -> None:
        """Forget a value."""
        if key in self._kept:
            self._weight -= self._weigh(key, self._kept.pop(key))
