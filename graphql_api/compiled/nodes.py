"""Nodes and what lies around them: their fields, their connections, the edges of those and the evidence behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from graphql_api.arguments.common import constant
from graphql_api.arguments.cursors import cursor_of
from graphql_api.arguments.orders import list_name, node_order, role_order
from graphql_api.compiled import leaves
from graphql_api.compiled.assemble import At, ByKind, Call, Const, Each, Given, Make, One, Shape
from graphql_api.compiled.draft import Draft, NotTaken, given_names, made_of
from graphql_api.compiled.fields import evidence_shape, language_of, names_shape, property_shape, synonyms_shape
from graphql_api.compiled.listing import WantedList
from graphql_api.compiled.names import Level, level
from graphql_api.compiled.plan import Columns, Counted, Label, Listed, NameIn, Nodes, Stored, Summed, Walk
from graphql_api.compiled.selection import Arguments, Field
from kg.reading import Order, Place
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, NODE_KINDS, ROLE_BY_NAME, NodeKind, Role

# Arguments of a list, of which a top field has one more.
LIST_ARGUMENTS: Final = ("first", "after", "last", "before", "where", "order_by")


def node_shape(draft: Draft, parent: Field, kind: NodeKind, columns: Columns, here: Level) -> Make:
    """Return the shape of a node of a kind, whose row has these columns and is named so."""
    return Make(
        tuple(
            (field.key, _node_field(draft, field, kind, columns, here))
            for field in draft.selection.under(parent, kind.label)
        )
    )


def any_node_shape(draft: Draft, parent: Field, columns: Columns, here: Level) -> ByKind:
    """Return the shape of a node whose kind only its row tells."""
    at = columns.at(Label())
    return ByKind(at, {kind.label: node_shape(draft, parent, kind, columns, here) for kind in NODE_KINDS})


def _node_field(draft: Draft, field: Field, kind: NodeKind, columns: Columns, here: Level) -> Shape:
    name = field.python_name
    if field.definition is None:
        return Const(kind.label)
    if name == "kind":
        return Const(constant(kind.label))
    if name == "id":
        return At(columns.at(Stored("id")))
    if name == "xrefs":
        return Call(leaves.several, (At(columns.at(Stored("xrefs"))),))
    if name == "name":
        language = language_of(draft, field)
        assert language is not None, "it has a default"
        return At(columns.at(NameIn(language)))
    if name == "names":
        return names_shape(draft, field, columns)
    if name == "synonyms":
        return synonyms_shape(columns, language_of(draft, field))
    role = ROLE_BY_NAME.get((kind.label, name))
    if role is not None:
        return role_shape(draft, field, role, columns, here)
    return property_shape(field, kind, columns, "node")


def nodes_connection(draft: Draft, field: Field, kind: NodeKind, columns: Columns, *, past: bool) -> Make:
    """Return the shape of a list of all nodes of a kind; `columns` are those of the row that holds it."""
    given = draft.arguments(field, *LIST_ARGUMENTS, "as_of")
    order = node_order(kind, given.fixed["order_by"])
    return _Connection(draft, field, Nodes(kind), order, list_name(order, kind.label), given, level(0, past)).shape(
        columns
    )


def role_shape(draft: Draft, field: Field, role: Role, columns: Columns, here: Level) -> Make:
    """Return the shape of the neighbours of a node by a role; `columns` are those of the node's row."""
    given = draft.arguments(field, *LIST_ARGUMENTS)
    order = role_order(role, given.fixed["order_by"])
    below = level(here.depth + 1, here.state != here.node)
    return _Connection(draft, field, Walk(role), order, list_name(order, role.name), given, below).shape(columns)


