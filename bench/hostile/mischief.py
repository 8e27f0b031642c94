"""Operations that mean no good, written by a seed from the schema alone: any field, any argument, bad values."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_composite_type,
)

from bench.hostile.texts import CYPHER, FLOATS, IDS, INTS, ODD, QUESTIONS, WRONG


class _Constant(str):
    """A constant of an enum, which is written without quotes."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One operation: its type, its text and its variables, and how they are sent."""

    kind: str
    text: str
    variables: Mapping[str, Any]

    @property
    def body(self) -> bytes:
        """The body of the request; what JSON has no letters for stands in it as JSON writes it."""
        return json.dumps({"query": self.text, "variables": self.variables}).encode()


class Mischief:
    """Writes operations; the same seed writes the same ones.

    `known` are ids of what is there (change sets, proposals, edges), so that some attempts get further. `kinds` are the
    types of operations that are written, each as often as it stands there.
    """

    def __init__(
        self, schema: GraphQLSchema, seed: int, known: Sequence[str] = (), kinds: Sequence[str] = ("query",)
    ) -> None:
        self._schema = schema
        self._draw = random.Random(seed)  # the same ones again, which secrets would not give
        self._known = tuple(known)
        self._ids = (*IDS, *known)
        self._kinds = kinds
        self._again: list[tuple[str, str, dict[str, tuple[Any, str]]]] = []

    def attempt(self) -> Attempt:
        """Return the next operation: a new one, or one of the last with other variables, as clients send them."""
        if self._again and self._draw.random() < 0.5:
            kind, text, declared = self._draw.choice(self._again)
            self._wild = self._draw.choice((0.0, 0.0, 0.3))
            return Attempt(
                kind, text, {name: _plain(self._value(*of, self._levels())) for name, of in declared.items()}
            )
        self._wild = self._draw.choice((0.0, 0.0, 0.0, 0.03, 0.2))
        self._declared: dict[str, tuple[Any, str]] = {}
        self._variables: dict[str, Any] = {}
        self._fragments: list[str] = []
        kind = self._draw.choice(self._kinds)
        root = {"query": self._schema.query_type, "mutation": self._schema.mutation_type}[kind]
        assert root is not None
        names = self._draw.choices(list(root.fields), k=self._draw.choice((1, 1, 1, 2)))
        depth = self._draw.choice((1, 2, 2, 3))
        tops = " ".join(f"t{at}: {self._field(name, root.fields[name], depth)}" for at, name in enumerate(names))
        declared = ", ".join(f"${name}: {of}" for name, (of, _) in self._declared.items())
        text = " ".join([f"{kind} Q{f'({declared})' if declared else ''} {{ {tops} }}", *self._fragments])
        if self._draw.random() < self._wild / 4:
            text = self._broken(text)
        elif self._declared:
            self._again = [*self._again[-40:], (kind, text, dict(self._declared))]
        return Attempt(kind, text, self._variables)

    def _broken(self, text: str) -> str:
        at = self._draw.randrange(len(text))
        put = self._draw.choice(
            ("{", "}", "...", '"', '"""', "$", "@skip", "\0", "\ufeff", "#", "`", "", "&", "!", "[[")
        )
        return text[:at] + put + text[at + self._draw.randrange(4) :]

    def _field(self, name: str, definition: GraphQLField, depth: int) -> str:
        told = [f"{key}: {self._given(each, key)}" for key, each in definition.args.items() if self._wanted(each, key)]
        if self._draw.random() < self._wild:
            told.append(f"{self._draw.choice(('nope', '__typename', 'first', 'id'))}: {_literal(self._wrong())}")
        of = get_named_type(definition.type)
        under = self._selection(of, depth) if is_composite_type(of) else ""
        if self._draw.random() < self._wild / 2:
            under = self._draw.choice(("", " { __typename }", " { nope }"))
        arguments = f"({', '.join(told)})" if told else ""
        return f"{name}{arguments}{self._directive()}{under}"

    def _wanted(self, argument: GraphQLArgument, name: str) -> bool:
        if isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined:
            return self._draw.random() >= self._wild / 3
        return self._draw.random() < {"first": 0.6, "where": 0.5, "last": 0.05, "before": 0.1}.get(name, 0.2)

    def _directive(self) -> str:
        if self._draw.random() > 0.05:
            return ""
        return self._draw.choice((" @skip(if: false)", " @include(if: true)", " @include(if: false)")) * (
            1 if self._draw.random() >= self._wild else 60
        )

    def _selection(self, of: Any, depth: int) -> str:
        parts = ["__typename"] if isinstance(of, GraphQLUnionType) or self._draw.random() < 0.2 else []
        if isinstance(of, GraphQLObjectType | GraphQLInterfaceType):
            leaves = [name for name, each in of.fields.items() if not is_composite_type(get_named_type(each.type))]
            wide = [name for name in of.fields if name not in leaves and (depth > 0 or name in ("node", "nodes"))]
            chosen = self._draw.sample(leaves, k=min(len(leaves), self._draw.choice((1, 2, 3))))
            chosen += self._draw.sample(wide, k=min(len(wide), self._draw.choice((0, 1, 1, 2))))
            for name in chosen or ["__typename"]:
                inner = depth if name in ("node", "nodes", "edges") else depth - 1
                parts.append(name if name == "__typename" else self._aliased(name, of.fields[name], inner))
        if not isinstance(of, GraphQLObjectType):
            possible = self._schema.get_possible_types(of)
            parts += [f"... on {each.name}{self._selection(each, depth - 1)}" for each in possible[:3]]
        if self._draw.random() < self._wild:
            # A type that this cannot be, one that there is not, and a fragment that is nowhere or leads to itself.
            wrong = ("... on Query { __typename }", "... on Nope { id }", "... on String { a }", "...Nowhere")
            parts.append(self._draw.choice((*wrong, "...Ring")))
            if parts[-1] == "...Ring" and not self._fragments:
                self._fragments.append("fragment Ring on Disease { id ...Ring }")
        return f" {{ {' '.join(parts)} }}"

    def _aliased(self, name: str, definition: GraphQLField, depth: int) -> str:
        written = self._field(name, definition, depth)
        return f"a{self._draw.randrange(10**6)}: {written}" if "(" in written.partition("{")[0] else written

    def _given(self, argument: GraphQLArgument | GraphQLInputField, name: str) -> str:
        if self._draw.random() < 0.3:
            return _literal(self._value(argument.type, name, self._levels()))
        variable = f"v{len(self._declared)}"
        self._declared[variable] = (argument.type, name)
        value = self._value(argument.type, name, self._levels())
        if self._draw.random() >= self._wild / 3:
            self._variables[variable] = _plain(value)
        return f"${variable}"

    def _levels(self) -> int:
        # Sometimes more than any limit.
        return 3 if self._draw.random() < 0.97 else 9

    def _wrong(self) -> Any:
        return self._draw.choice((*WRONG, _Constant("NOPE"), *CYPHER[:2]))

    def _value(self, of: Any, name: str, depth: int) -> Any:
        if self._draw.random() < self._wild:
            return self._wrong()
        if isinstance(of, GraphQLNonNull):
            return self._value(of.of_type, name, depth)
        if self._draw.random() < 0.06:
            return None
        if isinstance(of, GraphQLList):
            # Long lists of what is small only, deep objects of few parts only.
            leaf = not isinstance(get_named_type(of), GraphQLInputObjectType)
            size = 300 if leaf and self._draw.random() < self._wild else self._draw.choice((0, 1, 1, 2))
            return [self._value(of.of_type, name, depth) for _ in range(size)]
        if isinstance(of, GraphQLEnumType):
            return _Constant(self._draw.choice(list(of.values)))
        if isinstance(of, GraphQLInputObjectType):
            return self._input(of, depth)
        if of.name == "Int":
            return self._draw.choice(INTS[:6] if self._draw.random() < 0.7 else INTS)
        if of.name == "Float":
            return self._draw.choice(FLOATS[:4] if self._draw.random() < 0.6 else FLOATS)
        return self._draw.random() < 0.5 if of.name == "Boolean" else self._text(name)

    def _text(self, name: str) -> str:
        chance = self._draw.random()
        if name == "id" and self._known and chance < 0.7:
            return self._draw.choice(self._known)
        text = self._draw.choice(self._ids if chance < 0.4 else CYPHER if chance < 0.75 else ODD)
        if self._draw.random() < self._wild / 10:
            text += "\ud800"
        return self._draw.choice(QUESTIONS).format(text) if name == "question" else text

    def _input(self, of: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        needed = [name for name, each in of.fields.items() if _is_needed(each)]
        others = [
            name
            for name, each in of.fields.items()
            if name not in needed and (depth > 0 or not isinstance(get_named_type(each.type), GraphQLInputObjectType))
        ]
        chosen = [*needed, *self._draw.sample(others, k=min(len(others), self._draw.choice((0, 1, 1, 2))))]
        return {name: self._value(of.fields[name].type, name, depth - 1) for name in chosen}


def _is_needed(field: GraphQLInputField) -> bool:
    return isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return str(value) if isinstance(value, _Constant) else value


def _literal(value: Any) -> str:
    if isinstance(value, _Constant):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, dict):
        told = (f"{name}: {_literal(each)}" for name, each in value.items())  # pyright: ignore[reportUnknownVariableType]
        return f"{{{', '.join(told)}}}"
    return json.dumps(value, ensure_ascii=value is None or not isinstance(value, str) or not value.isprintable())
