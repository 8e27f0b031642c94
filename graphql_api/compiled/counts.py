"""The field at the top that counts over the whole graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, LiteralString

from graphql_api.arguments.common import checked_first
from graphql_api.compiled.assemble import At, Call, Const, Each, Make, One, Shape
from graphql_api.compiled.draft import Draft, Draw, NotTaken, made_of
from graphql_api.compiled.names import level
from graphql_api.compiled.nodes import node_shape
from graphql_api.compiled.plan import Chapters, Classes, Columns, Gathered, Listed, Ready, Told
from graphql_api.compiled.selection import Field
from graphql_api.compiled.wanting import WantedRecords
from graphql_api.types.statistics import ROLE_NAMES
from kg.reading.statistics import degrees, degrees_of
from kg.schema import EDGE_KINDS, NODE_BY_LABEL, NODE_KINDS

_COMMA: Final[LiteralString] = ", "
# Counts of one label or type each are kept by the database, so this walks nothing.
_NODES: Final[LiteralString] = _COMMA.join([f"COUNT {{ MATCH (n:{kind.label}) }}" for kind in NODE_KINDS])
_EDGES: Final[LiteralString] = _COMMA.join([f"COUNT {{ MATCH ()-[r:{kind.type}]->() }}" for kind in EDGE_KINDS])


def node_counts(draft: Draft, field: Field, top: Columns) -> Shape:
    """Return the shape of how many nodes of each kind there are."""
    return _counts(draft, field, [kind.label for kind in NODE_KINDS], At(top.at(Ready(f"[{_NODES}]"))))


def edge_counts(draft: Draft, field: Field, top: Columns) -> Shape:
    """Return the shape of how many edges of each kind there are."""
    return _counts(draft, field, [kind.type for kind in EDGE_KINDS], At(top.at(Ready(f"[{_EDGES}]"))))


def _counts(draft: Draft, field: Field, kinds: Sequence[str], counted: Shape) -> Shape:
    return Each(Call(_beside, (Const(kinds), counted)), made_of(draft, field, {"kind": At(0), "number": At(1)}))


def _beside(kinds: Sequence[str], numbers: Sequence[int]) -> list[tuple[str, int]]:
    return list(zip(kinds, numbers, strict=True))


def _statistics(draft: Draft, field: Field, top: Columns) -> Shape:
    made: list[tuple[str, Shape]] = []
    for each in draft.selection.under(field):
        draw = _PARTS.get(each.python_name)
        if each.definition is None:
            made.append((each.key, Const(field.type_name)))
        elif draw is None:
            raise NotTaken(f"{each.name} is read elsewhere")
        else:
            made.append((each.key, draw(draft, each, top)))
    return Make(tuple(made))


def _chapters(draft: Draft, field: Field, top: Columns) -> Shape:
    given = draft.arguments(field, "system")
    place = draft.want(lambda place: WantedRecords(place, given, lambda told: ((told["system"].value,), None)))
    return _grouped(draft, field, top, place, Chapters(), "IcdCode", {"chapter": True, "diseases": False})


def _classes(draft: Draft, field: Field, top: Columns) -> Shape:
    given = draft.arguments(field, "first")
    place = draft.want(lambda place: WantedRecords(place, given, lambda told: ((), checked_first(told["first"]))))
    return _grouped(draft, field, top, place, Classes(), "DrugClass", {"drug_class": True, "drugs": False})


def _grouped(
    draft: Draft,
    field: Field,
    top: Columns,
    place: int,
    source: Chapters | Classes,
    label: str,
    parts: Mapping[str, bool],
) -> Shape:
    """Return the shape of nodes with a number each; `parts` says of each field whether it is the node."""
    row = Columns()
    made: list[tuple[str, Shape]] = []
    for each in draft.selection.under(field):
        if each.definition is None:
            made.append((each.key, Const(field.type_name)))
        elif each.python_name not in parts:
            raise NotTaken(f"{each.name} is read elsewhere")
        elif parts[each.python_name]:
            made.append((each.key, node_shape(draft, each, NODE_BY_LABEL[label], row, level(0, past=False))))
        else:
            made.append((each.key, At(row.at(Told("number")))))
    return Each(At(top.at(Listed(place, source, row.row()))), Make(tuple(made)))


def _degrees(draft: Draft, field: Field, top: Columns) -> Shape:
    role = ROLE_NAMES[draft.arguments(field, "role").fixed["role"].value]
    rows = At(top.at(Gathered(degrees(role).text, ("degree", "nodes"))))
    made: list[tuple[str, Shape]] = []
    for each in draft.selection.under(field):
        match each.python_name:
            case "nodes" | "edges" | "average" | "most" as name:
                made.append((each.key, At(name)))
            case "buckets":
                made.append((each.key, Each(At("buckets"), made_of(draft, each, _BUCKET))))
            case "__typename":
                made.append((each.key, Const(field.type_name)))
            case _:
                raise NotTaken(f"{each.name} is read elsewhere")
    return One(Call(_histogram, (rows,)), Make(tuple(made)))


_BUCKET: Final[Mapping[str, Shape]] = {name: At(name) for name in ("least", "most", "nodes")}


def _histogram(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the histogram of some degrees, alone."""
    found = degrees_of(rows)
    average = round(found.edges / found.nodes, 6) if found.nodes else None
    buckets = [asdict(bucket) for bucket in found.buckets]
    return [{"nodes": found.nodes, "edges": found.edges, "average": average, "most": found.most, "buckets": buckets}]


_PARTS: Final[Mapping[str, Draw]] = {
    "kinds": node_counts,
    "edges": edge_counts,
    "chapters": _chapters,
    "drug_classes": _classes,
    "degrees": _degrees,
}
COUNTS: Final[Mapping[str, Draw]] = {"statistics": _statistics}
