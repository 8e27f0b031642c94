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
class Condition:
    """`where PROPERTY COMPARISON VALUE`; a missing property meets no condition."""

    name: str
    comparison: Comparison
    value: Scalar | tuple[Scalar, ...]
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Top:
    """`top N by KEY`: the N strongest; without a key, by the edge's own rank."""

    count: int
    by: str | None = None
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Sample:
    """`sample N by KEY seed S`: N drawn without replacement, each with a chance in proportion to the key."""

    count: int
    seed: int
    by: str | None = None
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One stride by role, `n..m` times, narrowed, counted, ordered and named."""

    role: str
    via: str | None = None
    low: int = 1
    high: int = 1
    where: tuple[Condition, ...] = ()
    shared: int | None = None
    pick: Top | Sample | None = None
    label: str | None = None
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Root:
    """Where a path starts: a kind of node, and ids, codes or names."""

    kind: str
    names: tuple[str, ...]
    at: int = field(default=-1, compare=False)
    # The position of each name, for errors; empty when the question was not typed.
    names_at: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """A start and the steps from it."""

    source: Root | Combined
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Combined:
    """Two answers joined: in both `&`, in either `+`, in the first alone `-`."""

    operator: SetOperator
    left: Tree
    right: Tree
    at: int = field(default=-1, compare=False)


Tree = Path | Combined
