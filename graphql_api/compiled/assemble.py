"""From rows to the answer: a tree of shapes, made once per plan into one Python function.

A function made of closures for each field would cost more time than everything else in a large answer, so the tree
becomes one expression of nested comprehensions. It is built as a syntax tree and never as text: keys, which are what a
client typed, are constants in it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Row: TypeAlias = Sequence[Any]
Assembler: TypeAlias = Callable[[Row, Sequence[Sequence[Any]]], Any]


@dataclass(frozen=True, slots=True)
class Const:
    """The same value for every row, as JSON has it."""

    value: Any


@dataclass(frozen=True, slots=True)
class At:
    """What stands at this place of the row, or under this name where a row is a map."""

    index: int | str


@dataclass(frozen=True, slots=True)
class Given:
    """What the request gives at a place, for instance how long a page is."""

    place: int
    index: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """What a function makes of some shapes."""

    function: Callable[..., Any]
    parts: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Make:
    """An object with these fields, in this order."""

    fields: tuple[tuple[str, Shape], ...]


@dataclass(frozen=True, slots=True)
class Each:
    """A list with one item for each of some rows."""

    rows: Shape
    item: Shape


@dataclass(frozen=True, slots=True)
class One:
    """An item made of the first of some rows, or null."""

    rows: Shape
    item: Shape


@dataclass(frozen=True, slots=True)
class ByKind:
    """One of several shapes, by the kind of node that stands at this place of the row."""

    index: int
    kinds: Mapping[str | None, Shape]


Shape: TypeAlias = Const | At | Given | Call | Make | Each | One | ByKind

# How the function names the row that it is at, and what the request gives.
_ROW: Final = "r"
_GIVEN: Final = "v"


def assembler(shape: Shape) -> Assembler:
    """Return the function that makes the answer of a row and of what the request gives."""
    known: dict[str, Any] = {}
    arguments = ast.arguments([], [ast.arg(_ROW), ast.arg(_GIVEN)], None, [], [], None, [])
    function = ast.Expression(ast.Lambda(arguments, _expression(shape, known)))
    code = compile(ast.fix_missing_locations(function), "<assembler>", "eval")
    # Only what this module builds is evaluated; whatever a client typed is a constant in it.
    return eval(code, {"__builtins__": {}, **known})  # noqa: S307


def _expression(shape: Shape, known: dict[str, Any]) -> ast.expr:
    match shape:
        case Const(value):
            return ast.Constant(value) if _plain(value) else _named(value, known)
        case At(index):
            return _item(_ROW, index)
        case Given(place, index):
            return ast.Subscript(_item(_GIVEN, place), ast.Constant(index), ast.Load())
        case Call(function, parts):
            return ast.Call(_named(function, known), [_expression(part, known) for part in parts], [])
        case Make(fields):
            keys: list[ast.expr | None] = [ast.Constant(key) for key, _ in fields]
            return ast.Dict(keys, [_expression(part, known) for _, part in fields])
        case Each(rows, item):
            return _each(_expression(rows, known), _expression(item, known))
        case One(rows, item):
            found = _each(_expression(rows, known), _expression(item, known))
            nothing = ast.Tuple([ast.Constant(None)], ast.Load())
            return ast.Subscript(ast.BoolOp(ast.Or(), [found, nothing]), ast.Constant(0), ast.Load())
        case ByKind(index, kinds):
            table = _named({kind: assembler(part) for kind, part in kinds.items()}, known)
            chosen = ast.Subscript(table, _item(_ROW, index), ast.Load())
            return ast.Call(chosen, [_read(_ROW), _read(_GIVEN)], [])


def _each(rows: ast.expr, item: ast.expr) -> ast.expr:
    # The rows are looked up before the name of the row is given to each of them.
    return ast.ListComp(item, [ast.comprehension(ast.Name(_ROW, ast.Store()), rows, [], 0)])


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _named(value: Any, known: dict[str, Any]) -> ast.expr:
    name = next((name for name, other in known.items() if other is value), f"k{len(known)}")
    known[name] = value
    return _read(name)


def _item(name: str, index: int | str) -> ast.expr:
    return ast.Subscript(_read(name), ast.Constant(index), ast.Load())


def _read(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())
