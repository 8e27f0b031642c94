"""From what a mutation returns to JSON: one function for each selection, made of plain fields alone."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, is_leaf_type

from graphql_api.compiled.draft import NotTaken
from graphql_api.compiled.selection import Field, Selection

Told = Callable[[Any], Any]

# Their values are written as they are.
_PLAIN: Final = frozenset({"ID", "String", "Int", "Float", "Boolean", "JSON"})


def payload(selection: Selection, field: Field) -> Told:
    """Return the function that tells what a field gives; raises NotTaken when a part of it has a resolver."""
    assert field.definition is not None, "`__typename` gives no payload"
    return _told(selection, field, field.definition.type)


def _told(selection: Selection, field: Field, kind: Any) -> Told:
    if isinstance(kind, GraphQLNonNull):
        return _told(selection, field, kind.of_type)
    if isinstance(kind, GraphQLList):
        item = _told(selection, field, kind.of_type)
        return lambda value: None if value is None else [item(each) for each in value]
    if isinstance(kind, GraphQLObjectType):
        return _object(selection, field, kind.name)
    if not is_leaf_type(kind):
        raise NotTaken(f"{field.name} may be of several types")
    if kind.name in _PLAIN:
        return _same
    write = kind.coerce_output_value
    return lambda value: None if value is None else write(value)


def _object(selection: Selection, field: Field, type_name: str) -> Told:
    parts: list[tuple[str, Told, Told]] = []
    for each in selection.under(field):
        if each.definition is None:
            parts.append((each.key, _always(type_name), _same))
            continue
        described: Any = each.definition.extensions["strawberry-definition"]
        if described.base_resolver is not None:
            raise NotTaken(f"{each.name} has a resolver")
        parts.append((each.key, attrgetter(each.python_name), _told(selection, each, each.definition.type)))
    return lambda value: None if value is None else {key: told(read(value)) for key, read, told in parts}


def _same(value: Any) -> Any:
    return value


def _always(word: str) -> Told:
    return lambda _: word
