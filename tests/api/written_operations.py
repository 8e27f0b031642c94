"""Operations written at random, but by a seed: any field of the schema, any argument, fragments, directives, variables.

They come from the schema alone, so that a new kind, filter or field is in them by itself.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_required_argument,
)

# What is written for a value, by the name of its argument or field; other texts are ids.
TEXTS: Final[Mapping[str, Sequence[str]]] = {
    "name": ("acute bronchitis", "asthma", "chest cold", "crowded disease 003", "no such name", "COUGH", "кашель"),
    "icd10": ("J20", "ICD10CM:J45", "J45", "Z99", "no code", "J20-J22"),
    "text": ("cough", "bronch", "J20", "asthna", "crowded", "HP:0012735", "%", "острый", "cl"),
    "contains": ("a", "ro", "crowded", "%", "ОДЫ"),
    "startsWith": ("a", "crowd", "HP:", "TEST:d0", "Р", "D"),
    "source": ("mkg-core", "other", "nobody"),
    "licence": ("CC0-1.0", "none"),
    "within": ("J20", "J20-J22", "X", "no code"),
    "from": ("J20", "J00"),
    "to": ("J45", "J99"),
    "sign": ("crackles on one side", "x"),
    "atc": ("R03AC02", "N02BE01"),
}
IDS: Final = (
    *("DOID:9395", "DOID:2841", "DOID:552", "DOID:10763", "HP:0012735", "HP:0001945", "HP:0012378"),
    *("DB:salbutamol", "DB:paracetamol", "DB:propranolol", "ATC:R03", "SE:tremor", "ICD10:J20", "ICD10:J20-J22"),
    *("TEST:d003", "TEST:d007", "TEST:s001", "TEST:new", "TEST:late", "X:0"),
)
NUMBERS: Final = (0.0, 0.05, 0.1, 0.25, 0.5, 0.9, 1, 2, 3, 12, 40)
SIZES: Final = (0, 1, 2, 3, 3, 5, 7, 40)
# Fields that are answered by what is no plain read, or cost seconds.
ELSEWHERE: Final = (
    *("subgraph", "explain", "facts", "prompt", "between", "job", "jobs", "keyHolders", "changes", "semanticSearch"),
)


NONE: Final[Mapping[str, Sequence[str]]] = {}


@dataclass
class Written:
    """One operation: its text, its variables, and whether it reads plainly."""

    text: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])


class Writer:
    """Writes operations; the same seed writes the same ones.

    `moments` are change sets for `asOf`, `cursors` those of lists by the type that orders them, and `ids` the ids of
    what is found by them, by the name of the field or the argument.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        seed: int,
        moments: Sequence[str] = (),
        cursors: Mapping[str, Sequence[str]] = NONE,
        ids: Mapping[str, Sequence[str]] = NONE,
    ) -> None:
        self._schema = schema
        self._draw = random.Random(seed)
        self._moments = moments
        self._cursors = cursors
        self._ids = ids
        self._name = ""

    def operation(self) -> Written:
        """Return the next operation."""
        self._fragments: list[str] = []
        self._declared: list[str] = []
        self._variables: dict[str, Any] = {}
        root = self._schema.query_type
        assert root is not None
        names = [name for name in root.fields if name not in ELSEWHERE]
        tops = [
            self._field(root.fields[name], name, self._draw.choice((1, 2, 2, 3, 4)))
            for name in self._draw.choices(names, k=self._draw.choice((1, 1, 1, 2)))
        ]
        body = " ".join(f"t{number}: {top}" for number, top in enumerate(tops))
        head = f"query Q({', '.join(self._declared)})" if self._declared else "query Q"
        return Written(" ".join([f"{head} {{ {body} }}", *self._fragments]), self._variables)

    def _field(self, definition: GraphQLField, name: str, depth: int) -> str:
        self._name = name
        arguments = self._arguments(definition.args)
        kind = get_named_type(definition.type)
        under = self._selection(kind, depth) if is_composite_type(kind) else ""
        return f"{name}{arguments}{self._directive()}{under}"

    def _directive(self) -> str:
        if self._draw.random() > 0.08:
            return ""
        value = self._draw.random() < 0.5
        said = str(value).lower() if self._draw.random() < 0.4 else self._variable("Boolean!", value)
        return f" @{self._draw.choice(('skip', 'include'))}(if: {said})"

    def _selection(self, kind: Any, depth: int) -> str:
        if isinstance(kind, GraphQLUnionType):
            parts = [f"... on {each.name}{self._selection(each, depth)}" for each in kind.types]
            return f" {{ __typename {' '.join(parts)} }}"
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        parts = self._some_fields(kind, depth)
        if isinstance(kind, GraphQLInterfaceType):
            possible = [each for each in self._schema.get_possible_types(kind) if each.name != "Job"]
            for each in self._draw.sample(possible, k=min(2, len(possible))):
                parts.append(f"... on {each.name}{self._selection(each, depth)}")
        if self._draw.random() < 0.12:
            name = f"F{len(self._fragments)}"
            self._fragments.append("")
            self._fragments[int(name[1:])] = f"fragment {name} on {kind.name}{self._selection(kind, depth - 1)}"
            parts.append(f"...{name}")
        if self._draw.random() < 0.1:
            parts.append(f"...{self._directive()} {{ {' '.join(self._some_fields(kind, 0))} }}")
        return f" {{ {' '.join(parts)} }}"

    def _some_fields(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> list[str]:
        leaves = [name for name, each in kind.fields.items() if not is_composite_type(get_named_type(each.type))]
        wide = [
            name
            for name in kind.fields
            if name not in leaves and name not in ELSEWHERE and self._goes_into(kind, name, depth)
        ]
        chosen = [*self._draw.sample(leaves, k=min(len(leaves), self._draw.choice((1, 2, 3, 5))))]
        chosen += self._draw.sample(wide, k=min(len(wide), self._draw.choice((1, 1, 2))))
        if not chosen or self._draw.random() < 0.1:
            chosen.append("__typename")
        self._draw.shuffle(chosen)
        return [self._aliased(kind, name, depth) for name in chosen]

    def _goes_into(self, kind: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int) -> bool:
        # Edges and nodes are no level of their own.
        return depth > 0 or name in ("node", "nodes", "edges", "pageInfo")

    def _aliased(self, kind: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int) -> str:
        if name == "__typename":
            return name
        definition = kind.fields[name]
        level = depth if name in ("node", "nodes", "edges") else depth - 1
        written = self._field(definition, name, level)
        # Two fields of one key must have the same arguments, so whatever has arguments gets a key of its own.
        if "(" in written.partition("{")[0] or self._draw.random() < 0.1:
            return f"a{self._draw.randrange(10**9)}: {written}"
        return written

    def _arguments(self, arguments: Mapping[str, GraphQLArgument]) -> str:
        told: list[str] = []
        given = dict(arguments)
        if {"id", "name"} <= set(given):
            # Mostly one of them, as it should be.
            one = self._draw.choice([name for name in ("id", "id", "name", "icd10") if name in given])
            told.append(f"{one}: {self._given(given[one].type, one)}")
            given = {name: each for name, each in given.items() if name not in ("id", "name", "icd10")}
        if "last" in given:
            forward = self._draw.random() < 0.75
            for name in ("last", "before") if forward else ("first", "after"):
                del given[name]
        self._order = get_named_type(given["orderBy"].type).name if "orderBy" in given else ""
        if self._order and self._draw.random() < 0.5:
            # In its own order a list takes the cursors that are known.
            del given["orderBy"]
        if self._order and self._order not in self._cursors:
            given = {name: each for name, each in given.items() if name not in ("after", "before")}
        for name, each in given.items():
            odds = {"asOf": 0.12, "where": 0.45, "after": 0.25, "before": 0.5, "first": 0.9, "last": 1.0}
            if is_required_argument(each) or self._draw.random() < odds.get(name, 0.4):
                told.append(f"{name}: {self._given(each.type, name)}")
        return f"({', '.join(told)})" if told else ""

    def _given(self, kind: Any, name: str) -> str:
        value = self._value(kind, name, 2)
        if self._draw.random() < 0.35:
            return self._variable(str(kind), _plain(value))
        return _literal(value)

    def _variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self._declared)}"
        # A nullable variable is sometimes not sent, or sent as null.
        sent = self._draw.random()
        if sent < 0.06 and not kind.endswith("!"):
            self._declared.append(f"${name}: {kind}")
        elif sent < 0.12 and not kind.endswith("!"):
            self._declared.append(f"${name}: {kind}")
            self._variables[name] = None
        else:
            self._declared.append(f"${name}: {kind}")
            self._variables[name] = value
        return f"${name}"

    def _value(self, kind: Any, name: str, depth: int) -> Any:
        kind = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if isinstance(kind, GraphQLList):
            return [self._value(kind.of_type, name, depth) for _ in range(self._draw.choice((1, 1, 2, 3)))]
        if isinstance(kind, GraphQLEnumType):
            return _Constant(self._draw.choice(list(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return self._input(kind, depth)
        if kind.name == "Int":
            return self._draw.choice((*SIZES, 300)) if self._draw.random() < 0.03 else self._draw.choice(SIZES)
        if kind.name == "Float":
            return self._draw.choice(NUMBERS)
        if kind.name == "Boolean":
            return self._draw.random() < 0.5
        if name in ("after", "before"):
            return self._draw.choice(self._cursors.get(self._order, ("none",)))
        if name == "asOf":
            return self._draw.choice(self._moments) if self._moments else "none"
        if name == "id" and self._name in self._ids and self._draw.random() < 0.8:
            return self._draw.choice(self._ids[self._name])
        return self._draw.choice(self._ids.get(name) or TEXTS.get(name, IDS))

    def _input(self, kind: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        names = [
            name
            for name, each in kind.fields.items()
            if depth > 0 or not isinstance(get_named_type(each.type), GraphQLInputObjectType)
        ]
        chosen = self._draw.sample(names, k=min(len(names), self._draw.choice((1, 1, 2))))
        if {"from", "to"} & set(chosen):
            chosen = ["from", "to"]
        return {name: self._value(kind.fields[name].type, self._named(kind, name), depth - 1) for name in chosen}

    def _named(self, kind: GraphQLInputObjectType, name: str) -> str:
        """Return by which name a value is drawn: those of a name's filter are names."""
        if name in ("eq", "in"):
            return {"NameFilter": "name", "CodeFilter": "icd10", "TextFilter": "atc"}.get(kind.name, "id")
        return name


class _Constant(str):
    """A constant of an enum, which is written without quotes."""


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return str(value) if isinstance(value, _Constant) else value


def _literal(value: Any) -> str:
    if isinstance(value, _Constant):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_literal(each)}' for name, each in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)
