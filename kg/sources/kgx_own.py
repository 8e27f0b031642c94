"""What this project's own export tells in KGX files beside the fields of KGX, so that it can be read in again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from kg.errors import RecordRejected
from kg.schema import LANGUAGES, EdgeKind, NodeKind
from kg.sources.cells import RowRefusedError, short
from kg.sources.checked import refused
from kg.sources.kgx_entries import Entry
from kg.values import MAX_NAME, check_text


def names_of(entry: Entry) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return the names and synonyms in other languages than English; raise RowRefusedError for what is no name."""
    names: dict[str, str] = {}
    synonyms: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        if language != "en":
            if name := _name(entry, f"name_{language}", entry.one(f"name_{language}")):
                names[language] = name
            field = f"synonym_{language}"
            if told := tuple(filter(None, (_name(entry, field, text) for text in entry.all(field)))):
                synonyms[language] = told
    return names, synonyms


def is_own(entry: Entry, kind: str) -> bool:
    """Say whether an entry names its kind as this project does; what others call `weight` may be anything."""
    return entry.one("kind") == kind or f"MKG:{kind}" in entry.all("category")


def properties_of(entry: Entry, kind: NodeKind | EdgeKind) -> Mapping[str, Any]:
    """Return the properties that the schema has for this kind; raise RowRefusedError for what is no number."""
    found: dict[str, Any] = {}
    for known in kind.properties:
        text = entry.one(known.name)
        if text and known.numeric:
            value = _number(text)
            if value is None:
                why = f"{short(text)!r} is not a number"
                raise entry.wrong(known.name, "not-a-number", why, "Write it with a point, for instance 0.25.")
            found[known.name] = int(value) if known.type == "integer" and value.is_integer() else value
        elif text:
            found[known.name] = text
    return found


def _name(entry: Entry, field: str, text: str) -> str:
    try:
        return check_text(text, MAX_NAME)
    except RecordRejected as error:
        raise RowRefusedError(refused(entry.place(field), "name-text", text, error)) from error


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
