"""A plan ready to be run: its texts by what requests want, its assembler, and what one request puts into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString

from graphql import VariableValues

from graphql_api.bounded import Bounded
from graphql_api.compiled.assemble import assembler
from graphql_api.compiled.cypher import text_of
from graphql_api.compiled.names import limit, named
from graphql_api.compiled.operation import Drawn
from graphql_api.compiled.plan import Joined, Row, size_of
from graphql_api.compiled.sharing import joined, shared
from graphql_api.compiled.wanted import Wanted

# Signs that all texts may have together.
_MOST_SIGNS: Final = 16_000_000
_MOST_SIZES: Final = 64


@dataclass(eq=False, slots=True)
class Spoken:
    """One text of a plan, and how many rows it may read by the limits it is given."""

    text: LiteralString
    columns: Row = ()
    _sizes: dict[tuple[int, ...], int] = field(default_factory=dict[tuple[int, ...], int])

    def size(self, limits: Mapping[str, int]) -> int:
        """Return how many rows a request with these limits may read."""
        key = tuple(limits.values())
        if key not in self._sizes:
            if len(self._sizes) >= _MOST_SIZES:
                self._sizes.clear()
            self._sizes[key] = size_of(self.columns, limits)
        return self._sizes[key]


@dataclass(frozen=True, slots=True)
class Request:
    """What one request puts into a text: its row of values, its limits, and what its answer is assembled with."""

    spoken: Spoken
    row: Mapping[str, Any]
    limits: Mapping[str, int]
    given: Sequence[Sequence[Any]]


@dataclass(slots=True)
class _Fixed:
    wanted: list[Wanted]
    row: dict[str, Any] = field(default_factory=dict[str, Any])
    limits: dict[str, int] = field(default_factory=dict[str, int])


class Texts(Bounded[Any, Spoken]):
    """The texts of all plans, of which one has several when its filters come in several shapes."""

    def __init__(self) -> None:
        super().__init__(_MOST_SIGNS, lambda _, spoken: len(spoken.text))


class Planned:
    """A drawn operation with everything that can be made before a request comes."""

    def __init__(self, drawn: Drawn, texts: Texts) -> None:
        self.needs = drawn.needs
        self.tops = drawn.tops
        self._assemble = assembler(drawn.shape)
        self._drawn = drawn.columns
        self._columns = shared(drawn.columns)
        # What a row of the answer begins with is the number of the request.
        self._joined = [
            (place, column.tables) for place, column in enumerate(self._columns, start=1) if isinstance(column, Joined)
        ]
        self._wants = drawn.wants
        self._moving = [place for place, want in enumerate(drawn.wants) if want.arguments.moving]
        self._fixed: _Fixed | None = None
        self._texts = texts

    @property
    def reads(self) -> bool:
        """Whether anything is read at all: `{ __typename }` needs no database."""
        return bool(self._columns)

    def assemble(self, row: list[Any], given: Sequence[Sequence[Any]]) -> Any:
        """Return the answer that a row of the statement holds; raises KeyError when the graph changed under it."""
        for place, tables in self._joined:
            row[place] = joined(row[place], tables)
        return self._assemble(row, given)

    def request(self, variables: VariableValues, *, standing: bool = False) -> Request:
        """Return what a request with these variables puts into the plan; raises what a resolver would raise.

        With `standing`, its row ends in where the graph stood.
        """
        fixed = self._fixed or self._settle(variables)
        wanted, row, limits = fixed.wanted, fixed.row, fixed.limits
        if self._moving:
            wanted, row, limits = list(wanted), dict(row), dict(limits)
            for place in self._moving:
                one = wanted[place] = self._wants[place].wanted(variables)
                _put(place, one, row, limits)
        return Request(self._spoken(wanted, standing), row, limits, [one.given for one in wanted])

    def _settle(self, variables: VariableValues) -> _Fixed:
        """Work out once what is the same for every request."""
        fixed = _Fixed([_NOTHING] * len(self._wants))
        for place, want in enumerate(self._wants):
            if place not in self._moving:
                fixed.wanted[place] = want.wanted(variables)
                _put(place, fixed.wanted[place], fixed.row, fixed.limits)
        self._fixed = fixed
        return fixed

    def _spoken(self, wanted: Sequence[Wanted], standing: bool) -> Spoken:
        shapes = tuple([(one.clauses, one.where, one.beyond) for one in map(wanted.__getitem__, self._moving)])
        key = (self, standing, shapes)
        known = self._texts.get(key)
        if known is None:
            text = text_of(self._columns, wanted, standing=standing)
            known = self._texts.put(key, Spoken(text, self._drawn))
        return known


_NOTHING: Final = Wanted()


def _put(place: int, wanted: Wanted, row: dict[str, Any], limits: dict[str, int]) -> None:
    row.update(named(place, wanted.values))
    if wanted.limit is not None:
        limits[limit(place)] = wanted.limit
