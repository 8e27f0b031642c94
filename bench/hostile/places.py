"""Every place of a schema where a client puts text, each with an operation that puts a variable there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_composite_type,
    is_leaf_type,
)

# What stands for a value that is needed beside the one that is tried.
_PLAUSIBLE: Final[Mapping[str, str]] = {"Int": "1", "Float": "0.5", "Boolean": "true", "ID": '"DOID:2841"'}
# Where an object is found, so that what is tried below it is really asked for.
_FOUND: Final[Mapping[str, str]] = {
    "node": '"DOID:2841"',
    "disease": '"DOID:2841"',
    "symptom": '"HP:0012735"',
    "drug": '"DB:salbutamol"',
    "drugClass": '"ATC:R03"',
    "sideEffect": '"SE:tremor"',
    "icdCode": '"ICD10:J20"',
    "edge": '"DOID:2841/HAS_SYMPTOM/HP:0012735"',
}


@dataclass(frozen=True, slots=True)
class Place:
    """An argument or a field of an input: where it is, and an operation with a variable `$text` there."""

    name: str
    operation: str


def places(schema: GraphQLSchema) -> list[Place]:
    """Return every place for text: each argument of each field, each field of each input, by a shortest way to it."""
    inputs: deque[tuple[GraphQLInputObjectType, _Around]] = deque()
    found = [place for around in _fields(schema) for place in _in_arguments(around, inputs)]
    seen: set[str] = set()
    while inputs:
        of, around = inputs.popleft()
        if of.name not in seen:
            seen.add(of.name)
            found += _in_input(of, around, inputs)
    return found


_Around = Callable[[str, str], str]
"""Makes an operation of the type of its variable and the value that the variable stands in."""


def _fields(schema: GraphQLSchema) -> Generator[tuple[str, GraphQLField, Callable[[str], _Around]]]:
    """Yield each field with its name and what writes an operation around one of its arguments."""
    for kind, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        assert root is not None
        seen: set[str] = set()
        ways: deque[tuple[GraphQLObjectType | GraphQLInterfaceType, str, str]] = deque([(root, "", "")])
        while ways:
            of, before, behind = ways.popleft()
            if of.name in seen:
                continue
            seen.add(of.name)
            for name, field in of.fields.items():
                yield f"{of.name}.{name}", field, partial(_around, kind, name, field, before, behind)
                inner = get_named_type(field.type)
                # What a payload of a mutation holds is what a query finds.
                if kind == "query" and isinstance(inner, GraphQLObjectType | GraphQLInterfaceType):
                    ways.append((inner, f"{before}{name}{_needed(field, name)} {{ ", f" }}{behind}"))


def _around(kind: str, name: str, field: GraphQLField, before: str, behind: str, argument: str) -> _Around:
    under = _shown(get_named_type(field.type))

    def written(variable: str, value: str) -> str:
        told = _needed(field, name, {argument: value})
        return f"{kind} Try($text: {variable}) {{ {before}{name}{told}{under}{behind} }}"

    return written


def _shown(of: Any) -> str:
    """Return what is asked of a type: something that has to be read."""
    fields = getattr(of, "fields", {})
    if "nodes" in fields and is_composite_type(get_named_type(fields["nodes"].type)):
        return f" {{ nodes{_shown(get_named_type(fields['nodes'].type))} }}"
    return (" { id }" if "id" in fields else " { __typename }") if is_composite_type(of) else ""


def _in_arguments(
    of: tuple[str, GraphQLField, Callable[[str], _Around]], inputs: deque[tuple[GraphQLInputObjectType, _Around]]
) -> Generator[Place]:
    where, field, around = of
    for name, each in field.args.items():
        yield from _in_value(f"{where}.{name}", each.type, around(name), inputs)


def _in_input(
    of: GraphQLInputObjectType, around: _Around, inputs: deque[tuple[GraphQLInputObjectType, _Around]]
) -> Generator[Place]:
    needed = {name: _plain(each.type) for name, each in of.fields.items() if _is_needed(each)}
    for name, each in of.fields.items():

        def inside(variable: str, value: str, name: str = name) -> str:
            told = ", ".join(f"{key}: {item}" for key, item in {**needed, name: value}.items())
            return around(variable, f"{{{told}}}")

        yield from _in_value(f"{of.name}.{name}", each.type, inside, inputs)


def _in_value(
    where: str, type_: Any, around: _Around, inputs: deque[tuple[GraphQLInputObjectType, _Around]]
) -> Generator[Place]:
    named, lists = get_named_type(type_), str(type_).count("[")

    def listed(variable: str, value: str) -> str:
        return around(variable, "[" * lists + value + "]" * lists)

    if named.name in ("String", "ID"):
        yield Place(where, listed(f"{named.name}!", "$text"))
    elif isinstance(named, GraphQLInputObjectType):
        inputs.append((named, listed))


def _needed(field: GraphQLField, name: str, given: Mapping[str, str] | None = None) -> str:
    given = given or {}
    told = {key: _plain(each.type) for key, each in field.args.items() if _is_needed(each)}
    if "id" in field.args and name in _FOUND and not set(given) & {"id", "name", "icd10"}:
        told["id"] = _FOUND[name]
    told |= given
    return f"({', '.join(f'{key}: {value}' for key, value in told.items())})" if told else ""


def _is_needed(argument: Any) -> bool:
    return isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined


def _plain(type_: Any) -> str:
    """Return some value of an input type, with what it must have and no more."""
    if isinstance(type_, GraphQLNonNull):
        return _plain(type_.of_type)
    if isinstance(type_, GraphQLList):
        return f"[{_plain(type_.of_type)}]"
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        told = (f"{name}: {_plain(each.type)}" for name, each in type_.fields.items() if _is_needed(each))
        return f"{{{', '.join(told)}}}"
    assert is_leaf_type(type_)
    return _PLAUSIBLE.get(type_.name, '"asthma"')
