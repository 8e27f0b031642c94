"""The fixed statements of `cypher/`, and the pair of text and values that a store runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, LiteralString, cast

from kg.values import NOTHING


@dataclass(frozen=True, slots=True)
class Statement:
    """Cypher text, and the values beside it. What a person typed is only ever in `values`."""

    text: LiteralString
    values: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@cache
def text_of(name: LiteralString) -> LiteralString:
    """Return the text of `cypher/<name>.cypher`, for instance `read/nodes`."""
    text = resources.files("cypher").joinpath(f"{name}.cypher").read_text("utf-8")
    # A file that ships inside the package is as trusted as the code that names it.
    return cast("LiteralString", text)


def fixed(name: LiteralString, **values: Any) -> Statement:
    """Return the statement of that file with these values."""
    return Statement(text_of(name), values)


def fixed_for(name: LiteralString, kind: LiteralString, **values: Any) -> Statement:
    """Return the statement of that file for one kind of node or edge: `KIND` in it stands for the schema's own word."""
    return Statement(_text_for(name, kind), values)


@cache
def _text_for(name: LiteralString, kind: LiteralString) -> LiteralString:
    return text_of(name).replace("KIND", kind)
