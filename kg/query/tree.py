"""The tree of a question: what was asked, before anyone looks at the schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Scalar = str | float | int
SetOperator = Literal["&", "+", "-"]
Comparison = Literal["=", "!=", "<", "<=", ">", ">=", "in"]

COMPARISONS: Final[tuple[Comparison, ...]] = ("=", "!=", "<", "<=", ">", ">=", "in")
SET_OPERATORS: Final[tuple[SetOperator, ...]] = ("&", "+", "-")


@dataclass(frozen=True, slots=True)
class Slot:
    """`$name`: a name, a value or a number that is given when the question is asked."""

    name: str
    at: int = field(default=-1, compare=False)


Name = str | Slot
Value = Scalar | Slot
Count = int | Slot


@dataclass(frozen=True, slots=True)
class Condition:
    """`where PROPERTY COMPARISON VALUE`; a missing property meets no condition, and every condition with `not`."""

    name: str
    comparison: Comparison
    value: Value | tuple[Value, ...]
    negated: bool = False
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Top:
    """`top N by KEY`: the N strongest; without a key, by the edge's own rank."""

    count: Count
    by: str | None = None
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Sample:
    """`sample N by KEY temperature T seed S`: N drawn without replacement, each by the power 1/T of its key."""

    count: Count
    seed: Count
    by: str | None = None
    temperature: float | Slot | None = None
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One stride by role, `n..m` times, narrowed, counted, ordered and named."""

    role: str
    via: str | None = None
    low: Count = 1
    high: Count = 1
    where: tuple[Condition, ...] = ()
    # Roles that lead nowhere from what is kept.
    without: tuple[str, ...] = ()
    shared: Count | None = None
    pick: Top | Sample | None = None
    label: str | None = None
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Root:
    """Where a path starts: a kind of node, and ids, codes or names."""

    kind: str
    names: tuple[Name, ...]
    at: int = field(default=-1, compare=False)
    # The position of each name, for errors; empty when the question was not typed.
    names_at: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """`between A and B up to N via KIND, …`: the shortest ways from each of A to each of B; a path goes on from B."""

    start: Root
    end: Root
    up_to: Count
    via: tuple[str, ...] = ()
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """A start and the steps from it."""

    source: Root | Between | Combined
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Combined:
    """Two answers joined: in both `&`, in either `+`, in the first alone `-`."""

    operator: SetOperator
    left: Expression
    right: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class AsOf:
    """A whole question put to the graph as a change set left it; `change_set` is an id or the beginning of one."""

    question: Expression
    change_set: Name
    at: int = field(default=-1, compare=False)


Expression = Path | Combined
Tree = Expression | AsOf
