"""How a list is sorted, a place in it, and the Cypher of both. Pure functions.

What has no value for a key comes last, whichever way it is sorted; ties are settled by id, so that every order is
total and a place in it is told by the values of its keys and the id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, LiteralString, TypeAlias

from kg.reading.numbers import NUMBERS
from kg.schema import EDGE_BY_TYPE, Role

KeyValue: TypeAlias = str | float | None


@dataclass(frozen=True, slots=True)
class Key:
    """By what a list is sorted: a property of the node or of the edge that leads to it, or the node's id or name.

    `numeric` says that its values are numbers, `always` that nothing is without one.
    """

    name: LiteralString
    side: Literal["node", "edge"] = "node"
    descending: bool = False
    numeric: bool = False
    always: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """The keys of an order, first things first; the last one is the id."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an item in an order: the values of all its keys but the id, and the id."""

    keys: tuple[KeyValue, ...]
    id: str


NAME: Final = Key("name", always=True)
ID: Final = Key("id", always=True)


def sorted_by(*keys: Key) -> Order:
    """Return the order by these keys, ties settled by id; what stands behind the id can settle nothing."""
    kept: list[Key] = []
    for key in keys:
        if key.name == "id":
            return Order((*kept, key))
        if not any((key.side, key.name) == (known.side, known.name) for known in kept):
            kept.append(key)
    return Order((*kept, ID))


BY_NAME: Final = sorted_by(NAME)


def strongest(role: Role) -> Order:
    """Return the order of a role's neighbours unless another is asked for: by the edge's rank, largest first."""
    rank = EDGE_BY_TYPE[role.edge].rank
    return sorted_by() if rank is None else sorted_by(Key(rank, "edge", descending=True, numeric=True))


def key_texts(order: Order, node: LiteralString, edge: LiteralString = "r") -> tuple[LiteralString, ...]:
    """Return the expressions of all keys, the id last; `node` is the name of the node's state."""
    return tuple(f"{edge if key.side == 'edge' else node}.{key.name}" for key in order.keys)


@lru_cache(maxsize=1024)
def order_text(
    order: Order, node: LiteralString, edge: LiteralString = "r", *, backward: bool = False
) -> LiteralString:
    """Return what stands behind ORDER BY; `backward` gives the same list from its end."""
    parts: list[LiteralString] = []
    for key, text in zip(order.keys, key_texts(order, node, edge), strict=True):
        down = key.descending is not backward
        # To the database nothing is larger than any value: last when sorted upwards, and first downwards.
        if key.descending and not key.always:
            parts.append(f"{text} IS NULL{' DESC' if backward else ''}")
        parts.append(f"{text} DESC" if down else text)
    return ", ".join(parts)


@lru_cache(maxsize=1024)
def beyond_text(
    order: Order,
    node: LiteralString,
    edge: LiteralString = "r",
    *,
    backward: bool = False,
    parameter: LiteralString = "$k",
    start: int = 0,
) -> LiteralString:
    """Return the predicate that an item lies behind a place in the order; with `backward`, before it.

    The n-th of `place_values` is named `parameter` with the number `start + n` behind it.
    """
    texts = key_texts(order, node, edge)
    names: list[LiteralString] = [f"{parameter}{NUMBERS[start + number]}" for number in range(len(texts))]
    ways: list[LiteralString] = []
    for number, key in enumerate(order.keys):
        before: list[LiteralString] = [
            _equal(known, text, name) for known, text, name in zip(order.keys, texts, names[:number], strict=False)
        ]
        joint: LiteralString = " AND "
        ways.append(joint.join([*before, _further(key, texts[number], names[number], backward)]))
    either: LiteralString = " OR ".join(ways)
    first = order.keys[0]
    if len(ways) > 1 and first.always:
        # Said on its own as well, so that an index on the first key can begin at the place.
        sign: LiteralString = "<=" if first.descending is not backward else ">="
        return f"{texts[0]} {sign} {names[0]} AND ({either})"
    return f"({either})"


def place_values(place: Place) -> tuple[KeyValue, ...]:
    """Return the values of a place in the order in which `beyond_text` names its parameters."""
    return (*place.keys, place.id)


def place_of(values: Sequence[KeyValue]) -> Place:
    """Return the place with these values of all keys, the id last."""
    return Place(tuple(values[:-1]), str(values[-1]))


def _equal(key: Key, text: LiteralString, name: LiteralString) -> LiteralString:
    return f"{text} = {name}" if key.always else f"({text} = {name} OR {text} IS NULL AND {name} IS NULL)"


def _further(key: Key, text: LiteralString, name: LiteralString, backward: bool) -> LiteralString:
    sign: LiteralString = "<" if key.descending is not backward else ">"
    if key.always:
        return f"{text} {sign} {name}"
    if backward:
        return f"({text} {sign} {name} OR {text} IS NOT NULL AND {name} IS NULL)"
    return f"({text} {sign} {name} OR {text} IS NULL AND {name} IS NOT NULL)"
