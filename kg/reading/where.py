"""The Cypher of a condition, which follows from its shape alone; what was typed is only ever a value beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal, LiteralString, assert_never

from kg.query.pattern import Now, Then, arrow
from kg.reading.condition import All, AnyOf, Coded, Condition, Linked, LinkedCount, Not, Test, Word, shape_of
from kg.reading.numbers import NUMBERS
from kg.schema import Role

NOW: Final = Now()
# How many levels of codes lie inside one another at most: chapter, blocks in blocks, category, subcategories.
WITHIN_STEPS: Final[LiteralString] = "8"

_OPERATORS: Final[dict[Word, LiteralString]] = {
    "eq": "=",
    "in": "IN",
    "at_least": ">=",
    "at_most": "<=",
    "starts_with": "STARTS WITH",
    "folded_eq": "=",
    "folded_in": "IN",
    "folded_contains": "CONTAINS",
    "folded_starts_with": "STARTS WITH",
}


def predicate(
    condition: Condition,
    node: LiteralString,
    *,
    state: LiteralString | None = None,
    when: Now = NOW,
    parameter: LiteralString = "$w",
    start: int = 0,
) -> LiteralString:
    """Return the predicate of a condition on the node (or edge) of that name.

    `state` is the name under which its properties are found, when that is not the node itself but an earlier version
    of it. The n-th of `values_of` is named `parameter` with the number `start + n` behind it. Whoever puts a
    predicate into a statement knows all names in it but for those that begin with `w_`.
    """
    return _predicate(shape_of(condition), node, state or node, when, parameter, start)


def match_coded(
    condition: Coded, node: LiteralString, *, parameter: LiteralString = "$w", start: int = 0
) -> LiteralString:
    """Return the clauses that find the diseases (of that name) that a condition on codes means, from the codes on."""
    return _Writer(NOW, parameter, start).coded(condition.word, node)


@lru_cache(maxsize=4096)
def _predicate(
    shape: Condition, node: LiteralString, state: LiteralString, when: Now, parameter: LiteralString, start: int
) -> LiteralString:
    return _Writer(when, parameter, start).written(shape, node, state, 0)


class _Writer:
    def __init__(self, when: Now, parameter: LiteralString, start: int) -> None:
        self._when: Now = when
        self._parameter: LiteralString = parameter
        self._next = start

    def _value(self) -> LiteralString:
        name = NUMBERS[self._next]
        self._next += 1
        return f"{self._parameter}{name}"

    def written(self, condition: Condition, node: LiteralString, state: LiteralString, level: int) -> LiteralString:
        """Return the predicate; `level` counts the subqueries around it, so that no two share a name."""
        match condition:
            case Test():
                return self._test(condition, state)
            case All(parts):
                return self._joined(" AND ", parts, node, state, level) if parts else "true"
            case AnyOf(parts):
                return f"({self._joined(' OR ', parts, node, state, level)})" if parts else "false"
            case Not(part):
                return f"NOT coalesce({self.written(part, node, state, level)}, false)"
            case Linked():
                some: LiteralString = "" if condition.quantifier == "some" else "NOT "
                return f"{some}EXISTS {{ {self._linked(condition, node, level + 1)} }}"
            case LinkedCount(role, tests):
                number: LiteralString = f"COUNT {{ {self._neighbours(role, node, NUMBERS[level + 1])} }}"
                joint: LiteralString = " AND "
                told: list[LiteralString] = [f"{number} {_OPERATORS[word]} {self._value()}" for word, _ in tests]
                return joint.join(told) if told else "true"
            case Coded(word):
                return f"EXISTS {{ {self.coded(word, node)} }}"
        assert_never(condition)

    def _joined(
        self, joint: LiteralString, parts: Sequence[Condition], node: LiteralString, state: LiteralString, level: int
    ) -> LiteralString:
        return joint.join([self.written(part, node, state, level) for part in parts])

    def _test(self, condition: Test, state: LiteralString) -> LiteralString:
        stored: LiteralString = f"{state}.{condition.name}"
        match condition.word:
            case "exists":
                return f"{stored} IS NOT NULL"
            case "missing":
                return f"{stored} IS NULL"
            case "has":
                return f"{self._value()} IN {stored}"
            case "folded_eq" if condition.name == "folded":
                # The index holds texts alone, so it is asked only for what must be one, whatever the parameter is.
                return f"{stored} = toString({self._value()})"
            case "folded_in" if condition.name == "folded":
                return f"{stored} IN [w_x IN {self._value()} | toString(w_x)]"
            case "folded_eq" | "folded_in" | "folded_contains" | "folded_starts_with" if condition.name != "folded":
                return f"toLower({stored}) {_OPERATORS[condition.word]} {self._value()}"
            case _:
                return f"{stored} {_OPERATORS[condition.word]} {self._value()}"

    def _neighbours(self, role: Role, node: LiteralString, number: LiteralString) -> LiteralString:
        edge: LiteralString = f"w_r{number}"
        held = self._when.held(edge)
        where: LiteralString = f" WHERE {held}" if held else ""
        return f"MATCH ({node}){arrow(self._when, role, edge)}(w_b{number}:{self._when.label(role.end)}){where}"

    def _linked(self, condition: Linked, node: LiteralString, level: int) -> LiteralString:
        number = NUMBERS[level]
        edge: LiteralString = f"w_r{number}"
        there: LiteralString = f"w_b{number}"
        matched = self._neighbours(condition.role, node, number)
        joint: LiteralString = " AND " if self._when.held(edge) else " WHERE "
        if not isinstance(self._when, Then):
            meets_node = self.written(condition.node, there, there, level)
            meets_edge = self.written(condition.edge, edge, edge, level)
            return f"{matched}{joint}{meets_node} AND {meets_edge}"
        # The state that the neighbour had then may lie on an earlier version of it.
        past: LiteralString = f"w_p{number}"
        state: LiteralString = f"w_s{number}"
        meets_node = self.written(condition.node, there, state, level)
        meets_edge = self.written(condition.edge, edge, edge, level)
        return (
            f"{matched} OPTIONAL MATCH {self._when.past(past, there)}"
            f" WITH {there}, {edge}, coalesce({past}, {there}) AS {state}"
            f" WHERE {meets_node} AND {meets_edge} RETURN {there}"
        )

    def coded(self, word: Literal["in", "between", "within"], node: LiteralString) -> LiteralString:
        """Return the clauses that lead from a disease to the codes it is recorded under."""
        code: LiteralString = f"({node})-[w_c:{self._when.types('CODED_AS')}]->(w_code:{self._when.label('IcdCode')})"
        held = self._when.held("w_c")
        recorded: LiteralString = f" AND {held}" if held else ""
        match word:
            case "in":
                return f"MATCH {code} WHERE w_code.id IN {self._value()}{recorded}"
            case "between":
                # A chapter's number is no code: X would lie between W00 and Y99.
                first, last = self._value(), self._value()
                return (
                    f"MATCH {code} WHERE w_code.id >= {first} AND w_code.id <= {last}"
                    f" AND coalesce(w_code.level, '') <> 'chapter'{recorded}"
                )
            case "within":
                steps: LiteralString = f"[w_in:{self._when.types('PART_OF')}*0..{WITHIN_STEPS}]"
                each = self._when.held("w_x")
                lying: LiteralString = f" AND all(w_x IN w_in WHERE {each})" if each else ""
                return (
                    f"MATCH {code}-{steps}->(w_wide:{self._when.label('IcdCode')})"
                    f" WHERE w_wide.id = {self._value()}{recorded}{lying}"
                )
        assert_never(word)
