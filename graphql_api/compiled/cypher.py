"""From plan to Cypher: one statement for all that an operation reads, for one request or for many of one plan.

Its text is made of the schema's words and of the texts of `kg.reading`. Every request is a row `q` of the parameter
`$q`; only limits, which the database takes from no row, are parameters of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, LiteralString

from graphql_api.compiled.expressions import below_level, known_names, label_text, of_place, stored_text, where_text
from graphql_api.compiled.finding import by_code, by_edge, by_id, by_ids, by_name, chapters, classes
from graphql_api.compiled.names import Level, level, limit, parameter
from graphql_api.compiled.plan import (
    ByCode,
    ByEdge,
    ById,
    ByIds,
    ByName,
    Chapters,
    Classes,
    Column,
    Counted,
    Elsewhere,
    Gathered,
    Hits,
    Joined,
    Kept,
    Label,
    Listed,
    NameIn,
    Nodes,
    Past,
    Ready,
    Source,
    Stored,
    Summed,
    Table,
    Told,
    Walk,
)
from graphql_api.compiled.standing import STANDING
from graphql_api.compiled.wanted import Wanted
from kg.query.moment import named_moment
from kg.query.pattern import arrow
from kg.reading.numbers import NUMBERS
from kg.reading.search import hits_text
from kg.statements import text_of as text_of_file

# Means are rounded as kg.reading rounds them.
_DIGITS: Final[LiteralString] = "6"
_AND: Final[LiteralString] = " AND "
_COMMA: Final[LiteralString] = ", "
_SPACE: Final[LiteralString] = " "


def text_of(columns: Sequence[Column], wanted: Sequence[Wanted], *, standing: bool = False) -> LiteralString:
    """Return the statement; its rows are the number of the request and then the columns.

    With `standing`, where the graph stood before any of it was read comes last.
    """
    calls, values = _Writer(wanted).values(columns, None, level(0, past=False), "q")
    named: list[LiteralString] = [f"{value} AS c{number}" for number, value in zip(NUMBERS, values, strict=False)]
    before: LiteralString = f"{STANDING}\n" if standing else ""
    known: LiteralString = "standing, i" if standing else "i"
    last: list[LiteralString] = ["standing"] if standing else []
    return (
        f"{before}UNWIND range(0, size($q) - 1) AS i\nWITH {known}, $q[i] AS q{calls}\n"
        f"RETURN {_COMMA.join(['i', *named, *last])}"
    )


def _aggregates(column: Column) -> bool:
    """Say whether something is summed up or collected in a column, which no expression beside others may do."""
    match column:
        case Summed() | Past() | Gathered() | Joined():
            return True
        case Listed(_, source, row):
            return isinstance(source, ByCode | ByName | Hits | Classes) or any(map(_aggregates, row))
        case _:
            return False


class _Writer:
    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._wanted = wanted

    def values(
        self, row: Sequence[Column], here: Level | None, below: Level, known: LiteralString
    ) -> tuple[LiteralString, list[LiteralString]]:
        """Return the expressions of a row, and the clauses in which those are worked out that cannot be expressions.

        `here` names the row's node, None at the top; `below` is the level of its lists; `known` are the names that
        such a clause needs.
        """
        calls: list[LiteralString] = []
        values: list[LiteralString] = []
        first: LiteralString = f"x{NUMBERS[here.depth]}_" if here else "x"
        for number, column in zip(NUMBERS, row, strict=False):
            if _aggregates(column):
                name: LiteralString = f"{first}{number}"
                calls.append(f" CALL ({known}) {{ {self._call(column, here, below)} AS {name} }}")
                values.append(name)
            else:
                values.append(self._value(column, here, below))
        nothing: LiteralString = ""
        return nothing.join(calls), values

    def _call(self, column: Column, here: Level | None, below: Level) -> LiteralString:
        """Return the clauses of a column that is no expression, up to its name."""
        match column:
            case Listed(place, source, row):
                calls, values = self.values(row, below, below_level(below), known_names(below))
                page = self._page(place, source, here, below)
                return f"{page}{calls} RETURN collect([{_COMMA.join(values)}])"
            case Joined(listed, tables):
                first: LiteralString = f"CALL (q) {{ {self._call(listed, here, below)} AS t0 }}"
                more: list[LiteralString] = [self._table(number, table) for number, table in enumerate(tables, start=1)]
                read: list[LiteralString] = [f"t{NUMBERS[number]}" for number in range(1 + len(tables))]
                return f"{first} {_SPACE.join(more)} RETURN [{_COMMA.join(read)}]"
            case Past(place, row):
                calls, values = self.values(row, None, level(0, past=True), "q, moment")
                found = named_moment(f"{parameter(place)}0", "q")
                return f"{found}{calls} RETURN collect([{_COMMA.join(['moments', *values])}])"
            case Summed(place, source, numbers):
                name = below.edge if isinstance(source, Walk) else below.state
                sums: list[LiteralString] = [f"count({below.node})"]
                for item in numbers:
                    stored: LiteralString = f"{name}.{item.name}"
                    sums.append(f"round(avg({stored}), {_DIGITS}), min({stored}), max({stored})")
                return f"{self._list(place, source, here, below)} RETURN [[{_COMMA.join(sums)}]]"
            case Gathered(text, names):
                named: list[LiteralString] = [f"{name}: {name}" for name in names]
                return f"CALL () {{ {text} }} RETURN collect({{{_COMMA.join(named)}}})"
            case _:
                raise AssertionError("other columns are expressions")

    def _value(self, column: Column, here: Level | None, below: Level) -> LiteralString:
        match column:
            case Listed(place, source, row):
                _, values = self.values(row, below, below_level(below), known_names(below))
                return f"COLLECT {{ {self._page(place, source, here, below)} RETURN [{_COMMA.join(values)}] }}"
            case Counted(place, source):
                return self._count(place, source, here, below)
            case Ready(text):
                return text
            case Told(name):
                return name
            case Kept(place, statement, given):
                return f"COLLECT {{ {of_place(text_of_file(statement), place, given)} }}"
            case Stored() | NameIn() | Label():
                assert here is not None, "at the top there is no node"
                return stored_text(column, here)
            case Elsewhere():
                return "null"
            case Summed() | Past() | Gathered() | Joined():
                raise AssertionError("these are no expressions")

    def _table(self, number: int, table: Table) -> LiteralString:
        """Return the clause that reads a table: from the ids in the rows to what lies around each of those nodes."""
        here, parent = level(table.depth, past=False), f"t{NUMBERS[table.parent]}"
        below = below_level(here)
        steps: list[LiteralString] = [f"UNWIND {parent} AS s0"]
        for at, place in enumerate(table.path):
            steps.append(f"UNWIND s{NUMBERS[at]}[{NUMBERS[place]}] AS s{NUMBERS[at + 1]}")
        row: LiteralString = f"s{NUMBERS[len(table.path)]}"
        calls, values = self.values(table.columns, here, below, known_names(here))
        return (
            f"CALL (q, {parent}) {{ {_SPACE.join(steps)} WITH DISTINCT {row}[{NUMBERS[table.key]}] AS key"
            f" MATCH ({here.node}:{table.label} {{id: key}}){calls}"
            f" RETURN collect([key, {_COMMA.join(values)}]) AS t{NUMBERS[number]} }}"
        )

    def _count(self, place: int, source: Nodes | Walk, here: Level | None, below: Level) -> LiteralString:
        wanted = self._wanted[place]
        if isinstance(source, Walk) and not wanted.where and below.state == below.node:
            # A pattern of nothing but a step lets the database read a degree, and walk nothing.
            assert here is not None, "a step starts at a node"
            return f"COUNT {{ ({here.node}){arrow(below.when, source.role, below.edge)}({label_text(source, below)}) }}"
        found = self._list(place, source, here, below)
        # The number of all nodes of a kind is kept by the database, if nothing more is said.
        bare = isinstance(source, Nodes) and found == f"MATCH ({below.node}:{source.kind.label})"
        return f"COUNT {{ {found} }}" if bare else f"COUNT {{ {found} RETURN {below.node} }}"

    def _page(self, place: int, source: Source, here: Level | None, below: Level) -> LiteralString:
        """Return the clauses that name the nodes of the rows that are wanted, in their order."""
        wanted = self._wanted[place]
        given = parameter(place)
        match source:
            case Nodes() | Walk():
                names: LiteralString = below.node if isinstance(source, Nodes) else f"{below.edge}, {below.node}"
                if below.state != below.node:
                    names = f"{names}, {below.state}"
                found = self._list(place, source, here, below, wanted.beyond)
                return f"{found} WITH {names} ORDER BY {wanted.order} LIMIT ${limit(place)}"
            case ById(kind):
                return by_id(kind, given, below)
            case ByIds():
                return by_ids(given, below)
            case ByCode():
                return by_code(given, below)
            case ByName(kind):
                return by_name(kind, given, below)
            case ByEdge():
                return by_edge(given, below)
            case Hits():
                return hits_text(given, f"${limit(place)}", "q")
            case Chapters():
                return chapters(given)
            case Classes():
                return classes(limit(place))

    def _list(
        self,
        place: int,
        source: Nodes | Walk,
        here: Level | None,
        below: Level,
        more: Sequence[LiteralString] = (),
    ) -> LiteralString:
        """Return the clauses that name all nodes of a list."""
        wanted = self._wanted[place]
        if isinstance(source, Nodes):
            return f"{wanted.clauses}{where_text([*wanted.where, *more])}"
        assert here is not None, "a step starts at a node"
        step: LiteralString = (
            f"MATCH ({here.node}){arrow(below.when, source.role, below.edge)}({below.node}{label_text(source, below)})"
        )
        return f"{step}{wanted.clauses}{where_text([*wanted.where, *more])}"
