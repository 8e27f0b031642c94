"""How the variables and parameters of a statement are named, level by level; all names are literal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, LiteralString

from kg.query.pattern import Now, Then
from kg.reading.numbers import NUMBERS
from kg.reading.where import NOW

# The number of the change set that a top field is read at, as a name that holds in everything under it.
THEN: Final = Then("moment")


@dataclass(frozen=True, slots=True)
class Level:
    """The names of a row: its node, the edge that led to it, and its state, which may lie on an earlier version."""

    node: LiteralString
    edge: LiteralString
    state: LiteralString
    depth: int
    when: Now

    @property
    def past(self) -> LiteralString:
        """The name of the earlier version."""
        return f"p{NUMBERS[self.depth]}"


@cache
def level(depth: int, past: bool) -> Level:
    """Return the names at this depth; the top one has the names that `kg.reading` gives a list's nodes."""
    number: LiteralString = NUMBERS[depth] if depth else ""
    node: LiteralString = f"n{number}"
    return Level(node, f"r{number}", f"v{number}" if past else node, depth, THEN if past else NOW)


@cache
def parameter(place: int) -> LiteralString:
    """Return how the values of a place begin; a number follows. `q` is one request of those that share a statement."""
    return f"q.h{NUMBERS[place]}_"


@cache
def limit(place: int) -> LiteralString:
    """Return the parameter of a place's limit; a database takes no limit from a row."""
    return f"l{NUMBERS[place]}"


def named(place: int, values: tuple[object, ...]) -> dict[str, object]:
    """Return the values of a place by their names within a request."""
    first = parameter(place).removeprefix("q.")
    return {f"{first}{NUMBERS[number]}": value for number, value in enumerate(values)}
