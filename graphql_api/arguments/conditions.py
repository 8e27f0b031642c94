"""From what a filter says to the condition that it stands for; pure functions over the inputs of `filters`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, Literal, LiteralString, TypeVar

from graphql_api.problems import BAD_USER_INPUT, ApiError
from kg.reading.condition import (
    ALWAYS,
    All,
    Coded,
    Condition,
    Linked,
    LinkedCount,
    NameWord,
    Not,
    NumberWord,
    Test,
    Word,
    both,
    check,
    either,
    named,
)
from kg.reading.lucene import CODE_SYSTEMS, codes_for
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL, EdgeKind, NodeKind, Property, Role, roles_of

W = TypeVar("W", bound=Word)

_NAMES: Final[dict[str, LiteralString]] = {language: f"name_{language}" for language in LANGUAGES}
_NUMBER_WORDS: Final[tuple[tuple[str, NumberWord], ...]] = (
    ("eq", "eq"),
    ("in_", "in"),
    ("at_least", "at_least"),
    ("at_most", "at_most"),
)
_ID_WORDS: Final[tuple[tuple[str, Word], ...]] = (("eq", "eq"), ("in_", "in"), ("starts_with", "starts_with"))
_NAME_WORDS: Final[tuple[tuple[str, NameWord], ...]] = (
    ("eq", "folded_eq"),
    ("in_", "folded_in"),
    ("contains", "folded_contains"),
    ("starts_with", "folded_starts_with"),
)
_TEXT_WORDS: Final[tuple[tuple[str, Word], ...]] = (
    ("eq", "eq"),
    ("in_", "in"),
    ("contains", "folded_contains"),
    ("starts_with", "folded_starts_with"),
)
# How deep filters may lie inside one another before they are even read; far more than a condition may have levels.
_DEEPEST: Final = 40


def nodes_where(kind: NodeKind, where: Any) -> Condition:
    """Return the condition of a filter of this kind of node, None being always met.

    Raises QueryTooLarge when it passes a limit, and ApiError when a code in it is none.
    """
    return ALWAYS if where is None else check(_node(kind, where, 0))


def neighbours_where(role: Role, where: Any) -> tuple[Condition, Condition]:
    """Return the conditions on the neighbours of a role and on the edges to them; raises as `nodes_where`."""
    if where is None:
        return ALWAYS, ALWAYS
    match = _match(role, "some", where, 0)
    check(match)
    return match.node, match.edge


def _node(kind: NodeKind, where: Any, level: int) -> Condition:
    if level > _DEEPEST:
        raise ApiError(BAD_USER_INPUT, "The filter is nested too deeply.")
    parts = list(_joined(where, partial(_node, kind, level=level + 1)))
    if where.id is not None:
        parts += _tests(partial(Test, "id"), where.id, _ID_WORDS)
    if where.name is not None:
        language = where.name.language
        parts += _tests(partial(Test, _NAMES[language.value]) if language else named, where.name, _NAME_WORDS)
    if where.source is not None:
        parts.append(Test("sources", "has", where.source))
    parts += _properties(kind.properties, where)
    if kind.label == "Disease" and where.icd10 is not None:
        parts += _codes(where.icd10)
    for role in roles_of(kind.label):
        wanted = getattr(where, role.name)
        if wanted is not None:
            parts += _role(role, wanted, level + 1)
    return both(*parts)


def _edge(kind: EdgeKind, where: Any, level: int) -> Condition:
    if level > _DEEPEST:
        raise ApiError(BAD_USER_INPUT, "The filter is nested too deeply.")
    parts = list(_joined(where, partial(_edge, kind, level=level + 1)))
    if where.source is not None:
        parts.append(Test("sources", "has", where.source))
    if where.licence is not None:
        parts.append(Test("licences", "has", where.licence))
    return both(*parts, *_properties(kind.properties, where))


def _joined(where: Any, read: Callable[[Any], Condition]) -> Iterator[Condition]:
    if where.and_ is not None:
        yield both(*map(read, where.and_))
    if where.or_ is not None:
        yield either(*map(read, where.or_))
    if where.not_ is not None:
        yield Not(read(where.not_))


def _role(role: Role, wanted: Any, level: int) -> Iterator[Condition]:
    if wanted.some is not None:
        yield _match(role, "some", wanted.some, level)
    if wanted.none is not None:
        yield _match(role, "none", wanted.none, level)
    if wanted.count is not None:
        tests: list[tuple[NumberWord, Any]] = [(word, _value(wanted.count, name)) for name, word in _NUMBER_WORDS]
        yield LinkedCount(role, tuple(test for test in tests if test[1] is not None))
        # Every node has a number of neighbours.
        if wanted.count.exists is False:
            yield either()


def _match(role: Role, quantifier: Literal["some", "none"], wanted: Any, level: int) -> Linked:
    node = All() if wanted.node is None else _node(NODE_BY_LABEL[role.end], wanted.node, level)
    edge = All() if wanted.edge is None else _edge(EDGE_BY_TYPE[role.edge], wanted.edge, level)
    return Linked(role, quantifier, node, edge)


def _properties(properties: Sequence[Property], where: Any) -> Iterator[Condition]:
    for item in properties:
        wanted = getattr(where, item.name)
        if wanted is None:
            continue
        if item.type == "choice":
            yield Test(item.name, "in", tuple(choice.value for choice in wanted))
            continue
        yield from _tests(partial(Test, item.name), wanted, _NUMBER_WORDS if item.numeric else _TEXT_WORDS)
        if wanted.exists is not None:
            yield Test(item.name, "exists" if wanted.exists else "missing")


def _tests(test: Callable[[W, Any], Test], wanted: Any, words: Sequence[tuple[str, W]]) -> Iterator[Condition]:
    """Yield what is made by `test` of each word whose field is given, and of the field's value."""
    for field, word in words:
        value = _value(wanted, field)
        if value is not None:
            yield test(word, value)


def _value(wanted: Any, field: str) -> Any:
    value = getattr(wanted, field)
    return tuple(value) if isinstance(value, list) else value


def _codes(wanted: Any) -> Iterator[Condition]:
    if wanted.in_ is not None:
        yield Coded("in", tuple(_code(text) for text in wanted.in_))
    if (wanted.from_ is None) != (wanted.to is None):
        raise ApiError(BAD_USER_INPUT, "A range of codes needs both `from` and `to`.")
    if wanted.from_ is not None:
        first, last = _code(wanted.from_), _code(wanted.to)
        if first.partition(":")[0] != last.partition(":")[0]:
            raise ApiError(BAD_USER_INPUT, "`from` and `to` are codes of two systems.")
        yield Coded("between", (first, last))
    if wanted.within is not None:
        yield Coded("within", (_code(wanted.within),))


def _code(text: str) -> str:
    """Return the id of the code that is written so; raise ApiError when it is none."""
    found = codes_for(text)
    if not found:
        systems = " or ".join(f"{system}:J20" for system in CODE_SYSTEMS)
        raise ApiError(BAD_USER_INPUT, f"{text[:40]!r} is not a code of ICD-10.", hint=f"Write it as J20, {systems}.")
    return found[0]
