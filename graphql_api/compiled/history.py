"""The fields at the top that tell where the graph stands, its change sets and its proposals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, LiteralString

import orjson

from graphql_api.arguments.common import checked_first
from graphql_api.compiled.assemble import At, Call, Const, Each, Make, One, Shape
from graphql_api.compiled.counts import edge_counts, node_counts
from graphql_api.compiled.draft import Draft, Draw, NotTaken, made_of
from graphql_api.compiled.plan import Columns, Kept, Ready
from graphql_api.compiled.selection import Field
from graphql_api.compiled.wanted import Refused
from graphql_api.compiled.wanting import WantedRecords
from graphql_api.types.history import time_of

_POSITION: Final[LiteralString] = "COLLECT { MATCH (m:Meta {id: 'meta'}) RETURN [m.head, m.seq] }"
# Behind all change sets.
_LAST: Final = 2**62


def _graph(draft: Draft, field: Field, top: Columns) -> Shape:
    position = Call(_prepared, (At(top.at(Ready(_POSITION))),))
    made: list[tuple[str, Shape]] = []
    for each in draft.selection.under(field):
        match each.python_name:
            case "release":
                made.append((each.key, One(position, At(0))))
            case "change_sets":
                made.append((each.key, One(position, At(1))))
            case "nodes":
                made.append((each.key, node_counts(draft, each, top)))
            case "edges":
                made.append((each.key, edge_counts(draft, each, top)))
            case "__typename":
                made.append((each.key, Const(field.type_name)))
            case _:
                raise NotTaken(f"{each.name} is read elsewhere")
    return Make(tuple(made))


def _prepared(rows: Sequence[Any]) -> Sequence[Any]:
    if not rows:
        raise Refused("the database holds no graph yet")
    return rows


def _records(
    draft: Draft,
    field: Field,
    top: Columns,
    statement: LiteralString,
    given: tuple[LiteralString, ...],
    arguments: tuple[str, ...],
    read: Callable[[Mapping[str, Any]], tuple[tuple[Any, ...], int | None]],
) -> Shape:
    """Return the shape of the maps that a fixed statement returns."""
    told = draft.arguments(field, *arguments)
    place = draft.want(lambda place: WantedRecords(place, told, read))
    return At(top.at(Kept(place, statement, given)))


def _change_sets(draft: Draft, field: Field, top: Columns) -> Shape:
    def read(told: Mapping[str, Any]) -> tuple[tuple[Any, ...], int]:
        before = _LAST if told.get("before") is None else told["before"]
        since = time_of(told.get("since"), "since")
        return (before, _word(told, "kind"), told.get("by"), _word(told, "status"), since), checked_first(told["first"])

    given: tuple[LiteralString, ...] = ("before", "kind", "by", "status", "since")
    rows = _records(draft, field, top, "read/change_sets", given, ("first", *given), read)
    return Each(Call(_change_set_values, (rows,)), made_of(draft, field, _CHANGE_SET))


def _change_set(draft: Draft, field: Field, top: Columns) -> Shape:
    rows = _records(draft, field, top, "read/change_set_head", ("id",), ("id",), _by_id)
    return One(Call(_change_set_values, (rows,)), made_of(draft, field, _CHANGE_SET))


def _proposals(draft: Draft, field: Field, top: Columns) -> Shape:
    def read(told: Mapping[str, Any]) -> tuple[tuple[Any, ...], int]:
        times = (time_of(told.get("since"), "since"), time_of(told.get("before"), "before"))
        return (_word(told, "status"), _word(told, "kind"), told.get("by"), *times), checked_first(told["first"])

    given: tuple[LiteralString, ...] = ("status", "kind", "by", "since", "before")
    rows = _records(draft, field, top, "curation/proposals", given, ("first", *given), read)
    return Each(Call(_proposal_values, (rows,)), made_of(draft, field, _PROPOSAL))


def _proposal(draft: Draft, field: Field, top: Columns) -> Shape:
    rows = _records(draft, field, top, "curation/proposal", ("id",), ("id",), _by_id)
    return One(Call(_proposal_values, (rows,)), made_of(draft, field, _PROPOSAL))


def _by_id(told: Mapping[str, Any]) -> tuple[tuple[Any, ...], int | None]:
    return (told["id"],), None


def _word(told: Mapping[str, Any], name: str) -> str | None:
    return told[name].value if told.get(name) is not None else None


def _change_set_values(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return change sets with all their fields."""
    return [
        {
            **row,
            "changed": row.get("changed", 0),
            "parent": row.get("parent") or None,
            "about": orjson.loads(row.get("about") or "{}"),
        }
        for row in rows
    ]


def _proposal_values(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return proposals with all their fields."""
    return [
        {
            **_UNDECIDED,
            **row,
            "kind": row["kind"].upper(),
            "status": row["status"].upper(),
            "what": orjson.loads(row["what"]),
            "change_set": row.get("change_set") or None,
        }
        for row in rows
    ]


_UNDECIDED: Final = {"decided_by": None, "decided_at": None, "decision_note": None}
# What is kept of each; the changes of a change set lie in batches, which are unpacked elsewhere.
_CHANGE_SET: Final[Mapping[str, Shape]] = {
    name: At(name) for name in ("id", "seq", "kind", "title", "by", "at", "status", "changed", "parent", "about")
}
_PROPOSAL: Final[Mapping[str, Shape]] = {
    name: At(name)
    for name in (
        *("id", "kind", "status", "version", "title", "what", "by", "note", "at"),
        *("decided_by", "decided_at", "decision_note", "change_set"),
    )
}
HISTORY: Final[Mapping[str, Draw]] = {
    "graph": _graph,
    "change_set": _change_set,
    "change_sets": _change_sets,
    "proposals": _proposals,
    "proposal": _proposal,
}
