"""The statements of lists: which nodes, which neighbours of which nodes, how many, and what their numbers come to.

Kinds, types and properties come from kg.schema and are literal there; what a person typed is only ever a value.
In every statement a node of a list is `n`, the edge that leads to it `r`, and its state `n` or, in the past, `v`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from kg.query.pattern import Now, Then, arrow
from kg.reading.anchor import anchored
from kg.reading.condition import ALWAYS, Condition, values_of
from kg.reading.numbers import NUMBERS
from kg.reading.order import BY_NAME, Order, Place, beyond_text, key_texts, order_text, place_values
from kg.reading.where import NOW, predicate
from kg.schema import EDGE_BY_TYPE, EDGE_KINDS, NODE_KINDS, EdgeKind, NodeKind, Property, Role
from kg.statements import Statement

# The number of the change set that is asked for, as a parameter.
THEN: Final = Then("$moment")
# Means are rounded, so that they do not hang on the order in which the database adds.
_DIGITS: Final[LiteralString] = "6"


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted: `size` items behind a place, or, backward, the last ones before it."""

    size: int
    place: Place | None = None
    backward: bool = False


@dataclass(frozen=True, slots=True)
class NodeList:
    """The nodes of a kind that meet a condition; at a moment of the past when `moment` has a change set's number."""

    kind: NodeKind
    where: Condition = ALWAYS
    moment: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a role leads to: the neighbours that meet `node` and whose edges meet `edge`; `moment` as in NodeList."""

    role: Role
    node: Condition = ALWAYS
    edge: Condition = ALWAYS
    moment: int | None = None

    @property
    def edge_kind(self) -> EdgeKind:
        """The kind of edge that is walked."""
        return EDGE_BY_TYPE[self.role.edge]


def page(wanted: NodeList, window: Window, order: Order = BY_NAME) -> Statement:
    """Return the statement of one page; it asks for one node more, to learn whether more follow."""
    state = _state(wanted.moment)
    # The index on names serves the order only where the name is known to exist.
    named: list[LiteralString] = [f"{state}.name IS NOT NULL"] if order.keys[0].name == "name" else []
    text, values = _nodes(wanted, [*named, *_beyond(window, order, state)])
    return Statement(
        f"{text}\n"
        f"RETURN n.id AS id, '{wanted.kind.label}' AS kind, properties({state}) AS properties,"
        f" [{', '.join(key_texts(order, state))}] AS place\n"
        f"ORDER BY {order_text(order, state, backward=window.backward)}\nLIMIT $limit",
        {**values, **_window_values(window)},
    )


def count(wanted: NodeList) -> Statement:
    """Return the statement that counts a list."""
    text, values = _nodes(wanted, [])
    return Statement(f"{text}\nRETURN count(n) AS count", values)


def summary(wanted: NodeList) -> Statement:
    """Return the statement that counts a list and gives mean, least and largest of each number of its kind."""
    text, values = _nodes(wanted, [])
    return Statement(f"{text}\nRETURN {_summed(_state(wanted.moment), wanted.kind.properties)}", values)


def neighbours(step: Step, ids: Sequence[str], window: Window, order: Order) -> Statement:
    """Return the one statement for the neighbours of all `ids`, with the limit inside the hop."""
    state = _state(step.moment)
    text, values = _walk(step, _beyond(window, order, state))
    named: LiteralString = "r, n" if state == "n" else "r, n, v"
    return Statement(
        f"{_parents(step)}\nCALL (a) {{\n{text}\n  RETURN {named}\n"
        f"  ORDER BY {order_text(order, state, backward=window.backward)}\n  LIMIT $limit\n}}\n"
        f"RETURN parent, properties(r) AS edge, n.id AS id, '{step.role.end}' AS kind,"
        f" properties({state}) AS properties, [{', '.join(key_texts(order, state))}] AS place",
        {**values, **_window_values(window), "ids": list(ids)},
    )


def degrees(step: Step, ids: Sequence[str]) -> Statement:
    """Return the statement that counts the neighbours of each of `ids`."""
    text, values = _walk(step, [])
    # Without conditions the pattern stands alone, which lets the database read a degree and walk nothing.
    returned: LiteralString = "" if step.moment is None else " RETURN n"
    return Statement(
        f"{_parents(step)}\nRETURN parent, COUNT {{\n{text}{returned}\n}} AS count", {**values, "ids": list(ids)}
    )


def edge_summaries(step: Step, ids: Sequence[str]) -> Statement:
    """Return the statement that counts the neighbours of each of `ids` and sums up the numbers of their edges."""
    text, values = _walk(step, [])
    names: list[LiteralString] = [name for name, _ in _summaries("r", step.edge_kind.properties)]
    return Statement(
        f"{_parents(step)}\nCALL (a) {{\n{text}\n  RETURN {_summed('r', step.edge_kind.properties)}\n}}\n"
        f"RETURN parent, {', '.join(names)}",
        {**values, "ids": list(ids)},
    )


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


def _when(moment: int | None) -> Now:
    return NOW if moment is None else THEN


def _state(moment: int | None) -> LiteralString:
    return "n" if moment is None else "v"


def _nodes(wanted: NodeList, more: Sequence[LiteralString]) -> tuple[LiteralString, dict[str, Any]]:
    """Return the clauses that name the nodes of a list `n` and their states, and the values beside them."""
    if wanted.moment is None:
        clauses, rest, values = anchored(wanted.kind, wanted.where)
        found = _where([*rest, *more])
        # Behind a step the nodes are made one each, and the conditions follow that.
        return f"{clauses}{found}", _named("w", values)
    label = wanted.kind.label
    # A node that has been as it is since then holds its own state; of the others an earlier version does.
    clauses: LiteralString = (
        f"CALL () {{\n  MATCH (n:{THEN.label(label)}) WHERE {THEN.held('n')} RETURN n, n AS v\n"
        f"  UNION ALL\n  MATCH (v:Past) WHERE v.kind = '{label}' AND {THEN.held('v')}\n"
        "  CALL (v) {\n    MATCH (n:Entity {id: v.id}) RETURN n\n"
        "    UNION ALL\n    MATCH (n:Gone {id: v.id}) RETURN n\n  }\n  RETURN n, v\n}\nWITH n, v"
    )
    meets = _predicates(wanted.where, "n", "v", THEN, 0)
    values = {**_named("w", values_of(wanted.where)), "moment": wanted.moment}
    return f"{clauses}{_where([*meets, *more])}", values


def _parents(step: Step) -> LiteralString:
    start = step.role.start
    if step.moment is None:
        return f"UNWIND $ids AS parent\nMATCH (a:{start} {{id: parent}})"
    return (
        f"UNWIND $ids AS parent\nCALL (parent) {{\n  MATCH (a:{start} {{id: parent}}) RETURN a\n"
        f"  UNION ALL\n  MATCH (a:Gone {{id: parent}}) WHERE a:Was{start} RETURN a\n}}"
    )


def _walk(step: Step, more: Sequence[LiteralString]) -> tuple[LiteralString, dict[str, Any]]:
    """Return the clauses that lead from `a` to the neighbours, and the values beside them; the edge's come first."""
    when = _when(step.moment)
    edge_values = values_of(step.edge)
    values = _named("w", (*edge_values, *values_of(step.node)))
    on_edge = _predicates(step.edge, "r", "r", when, 0)
    on_node = _predicates(step.node, "n", _state(step.moment), when, len(edge_values))
    matched: LiteralString = f"  MATCH (a){arrow(when, step.role, 'r')}(n:{when.label(step.role.end)})"
    if step.moment is None:
        return f"{matched}{_where([*on_edge, *on_node, *more])}", values
    clauses: LiteralString = (
        f"{matched}{_where([THEN.held('r'), *on_edge])}\n  OPTIONAL MATCH {THEN.past('past', 'n')}\n"
        "  WITH r, n, coalesce(past, n) AS v"
    )
    return f"{clauses}{_where([*on_node, *more])}", {**values, "moment": step.moment}


