"""How a list is asked for: conditions, order and place, and the statements made of them. Pure functions.

Kinds, types and properties come from kg.schema and are literal there; what a person typed is only ever a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, LiteralString

from kg.errors import QueryTooLarge
from kg.schema import EDGE_BY_TYPE, EDGE_KINDS, NODE_KINDS, NodeKind, Property, Role
from kg.statements import Statement, text_of

Test = Literal["equals", "at_least", "at_most", "one_of"]

_OPERATORS: Final[Mapping[Test, LiteralString]] = {
    "equals": "=",
    "at_least": ">=",
    "at_most": "<=",
    "one_of": "IN",
}
_UNUSED = 0
# Names of parameters must be literal as well, so they come from this list.
_PARAMETERS: Final[tuple[LiteralString, ...]] = (
    "c0",
    "c1",
    "c2",
    "c3",
    "c4",
    "c5",
    "c6",
    "c7",
    "c8",
    "c9",
    "c10",
    "c11",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a property of a node, or of the edge to it, has to be."""

    property: Property
    test: Test
    value: str | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """By what a page is sorted; ties are settled by id. By a number: largest first, those without it last."""

    by: Literal["name", "id"] | Property = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an item in an order: its sort key, and its id."""

    key: str | float
    id: str


def page(kind: NodeKind, first: int, after: Place | None, conditions: Sequence[Condition], order: Order) -> Statement:
    """Return the statement of one page of a kind; it asks for one node more, to learn whether more follow."""
    key, down = _key(order)
    where, values = _where("n", conditions)
    if order.by == "name":
        # The index on names serves the order only where the name is known to exist.
        where = f"AND n.name IS NOT NULL {where}"
    if after is not None:
        than: LiteralString = "<" if down else ">"
        where = f"AND {key} {than}= $key AND ({key} {than} $key OR n.id {_id_than(order)} $after) {where}"
        values |= {"key": after.key, "after": after.id}
    text = (
        text_of("read/reading_page")
        .replace("KIND", kind.label)
        .replace("true /* conditions */", f"true {where}")
        .replace("n.id /* key */", key)
        .replace("n.id /* order */", f"{key}{' DESC' if down else ''}, n.id{' DESC' if _id_than(order) == '<' else ''}")
    )
    return Statement(text, {**values, "limit": first + 1})


def count(kind: NodeKind, conditions: Sequence[Condition]) -> Statement:
    """Return the statement that counts the nodes of a kind that meet the conditions."""
    where, values = _where("n", conditions)
    text = text_of("read/reading_count").replace("KIND", kind.label)
    # Without a condition the number is kept by the database and nothing is walked.
    return Statement(text.replace("WHERE true /* conditions */", f"WHERE true {where}" if where else ""), values)


def neighbours(
    role: Role, ids: Sequence[str], first: int, after: Place | None, conditions: Sequence[Condition]
) -> Statement:
    """Return the one statement for the neighbours of all `ids`, with the limit inside the hop."""
    rank = EDGE_BY_TYPE[role.edge].rank
    where, values = _where("r", conditions)
    text = _walked(text_of("read/reading_neighbours"), role)
    text = text.replace("0.0 /* strength */", "0.0" if rank is None else f"coalesce(r.{rank}, -1.0)")
    text = text.replace("/* conditions */", where)
    places = {"key": after.key if after else None, "after": after.id if after else None}
    return Statement(text, {**values, **places, "ids": list(ids), "limit": first + 1})


def degrees(role: Role, ids: Sequence[str], conditions: Sequence[Condition]) -> Statement:
    """Return the statement that counts the neighbours of each of `ids`."""
    where, values = _where("r", conditions)
    text = _walked(text_of("read/reading_degrees"), role).replace("true /* conditions */", f"true {where}")
    return Statement(text, {**values, "ids": list(ids)})


def totals() -> Statement:
    """Return the statement that counts each kind of node and of edge."""
    # Counts of one label or type each are kept by the database, so this walks nothing.
    parts: list[LiteralString] = []
    for node in NODE_KINDS:
        parts.append(_counted(f"(n:{node.label})", node.label))
    for edge in EDGE_KINDS:
        parts.append(_counted(f"()-[n:{edge.type}]->()", edge.type))
    union: LiteralString = "\nUNION ALL\n"
    return Statement(union.join(parts))


def _counted(pattern: LiteralString, name: LiteralString) -> LiteralString:
    return f"MATCH {pattern} RETURN '{name}' AS kind, count(n) AS number"


def _key(order: Order) -> tuple[LiteralString, bool]:
    """Return the Cypher of the sort key and whether it falls."""
    if order.by == "name":
        return "n.name", order.descending
    if order.by == "id":
        return "n.id", order.descending
    return f"coalesce(n.{order.by.name}, -1.0)", True


def _id_than(order: Order) -> LiteralString:
    return "<" if order.descending and order.by in ("name", "id") else ">"


def _where(variable: LiteralString, conditions: Sequence[Condition]) -> tuple[LiteralString, dict[str, Any]]:
    if len(conditions) > len(_PARAMETERS):
        raise QueryTooLarge(f"there are {len(conditions)} conditions", hint=f"At most {len(_PARAMETERS)} are allowed.")
    parts: list[LiteralString] = []
    values: dict[str, Any] = {}
    for parameter, condition in zip(_PARAMETERS, conditions, strict=False):
        operator = _OPERATORS[condition.test]
        parts.append(f"AND {variable}.{condition.property.name} {operator} ${parameter}")
        value = condition.value
        values[parameter] = list(value) if isinstance(value, tuple) else value
    joint: LiteralString = " "
    return joint.join(parts), values


def _walked(text: LiteralString, role: Role) -> LiteralString:
    """Put the role's kinds and direction in; a symmetric edge is walked both ways."""
    if not EDGE_BY_TYPE[role.edge].symmetric:
        text = text.replace("-[r:EDGE]-", "-[r:EDGE]->" if role.forward else "<-[r:EDGE]-")
    return (
        text.replace(":EDGE]", f":{role.edge}]")
        .replace("(a:START ", f"(a:{role.start} ")
        .replace("(b:END)", f"(b:{role.end})")
        .replace("'END' AS kind", f"'{role.end}' AS kind")
    )
