"""Items of JSON lists, read as the text arrives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ijson

from kg.sources.checked import fault
from kg.sources.format import Text
from kg.sources.records import Place, Problem

# What the parser raises on damage: its own errors, text that is not Unicode, numbers beyond measure.
_DAMAGE: Final = (ijson.JSONError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True)
class Item:
    """An item: the path of its list, its number in it from 1, and its value as the parser gives it."""

    path: str
    number: int
    value: Any


def json_items(text: Text, paths: Sequence[str]) -> Iterator[Item | Problem]:
    """Yield the items of the lists at those paths, such as `nodes` or `graphs.item.edges`, in the order they stand.

    Lists of the same path count on. Between two paths, the order holds to about 64 Ki characters. JSON that is damaged
    becomes a problem and ends the reading; so does a document without any of these items.
    """
    found: list[list[Any]] = [ijson.sendable_list() for _ in paths]
    parsers = [
        ijson.items_coro(values, f"{path}.item", use_float=True) for values, path in zip(found, paths, strict=True)
    ]
    counts = [0] * len(paths)
    try:
        for piece in text.pieces():
            data = piece.encode()
            for parser in parsers:
                parser.send(data)
            yield from _taken(found, paths, counts)
        for parser in parsers:
            parser.close()
        yield from _taken(found, paths, counts)
    except _DAMAGE as error:
        yield from _taken(found, paths, counts)
        why = f"the JSON is damaged: {str(error).splitlines()[0][:200] if str(error) else 'it ends too early'}"
        place = Place(text.name, max(sum(counts), 1))
        yield fault(place, "json-form", "", why, "Get the file again; the line is the number of the last whole item.")
        return
    if not any(counts):
        yield fault(
            Place(text.name, 1), "no-items", "", f"there is nothing in {', '.join(paths)}", "Is it another file?"
        )


def _taken(found: Sequence[list[Any]], paths: Sequence[str], counts: list[int]) -> Iterator[Item]:
    for index, values in enumerate(found):
        for value in values:
            counts[index] += 1
            yield Item(paths[index], counts[index], value)
        values.clear()
