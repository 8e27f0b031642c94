"""The constants by which lists are sorted, made from kg.schema, and the orders that they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from graphql_api.arguments.common import enum_of
from graphql_api.arguments.naming import plural, role_title
from graphql_api.problems import BAD_USER_INPUT, ApiError
from kg.reading.order import ID, NAME, Key, Order, sorted_by, strongest
from kg.schema import EDGE_BY_TYPE, NODE_KINDS, ROLES, NodeKind, Property, Role

# A longer order settles nothing more, and each one is a plan of its own in the database.
_MOST: Final = 4
_STRONGEST: Final = "strongest"


def _both_ways(names: Sequence[str]) -> dict[str, str]:
    return {
        f"{name.upper()}{constant}": f"{sign}{name}" for name in names for constant, sign in (("", ""), ("_DESC", "-"))
    }


def _node_orders(kind: NodeKind) -> Any:
    return enum_of(
        f"{kind.label}Order",
        _both_ways(["name", "id", *(item.name for item in kind.properties)]),
        f"How {plural(kind.label)} are sorted; without a value last, ties by id.",
    )


def _role_orders(role: Role) -> Any:
    properties = EDGE_BY_TYPE[role.edge].properties
    return enum_of(
        f"{role_title(role)}Order",
        {_STRONGEST.upper(): _STRONGEST, **_both_ways(["name", "id", *(item.name for item in properties)])},
        "How neighbours are sorted: by the edge's rank, the neighbour's name or id, or a property of the edge; "
        "without a value last, ties by id.",
    )


NODE_ORDERS: Final[dict[str, Any]] = {kind.label: _node_orders(kind) for kind in NODE_KINDS}
ROLE_ORDERS: Final[dict[Role, Any]] = {role: _role_orders(role) for role in ROLES}


def node_order(kind: NodeKind, constants: Sequence[Any]) -> Order:
    """Return the order that these constants stand for, the first one first; raises ApiError for too many."""
    return sorted_by(*(_key(constant.value, kind.properties, "node") for constant in _few(constants)))


def role_order(role: Role, constants: Sequence[Any]) -> Order:
    """Return the order of neighbours that these constants stand for; raises ApiError for too many."""
    keys: list[Key] = []
    for constant in _few(constants):
        if constant.value == _STRONGEST:
            keys.extend(key for key in strongest(role).keys if key.name != "id")
        else:
            keys.append(_key(constant.value, EDGE_BY_TYPE[role.edge].properties, "edge"))
    return sorted_by(*keys)


def list_name(order: Order, of: str) -> str:
    """Return the name under which cursors of a list are made: what it is a list of, and how it is sorted."""
    return " ".join((of, *(f"{'-' if key.descending else ''}{key.name}" for key in order.keys)))


def _few(constants: Sequence[Any]) -> Sequence[Any]:
    if len(constants) > _MOST:
        raise ApiError(BAD_USER_INPUT, f"`orderBy` has {len(constants)} keys; {_MOST} are allowed.")
    return constants


def _key(word: str, properties: Sequence[Property], side: Any) -> Key:
    name, down = word.removeprefix("-"), word.startswith("-")
    if name in ("name", "id"):
        return replace(NAME if name == "name" else ID, descending=down)
    item = next(item for item in properties if item.name == name)
    return Key(item.name, side, descending=down, numeric=item.numeric)
