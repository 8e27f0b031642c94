"""The fields at the top that give a single edge, or an item of the evidence behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graphql_api.compiled import leaves
from graphql_api.compiled.assemble import At, Call, Const, Given, Make, One, Shape
from graphql_api.compiled.draft import Draft, Draw, NotTaken, made_of
from graphql_api.compiled.fields import EVIDENCE, evidence_shape
from graphql_api.compiled.plan import ByEdge, Columns, Listed, Stored
from graphql_api.compiled.selection import Field
from graphql_api.compiled.things import then_or_now
from graphql_api.compiled.wanting import WantedEdge
from graphql_api.types.graph_types import EDGE_PROPERTIES
from graphql_api.types.queries import MAX_EVIDENCE


def _edge(draft: Draft, field: Field, top: Columns) -> Shape:
    arguments = draft.arguments(field, "id", "as_of")
    place = draft.want(lambda place: WantedEdge(place, arguments, "id"))

    def make(columns: Columns, past: bool) -> Shape:
        row = Columns()
        item = Make(tuple((each.key, _part(draft, field, each, row)) for each in draft.selection.under(field)))
        return One(At(columns.at(Listed(place, ByEdge(), row.row()))), item)

    return then_or_now(draft, arguments, top, make)


def _part(draft: Draft, parent: Field, field: Field, row: Columns) -> Shape:
    name = field.python_name
    edge = At(row.at(Stored("id", "edge")))
    if field.definition is None:
        return Const(parent.type_name)
    if name == "id":
        return edge
    if name in _PARTS:
        return Call(_part_of, (edge, Const(_PARTS[name])))
    if name == "sources":
        return Call(leaves.several, (At(row.at(Stored("sources", "edge"))),))
    if name == "evidence":
        return evidence_shape(draft, field, row)
    if name not in EDGE_PROPERTIES:
        raise NotTaken(f"{field.name} is read elsewhere")
    _, item = EDGE_PROPERTIES[name]
    stored = At(row.at(Stored(item.name, "edge")))
    read = leaves.reader_of(item)
    return stored if read is None else Call(read, (stored,))


# An edge's id is its two ends and its kind.
_PARTS: Final[Mapping[str, int]] = {"start": 0, "kind": 1, "end": 2}


def _part_of(edge: str, number: int) -> str:
    return edge.split("/")[number]


def _evidence(draft: Draft, field: Field, top: Columns) -> Shape:
    arguments = draft.arguments(field, "edge", "id", "as_of")
    place = draft.want(lambda place: WantedEdge(place, arguments, "edge"))

    def make(columns: Columns, past: bool) -> Shape:
        found = At(columns.at(Listed(place, ByEdge(), (Stored("told", "edge"),))))
        item = Call(_item, (found, Given(place, 0), Given(place, 1)))
        return One(item, made_of(draft, field, EVIDENCE))

    return then_or_now(draft, arguments, top, make)


def _item(rows: Sequence[Any], edge: str, item_id: str) -> list[dict[str, Any]]:
    """Return the item of that id behind an edge, alone."""
    items = leaves.evidence_on(rows[0][0], MAX_EVIDENCE, edge) if rows else []
    return [item for item in items if item["id"] == item_id]


EDGES: Final[Mapping[str, Draw]] = {"edge": _edge, "evidence": _evidence}
