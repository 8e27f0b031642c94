"""Pieces of a statement: what is read of a row, and how its patterns and parameters are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, LiteralString

from graphql_api.compiled.names import Level, level, limit, parameter
from graphql_api.compiled.plan import Label, NameIn, Stored, Walk
from kg.reading.numbers import NUMBERS
from kg.schema import EDGE_BY_TYPE, LANGUAGES

_AND: Final[LiteralString] = " AND "
_COMMA: Final[LiteralString] = ", "


def below_level(here: Level) -> Level:
    return level(here.depth + 1, past=here.state != here.node)


def of_place(text: LiteralString, place: int, given: Sequence[LiteralString]) -> LiteralString:
    """Return the text of a fixed statement with the parameters of a place."""
    text = text.replace("$limit", f"${limit(place)}")
    for number, name in zip(NUMBERS, given, strict=False):
        text = text.replace(f"${name}", f"{parameter(place)}{number}")
    return text


def known_names(here: Level) -> LiteralString:
    """Return the names that clauses about a row need."""
    return f"{here.node}, q" if here.state == here.node else f"{here.node}, {here.state}, q, moment"


def where_text(parts: Sequence[LiteralString]) -> LiteralString:
    return f" WHERE {_AND.join(parts)}" if parts else ""


def label_text(source: Walk, below: Level) -> LiteralString:
    """Return the label that a step's end needs; none where the edge leads to one kind of node only."""
    role = source.role
    kind = EDGE_BY_TYPE[role.edge]
    ends = {*kind.starts, *kind.ends} if kind.symmetric else {*(kind.ends if role.forward else kind.starts)}
    return "" if len(ends) == 1 and below.state == below.node else f":{below.when.label(role.end)}"


def stored_text(column: Stored | NameIn | Label, here: Level) -> LiteralString:
    match column:
        case Stored(name, side):
            return f"{here.edge if side == 'edge' else here.state}.{name}"
        case NameIn(language):
            # `name` is the English one, or else another that there is.
            if language == "en" and len(LANGUAGES) <= 2:
                return f"{here.state}.name"
            order: dict[LiteralString, None] = dict.fromkeys((language, "en", *LANGUAGES))
            names: list[LiteralString] = [f"{here.state}.name_{each}" for each in order]
            return f"coalesce({_COMMA.join(names)}, {here.node}.id)"
        case Label():
            return f"replace([x IN labels({here.node}) WHERE NOT x IN ['Entity', 'Gone']][0], 'Was', '')"
