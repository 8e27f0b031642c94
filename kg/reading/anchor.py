"""Where the search for a filtered list begins: at what the filter names, be it neighbours of neighbours away.

The database would look at every node of the kind and ask of each whether it has such a neighbour, and of that one
whether it has one, over and over. From the other end each node is come to once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, LiteralString, TypeAlias, TypeGuard

from kg.query.pattern import arrow
from kg.reading.condition import ALWAYS, All, Coded, Condition, Linked, Test, values_of
from kg.reading.numbers import NUMBERS
from kg.reading.where import NOW, match_coded, predicate
from kg.schema import LANGUAGES, NodeKind

# What names few nodes, best first.
_BY_ID: Final = (("id", "eq"), ("id", "in"))
_BY_FOLDED: Final = (("folded", "folded_eq"), ("folded", "folded_in"))
_BY_INDEX: Final = (*_BY_ID, *_BY_FOLDED)
_NAMES: Final = ("name", *(f"name_{language}" for language in LANGUAGES))
_BY_NAME: Final = (*_BY_FOLDED, *((name, word) for name in _NAMES for word in ("folded_eq", "folded_in")))

Anchored: TypeAlias = tuple[LiteralString, list[LiteralString], tuple[Any, ...]]


def anchored(kind: NodeKind, condition: Condition, *, parameter: LiteralString = "$w", start: int = 0) -> Anchored:
    """Return the clauses that name the nodes of a list `n`, the predicates that must follow, and all values.

    The values are in the order in which the texts name parameters, beginning with the number `start`.
    """
    return _found(kind.label, "n", condition, parameter, start, 0)


def _found(
    label: LiteralString,
    name: LiteralString,
    condition: Condition,
    parameter: LiteralString,
    start: int,
    level: int,
) -> Anchored:
    parts = list(_parts(condition))
    place = _best(parts)
    if place is None:
        whole: list[LiteralString] = [predicate(condition, name, parameter=parameter, start=start)]
        return f"MATCH ({name}:{label})", [] if condition == ALWAYS else whole, values_of(condition)
    clauses, first = _begin(label, name, parts.pop(place), parameter, start, level)
    others = All(tuple(parts))
    rest: list[LiteralString] = [predicate(others, name, parameter=parameter, start=start + len(first))]
    return clauses, rest if parts else [], (*first, *values_of(others))


def _begin(
    label: LiteralString,
    name: LiteralString,
    chosen: Condition,
    parameter: LiteralString,
    start: int,
    level: int,
) -> tuple[LiteralString, tuple[Any, ...]]:
    """Return the clauses that begin at the other end, and their values; what is reached twice is kept once."""
    if isinstance(chosen, Coded):
        found = match_coded(chosen, name, parameter=parameter, start=start)
        return f"{found}\nWITH DISTINCT {name}", values_of(chosen)
    assert isinstance(chosen, Linked), "nothing else is chosen"
    there: LiteralString = f"w_a{NUMBERS[level]}"
    by: LiteralString = f"w_e{NUMBERS[level]}"
    inner, rest, values = _found(chosen.role.end, there, chosen.node, parameter, start, level + 1)
    joint: LiteralString = " AND "
    meets_node = joint.join(rest) if rest else "true"
    meets_edge = predicate(chosen.edge, by, parameter=parameter, start=start + len(values))
    # DISTINCT keeps the database from asking this again for each edge that leads away.
    return (
        f"{inner}\nWHERE {meets_node}\nWITH DISTINCT {there}\n"
        f"MATCH ({name}:{label}){arrow(NOW, chosen.role, by)}({there})\nWHERE {meets_edge}\nWITH DISTINCT {name}",
        (*values, *values_of(chosen.edge)),
    )


def _best(parts: Sequence[Condition]) -> int | None:
    """Return the place of the condition to begin with; none when the nodes' own ids or names are told, best of all."""
    if any(_tells(part, _BY_INDEX) for part in parts):
        return None
    by_id = [place for place, part in enumerate(parts) if _leads_to(part, _BY_ID)]
    by_code = [place for place, part in enumerate(parts) if isinstance(part, Coded)]
    by_name = [place for place, part in enumerate(parts) if _leads_to(part, _BY_NAME)]
    # Neighbours of neighbours are looked at once each from their end, and as often as there are ways to them from here.
    far = [place for place, part in enumerate(parts) if _is_far(part)]
    return next(iter((*by_id, *by_code, *by_name, *far)), None)


def _leads_to(condition: Condition, told: Sequence[tuple[str, str]]) -> bool:
    """Say whether a condition asks for a neighbour, however far, that is told in this way."""
    return _is_some(condition) and any(_tells(part, told) or _leads_to(part, told) for part in _parts(condition.node))


def _is_far(condition: Condition) -> bool:
    return _is_some(condition) and any(map(_is_some, _parts(condition.node)))


def _is_some(condition: Condition) -> TypeGuard[Linked]:
    return isinstance(condition, Linked) and condition.quantifier == "some"


def _tells(condition: Condition, told: Sequence[tuple[str, str]]) -> bool:
    return isinstance(condition, Test) and (condition.name, condition.word) in told


def _parts(condition: Condition) -> Sequence[Condition]:
    return condition.parts if isinstance(condition, All) else (condition,)
