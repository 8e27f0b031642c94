"""Mappings and sequences that are worked out when somebody first looks into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V", covariant=True)


class LaterMapping(Mapping[K, V]):
    """A mapping made by `make` at the first look."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Mapping[K, V]]) -> None:
        self._make: Callable[[], Mapping[K, V]] | None = make
        self._made: Mapping[K, V] = {}

    def _there(self) -> Mapping[K, V]:
        if self._make is not None:
            self._made, self._make = self._make(), None
        return self._made

    def __getitem__(self, key: K) -> V:
        return self._there()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._there())

    def __len__(self) -> int:
        return len(self._there())

    def __repr__(self) -> str:
        return repr(self._there())


class LaterSequence(Sequence[V]):
    """A sequence made by `make` at the first look; it equals a tuple of the same items."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], tuple[V, ...]]) -> None:
        self._make: Callable[[], tuple[V, ...]] | None = make
        self._made: tuple[V, ...] = ()

    def _there(self) -> tuple[V, ...]:
        if self._make is not None:
            self._made, self._make = self._make(), None
        return self._made

    @overload
    def __getitem__(self, index: int) -> V: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[V, ...]: ...
    def __getitem__(self, index: int | slice) -> V | tuple[V, ...]:
        return self._there()[index]

    def __len__(self) -> int:
        return len(self._there())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | LaterSequence) and self._there() == tuple(_items(other))

    def __hash__(self) -> int:
        return hash(self._there())

    def __repr__(self) -> str:
        return repr(self._there())


def _items(sequence: Any) -> Iterator[Any]:
    return iter(sequence)
