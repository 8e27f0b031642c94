"""What single values of a row become in an answer, as GraphQL's own types write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import orjson

from kg.schema import LANGUAGES, Property


def number(value: Any) -> float | None:
    """Return a number as GraphQL's Float writes it, whole ones with a point."""
    return value if value is None or value.__class__ is float else float(value)


def whole(value: Any) -> int | None:
    """Return a number as GraphQL's Int writes it; raises ValueError for one that is not whole."""
    if value is None or value.__class__ is int:
        return value
    if not float(value).is_integer():
        raise ValueError(f"{value} is not whole")
    return int(value)


def several(value: Any) -> Any:
    """Return a list that may not be stored at all."""
    return [] if value is None else value


def constants(values: Sequence[str]) -> Callable[[Any], Any]:
    """Return a function that gives the constant of a stored word, and None for none; raises KeyError for others."""
    return {None: None, **{value: value.upper() for value in values}}.__getitem__


def reader_of(item: Property) -> Callable[[Any], Any] | None:
    """Return what has to be done with the stored values of a property; None when they are as they should be."""
    if item.type == "choice":
        return _CHOICES.setdefault(item.choices, constants(item.choices))
    return {"number": number, "integer": whole}.get(item.type)


_CHOICES: Final[dict[tuple[str, ...], Callable[[Any], Any]]] = {}


def names(*stored: str | None) -> list[tuple[str, str]]:
    """Return the constant of each language that has a name, and the name."""
    return [(key, name) for key, name in zip(LANGUAGE_CONSTANTS, stored, strict=True) if name is not None]


LANGUAGE_CONSTANTS: Final = tuple(language.upper() for language in LANGUAGES)


def joined(*stored: Sequence[str] | None) -> list[str]:
    """Return the words of all languages."""
    return [word for words in stored if words is not None for word in words]


def evidence(told: str, limit: int) -> list[dict[str, Any]]:
    """Return the first items of the evidence kept on an edge: what speaks for it first, then by source and id."""
    items: list[dict[str, Any]] = orjson.loads(told)
    if len(items) > 1:
        items.sort(key=_for_first)
    return items[:limit]


def evidence_on(told: str, limit: int, edge: str) -> list[dict[str, Any]]:
    """Return the first items of the evidence kept on an edge, each with the edge's id."""
    return [{**item, "edge": edge} for item in evidence(told, limit)]


def _for_first(item: Mapping[str, Any]) -> tuple[bool, str, str]:
    return item["direction"] != "for", item["source"], item["id"]


def kept(rows: Sequence[Any], size: int) -> Sequence[Any]:
    """Return the rows of a page, of which one more may have been read."""
    return rows[:size]


def kept_backward(rows: Sequence[Any], size: int) -> Sequence[Any]:
    """Return the rows of a page that was read from its end."""
    return rows[:size][::-1]


def goes_on(rows: Sequence[Any], size: int) -> bool:
    """Say whether the list goes on behind the page."""
    return len(rows) > size


def last(rows: Sequence[Any]) -> Sequence[Any]:
    """Return the last of some rows, alone."""
    return rows[-1:]