def _predicates(
    condition: Condition, node: LiteralString, state: LiteralString, when: Now, start: int
) -> list[LiteralString]:
    return [] if condition == ALWAYS else [predicate(condition, node, state=state, when=when, start=start)]


def _where(parts: Sequence[LiteralString]) -> LiteralString:
    joint: LiteralString = "\n  AND "
    return f"\nWHERE {joint.join(parts)}" if parts else ""


def _beyond(window: Window, order: Order, state: LiteralString) -> list[LiteralString]:
    return [] if window.place is None else [beyond_text(order, state, backward=window.backward)]


def _window_values(window: Window) -> dict[str, Any]:
    place = () if window.place is None else place_values(window.place)
    return {**_named("k", place), "limit": window.size + 1}


def _named(letter: str, values: Sequence[Any]) -> dict[str, Any]:
    return {f"{letter}{NUMBERS[number]}": value for number, value in enumerate(values)}


def _summaries(variable: LiteralString, properties: Sequence[Property]) -> list[tuple[LiteralString, LiteralString]]:
    """Return name and expression of what is summed up."""
    parts: list[tuple[LiteralString, LiteralString]] = [("count", "count(n)")]
    for item in properties:
        if item.numeric:
            stored: LiteralString = f"{variable}.{item.name}"
            parts.append((f"{item.name}_average", f"round(avg({stored}), {_DIGITS})"))
            parts.append((f"{item.name}_minimum", f"min({stored})"))
            parts.append((f"{item.name}_maximum", f"max({stored})"))
    return parts


def _summed(variable: LiteralString, properties: Sequence[Property]) -> LiteralString:
    parts: list[LiteralString] = [f"{text} AS {name}" for name, text in _summaries(variable, properties)]
    return ", ".join(parts)
