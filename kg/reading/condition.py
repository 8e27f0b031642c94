"""Conditions on nodes and edges as a tree of frozen values: how large one may be, its shape, and its values.

Two conditions of one shape become one text, under which a plan can be kept. A condition on a property that is not
there is not met, and its `Not` is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, LiteralString, TypeAlias, TypeGuard, assert_never

from kg.errors import QueryTooLarge
from kg.schema import Role

MAX_CONDITIONS: Final = 60
MAX_NESTED: Final = 6
MAX_STEPS: Final = 3  # neighbours of neighbours
MAX_VALUES: Final = 1_000
MAX_LENGTH: Final = 1_000  # characters of a value
# The index of folded names knows runs of three characters: shorter parts it would look for in all names, and without
# their order, in which a page of what is found everywhere is soon full.
_SHORTEST_INDEXED: Final = 3

# `folded_…` takes no account of case; `has` asks for an item of a stored list.
Word = Literal[
    "eq",
    "in",
    "at_least",
    "at_most",
    "starts_with",
    "exists",
    "missing",
    "has",
    "folded_eq",
    "folded_in",
    "folded_contains",
    "folded_starts_with",
]
NumberWord = Literal["eq", "in", "at_least", "at_most"]
NameWord = Literal["folded_eq", "folded_in", "folded_contains", "folded_starts_with"]
Value: TypeAlias = str | float | tuple[str, ...] | tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Test:
    """What a stored property of a node or an edge has to be.

    `name` is the schema's own word, `id`, `name`, or `folded`, the name in lower case, by which nodes are found.
    """

    __test__ = False  # no test of pytest's

    name: LiteralString
    word: Word
    value: Value = None


@dataclass(frozen=True, slots=True)
class All:
    """Every part is met; without parts, always."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A part is met; without parts, never."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not met."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Linked:
    """By a role there is some neighbour, or none, that meets `node` and whose edge meets `edge`."""

    role: Role
    quantifier: Literal["some", "none"]
    node: Condition = All()
    edge: Condition = All()


@dataclass(frozen=True, slots=True)
class LinkedCount:
    """By a role there are so many neighbours."""

    role: Role
    tests: tuple[tuple[NumberWord, float | tuple[float, ...] | None], ...]


@dataclass(frozen=True, slots=True)
class Coded:
    """A disease is recorded under one of these codes (`in`), from the first to the second (`between`), or anywhere
    inside the chapter, block or category (`within`). The values are ids of codes."""

    word: Literal["in", "between", "within"]
    ids: tuple[str, ...]


Condition: TypeAlias = Test | All | AnyOf | Not | Linked | LinkedCount | Coded

ALWAYS: Final = All()
# Sorts behind every code that begins alike, so that a range ends with all that lies inside its last code.
AFTER_ALL: Final = "~"


def named(word: NameWord, value: str | tuple[str, ...]) -> Test:
    """Return the condition on a node's name that its index answers where that is of use."""
    is_short = word in ("folded_contains", "folded_starts_with") and len(value) < _SHORTEST_INDEXED
    return Test("name" if is_short else "folded", word, value)


def both(*conditions: Condition) -> Condition:
    """Return the condition that all of these are met, without needless levels."""
    parts: list[Condition] = []
    for condition in conditions:
        parts.extend(condition.parts if isinstance(condition, All) else (condition,))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def either(*conditions: Condition) -> Condition:
    """Return the condition that one of these is met, without needless levels."""
    parts: list[Condition] = []
    for condition in conditions:
        parts.extend(condition.parts if isinstance(condition, AnyOf) else (condition,))
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def check(condition: Condition) -> Condition:
    """Return the condition; raise QueryTooLarge naming the limit that it passes."""
    _check_size("the filter has {} conditions", sum(1 for _ in _leaves(condition)), MAX_CONDITIONS)
    levels = "the filter has {} levels of `or`, `not` and neighbours inside one another"
    _check_size(levels, _levels(condition), MAX_NESTED)
    # Further away there are as many neighbours as there are nodes.
    _check_size("the filter asks for {} steps from neighbour to neighbour", _steps(condition), MAX_STEPS)
    for value in values_of(condition):
        if isinstance(value, list):
            most = max(map(len, filter(_is_text, value)), default=0)
            _check_size("a list of the filter has {} values", len(value), MAX_VALUES)
        else:
            most = len(value) if isinstance(value, str) else 0
        _check_size("a value of the filter has {} characters", most, MAX_LENGTH)
    return condition


def values_of(condition: Condition) -> tuple[Any, ...]:
    """Return the values of a condition, in the order in which its text names parameters."""
    return tuple(value for leaf in _leaves(condition) for value in _values(leaf))


def shape_of(condition: Condition) -> Condition:
    """Return the condition without its values: two of one shape have one text."""
    match condition:
        case Test():
            return replace(condition, value=None)
        case All(parts):
            return All(tuple(shape_of(part) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(shape_of(part) for part in parts))
        case Not(part):
            return Not(shape_of(part))
        case Linked():
            return replace(condition, node=shape_of(condition.node), edge=shape_of(condition.edge))
        case LinkedCount():
            return replace(condition, tests=tuple((word, None) for word, _ in condition.tests))
        case Coded():
            return replace(condition, ids=())
    assert_never(condition)


def _leaves(condition: Condition) -> Iterator[Test | LinkedCount | Coded | Linked]:
    """Yield the conditions that hold no further ones, and each step to a neighbour, in the order of the text."""
    match condition:
        case Test() | LinkedCount() | Coded():
            yield condition
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
        case Linked():
            # A step counts as well: it costs the planner more than a comparison.
            yield condition
            yield from _leaves(condition.node)
            yield from _leaves(condition.edge)


def _values(leaf: Test | LinkedCount | Coded | Linked) -> tuple[Any, ...]:
    match leaf:
        case Linked():
            return ()
        case LinkedCount(_, tests):
            return tuple(_plain(value) for _, value in tests)
        case Coded("in", ids):
            return (list(ids),)
        case Coded("between", (first, last)):
            return (first, last + AFTER_ALL)
        case Coded(_, ids):
            return ids
        case Test(_, "exists" | "missing", _):
            return ()
        case Test(_, word, value) if word.startswith("folded_"):
            return (_folded(value),)
        case Test(_, _, value):
            return (_plain(value),)
    assert_never(leaf)


def _plain(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _folded(value: Value) -> Any:
    return [str(word).lower() for word in value] if isinstance(value, tuple) else str(value).lower()


def _check_size(message: str, size: int, most: int) -> None:
    if size > most:
        raise QueryTooLarge(message.format(f"{size:,}"), hint=f"At most {most:,} are allowed.")


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _levels(condition: Condition) -> int:
    """Return how many `or`, `not` and neighbours lie inside one another; an `and` adds nothing of its own."""
    match condition:
        case Test() | LinkedCount() | Coded():
            return 0
        case All(parts):
            return max(map(_levels, parts), default=0)
        case AnyOf(parts):
            return 1 + max(map(_levels, parts), default=0)
        case Not(part):
            return 1 + _levels(part)
        case Linked():
            return 1 + max(_levels(condition.node), _levels(condition.edge))
    assert_never(condition)


def _steps(condition: Condition) -> int:
    """Return how many steps to neighbours lie inside one another."""
    match condition:
        case Test() | LinkedCount() | Coded():
            return 0
        case All(parts) | AnyOf(parts):
            return max(map(_steps, parts), default=0)
        case Not(part):
            return _steps(part)
        case Linked():
            return 1 + _steps(condition.node)
    assert_never(condition)
