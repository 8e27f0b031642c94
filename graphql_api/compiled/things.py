"""The fields at the top that find nodes: one by id, code or name, many by id, lists of a kind, searches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from graphql_api.arguments.naming import plural, snake
from graphql_api.compiled import leaves
from graphql_api.compiled.assemble import At, ByKind, Call, Const, Each, Given, Make, One, Shape
from graphql_api.compiled.draft import Draft, Draw, NotTaken, given_names
from graphql_api.compiled.names import level
from graphql_api.compiled.nodes import LIST_ARGUMENTS, any_node_shape, node_shape, nodes_connection
from graphql_api.compiled.plan import (
    ByCode,
    ById,
    ByIds,
    ByName,
    Columns,
    Hits,
    Label,
    Listed,
    Past,
    Source,
    Stored,
    Told,
)
from graphql_api.compiled.selection import Arguments, Field
from graphql_api.compiled.wanted import Refused
from graphql_api.compiled.wanting import WantedHits, WantedMoment, WantedNode, WantedNodes
from kg.query.moment import check_moment
from kg.reading.search import ranked
from kg.schema import LANGUAGES, NODE_KINDS, NodeKind
from kg.subgraph import SubgraphNode

_SINGLE: Final = ("id", "name", "icd10")


def then_or_now(draft: Draft, arguments: Arguments, top: Columns, make: Callable[[Columns, bool], Shape]) -> Shape:
    """Return a shape whose columns are read as they are now, or as the change set left them that `as_of` names."""
    if "as_of" not in given_names(arguments):
        return make(top, False)
    place = draft.want(lambda place: WantedMoment(place, arguments))
    # Before the columns stand the change sets that may be meant.
    inner = Columns(1)
    shape = make(inner, True)
    return One(Call(_known, (At(top.at(Past(place, inner.row()))), Given(place))), shape)


def _known(rows: Sequence[Any], asked: str) -> Sequence[Any]:
    """Return the rows if they are read as one change set left them; raises QueryError when it is not clear which."""
    check_moment(asked, rows[0][0])
    return rows


def _single(kind: NodeKind, draft: Draft, field: Field, top: Columns) -> Shape:
    arguments = draft.arguments(field, *_SINGLE, "as_of")
    words = given_names(arguments) & set(_SINGLE)
    if len(words) != 1:
        raise NotTaken("one of the arguments has to be given")
    (word,) = words
    place = draft.want(lambda place: WantedNode(place, arguments, kind, word))
    source: Source = {"id": ById(kind), "name": ByName(kind), "icd10": ByCode()}[word]

    def make(columns: Columns, past: bool) -> Shape:
        row = Columns()
        item = node_shape(draft, field, kind, row, level(0, past))
        rows = At(columns.at(Listed(place, source, row.row())))
        return One(rows if word == "id" else Call(_clear, (rows,)), item)

    return then_or_now(draft, arguments, top, make)


def _clear(rows: Sequence[Any]) -> Sequence[Any]:
    if len(rows) > 1:
        raise Refused("several are meant")
    return rows


def _list(kind: NodeKind, draft: Draft, field: Field, top: Columns) -> Shape:
    arguments = draft.arguments(field, *LIST_ARGUMENTS, "as_of")

    def make(columns: Columns, past: bool) -> Shape:
        return nodes_connection(draft, field, kind, columns, past=past)

    return then_or_now(draft, arguments, top, make)


def _node(draft: Draft, field: Field, top: Columns) -> Shape:
    arguments = draft.arguments(field, "id", "as_of")
    place = draft.want(lambda place: WantedNode(place, arguments, None, "id"))

    def make(columns: Columns, past: bool) -> Shape:
        row = Columns()
        item = any_node_shape(draft, field, row, level(0, past))
        return One(At(columns.at(Listed(place, ById(None), row.row()))), item)

    return then_or_now(draft, arguments, top, make)


def _nodes(draft: Draft, field: Field, top: Columns) -> Shape:
    arguments = draft.arguments(field, "ids", "as_of")
    place = draft.want(lambda place: WantedNodes(place, arguments))

    def make(columns: Columns, past: bool) -> Shape:
        row = Columns()
        item = any_node_shape(draft, field, row, level(0, past))
        number = row.at(Stored("id"))
        found = At(columns.at(Listed(place, ByIds(), row.row())))
        missing = ByKind(item.index, {**item.kinds, None: Const(None)})
        return Each(Call(_in_order, (found, Given(place), Const(number))), missing)

    return then_or_now(draft, arguments, top, make)


def _in_order(rows: Sequence[Any], ids: Sequence[str], number: int) -> list[Any]:
    """Return the row of each id, one without a kind where there is none."""
    by_id = {row[number]: row for row in rows}
    return [by_id.get(node_id, _MISSING) for node_id in ids]


_MISSING: Final = (None,)


def _search(draft: Draft, field: Field, top: Columns) -> Shape:
    arguments = draft.arguments(field, "text", "kinds", "language", "first")
    place = draft.want(lambda place: WantedHits(place, arguments))
    row = Columns()
    # In the order in which `_ranked` reads them.
    for column in (Label(), Stored("id"), Told("score"), *_WORDS):
        row.at(column)
    here = level(0, past=False)
    made: list[tuple[str, Shape]] = []
    for each in draft.selection.under(field):
        match each.python_name:
            case "node":
                made.append((each.key, any_node_shape(draft, each, row, here)))
            case "matched":
                made.append((each.key, At(-2)))
            case "score":
                made.append((each.key, At(-1)))
            case "__typename":
                made.append((each.key, Const(field.type_name)))
            case _:
                raise NotTaken(f"{each.name} is read elsewhere")
    found = At(top.at(Listed(place, Hits(), row.row())))
    return Each(Call(_ranked, (found, *(Given(place, number) for number in range(3)))), Make(tuple(made)))


_WORDS: Final = tuple(Stored(f"{what}_{language}") for what in ("name", "synonyms") for language in LANGUAGES)


def _ranked(rows: Sequence[Any], text: str, language: str | None, size: int) -> list[Any]:
    """Return the rows of the best hits, the name by which each was found and its score behind it."""
    by_id = {row[1]: row for row in rows}
    best = ranked(text, ((_worded(row), row[2]) for row in rows), language)[:size]
    return [[*by_id[hit.node.id], hit.matched, leaves.number(hit.score)] for hit in best]


def _worded(row: Sequence[Any]) -> SubgraphNode:
    kind, node_id, _, *words = row[: 3 + 2 * len(LANGUAGES)]
    names = {key: name for key, name in zip(LANGUAGES, words, strict=False) if name is not None}
    synonyms = zip(LANGUAGES, words[len(LANGUAGES) :], strict=True)
    return SubgraphNode(node_id, kind, names, {key: tuple(group) for key, group in synonyms if group}, {})


THINGS: Final[Mapping[str, Draw]] = {
    "node": _node,
    "nodes": _nodes,
    **{snake(kind.label): partial(_single, kind) for kind in NODE_KINDS},
    **{plural(snake(kind.label)): partial(_list, kind) for kind in NODE_KINDS},
    "search": _search,
}