class _Connection:
    """One list with its page, its length and its sums."""

    def __init__(
        self,
        draft: Draft,
        field: Field,
        source: Nodes | Walk,
        order: Order,
        name: str,
        given: Arguments,
        level: Level,
    ) -> None:
        self._draft = draft
        self._field = field
        self._source = source
        self._order = order
        self._name = name
        self._level = level
        self._selected = draft.selection.under(field)
        told = given_names(given)
        self._backward = "last" in told
        self._elsewhere = bool(told & {"after", "before"})
        self._more = any(self._asks_for_more(each) for each in self._selected)
        self._place = draft.want(
            lambda place: WantedList(
                place,
                level,
                given,
                source.kind if isinstance(source, Nodes) else source.role,
                name,
                order,
                self._more,
            )
        )
        self._row = Columns()

    def shape(self, columns: Columns) -> Make:
        """Return the shape of all that is selected; lists, lengths and sums become columns of the row above."""
        later = [(each.key, self._part(each, columns)) for each in self._selected]
        # Only now is it known what the rows of the list hold.
        listed = any(callable(part) for _, part in later)
        at = columns.at(Listed(self._place, self._source, self._row.row())) if listed else -1
        rows = self._kept(At(at))
        return Make(tuple((key, part(rows, At(at)) if callable(part) else part) for key, part in later))

    def _kept(self, all_rows: Shape) -> Shape:
        if self._backward:
            return Call(leaves.kept_backward, (all_rows, Given(self._place)))
        return Call(leaves.kept, (all_rows, Given(self._place))) if self._more else all_rows

    def _part(self, field: Field, columns: Columns) -> Shape | Callable[[Shape, Shape], Shape]:
        name = field.python_name
        if field.definition is None:
            return Const(self._field.type_name)
        if name == "nodes":
            item = self._node(field)
            return lambda rows, _: Each(rows, item)
        if name == "edges":
            edge = self._edge(field)
            return lambda rows, _: Each(rows, edge)
        if name == "page_info":
            return self._page_info(field)
        if name == "total_count":
            return At(columns.at(Counted(self._place, self._source)))
        if name == "aggregate":
            return self._aggregate(field, columns)
        raise NotTaken(f"{field.name} is read elsewhere")

    def _node(self, field: Field) -> Make:
        kind = self._source.kind if isinstance(self._source, Nodes) else NODE_BY_LABEL[self._source.role.end]
        return node_shape(self._draft, field, kind, self._row, self._level)

    def _edge(self, field: Field) -> Make:
        return Make(tuple((under.key, self._edge_field(field, under)) for under in self._draft.selection.under(field)))

    def _edge_field(self, parent: Field, field: Field) -> Shape:
        name = field.python_name
        if field.definition is None:
            return Const(parent.type_name)
        if name == "node":
            return self._node(field)
        if name == "cursor":
            return self._cursor()
        if isinstance(self._source, Nodes):
            raise NotTaken(f"{field.name} is read elsewhere")
        if name == "id":
            return At(self._row.at(Stored("id", "edge")))
        if name == "sources":
            return Call(leaves.several, (At(self._row.at(Stored("sources", "edge"))),))
        if name == "evidence":
            return evidence_shape(self._draft, field, self._row)
        return property_shape(field, EDGE_BY_TYPE[self._source.role.edge], self._row, "edge")

    def _cursor(self) -> Shape:
        keys = tuple(At(self._row.at(Stored(key.name, key.side))) for key in self._order.keys)
        name = self._name

        def written(*values: Any) -> str:
            return cursor_of(name, Place(values[:-1], values[-1]))

        return Call(written, keys)

    def _asks_for_more(self, field: Field) -> bool:
        if field.definition is None or field.python_name != "page_info":
            return False
        asked = "has_previous_page" if self._backward else "has_next_page"
        return any(each.python_name == asked for each in self._draft.selection.under(field))

    def _page_info(self, field: Field) -> Callable[[Shape, Shape], Shape]:
        elsewhere = Const(self._elsewhere)
        parts: dict[str, Callable[[Shape, Shape], Shape]] = {}
        for each in self._draft.selection.under(field):
            match each.python_name:
                case "has_next_page":
                    parts[each.key] = self._fixed(elsewhere) if self._backward else self._goes_on
                case "has_previous_page":
                    parts[each.key] = self._goes_on if self._backward else self._fixed(elsewhere)
                case "start_cursor":
                    parts[each.key] = partial(_first, self._cursor())
                case "end_cursor":
                    parts[each.key] = partial(_last, self._cursor())
                case "__typename":
                    parts[each.key] = self._fixed(Const(field.type_name))
                case _:
                    raise NotTaken(f"{each.name} is read elsewhere")
        return lambda rows, read: Make(tuple((key, part(rows, read)) for key, part in parts.items()))

    def _goes_on(self, _: Shape, read: Shape) -> Shape:
        return Call(leaves.goes_on, (read, Given(self._place)))

    @staticmethod
    def _fixed(shape: Shape) -> Callable[[Shape, Shape], Shape]:
        def same(_: Shape, __: Shape) -> Shape:
            return shape

        return same

    def _aggregate(self, field: Field, columns: Columns) -> Shape:
        kind = self._source.kind if isinstance(self._source, Nodes) else EDGE_BY_TYPE[self._source.role.edge]
        numbers = {item.name: item for item in kind.properties if item.numeric}
        selected = self._draft.selection.under(field)
        wanted = tuple(item for name, item in numbers.items() if any(each.python_name == name for each in selected))
        made: list[tuple[str, Shape]] = []
        for each in selected:
            if each.definition is None:
                made.append((each.key, Const(field.type_name)))
            elif each.python_name == "count":
                made.append((each.key, At(0)))
            elif each.python_name in numbers:
                first = 1 + 3 * wanted.index(numbers[each.python_name])
                spread = {
                    name: Call(leaves.number, (At(first + number),))
                    for number, name in enumerate(("average", "minimum", "maximum"))
                }
                made.append((each.key, made_of(self._draft, each, spread)))
            else:
                raise NotTaken(f"{each.name} is read elsewhere")
        return One(At(columns.at(Summed(self._place, self._source, wanted))), Make(tuple(made)))


def _first(cursor: Shape, rows: Shape, _: Shape) -> Shape:
    return One(rows, cursor)


def _last(cursor: Shape, rows: Shape, _: Shape) -> Shape:
    return One(Call(leaves.last, (rows,)), cursor)
