"""Constants of `orderBy` stand for orders, for every kind and every role."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.arguments.orders import NODE_ORDERS, ROLE_ORDERS, list_name, node_order, role_order
from graphql_api.problems import ApiError
from kg.reading.order import sorted_by, strongest
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, NODE_KINDS, ROLE_BY_NAME, ROLES

DISEASE = NODE_BY_LABEL["Disease"]
ORDERS = NODE_ORDERS["Disease"]


@pytest.mark.parametrize("kind", NODE_KINDS, ids=lambda kind: kind.label)
def test_a_kind_is_sorted_by_name_id_and_each_property_both_ways(kind: Any) -> None:
    for name in ("name", "id", *(item.name for item in kind.properties)):
        up, down = (NODE_ORDERS[kind.label][f"{name.upper()}{end}"] for end in ("", "_DESC"))
        assert node_order(kind, [up]).keys[0].name == name
        assert not node_order(kind, [up]).keys[0].descending
        assert node_order(kind, [down]).keys[0].descending


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role.start}.{role.name}")
def test_neighbours_are_sorted_by_strength_and_by_properties_of_the_edge(role: Any) -> None:
    orders = ROLE_ORDERS[role]
    assert role_order(role, [orders.STRONGEST]) == strongest(role)
    for item in EDGE_BY_TYPE[role.edge].properties:
        key = role_order(role, [orders[f"{item.name.upper()}_DESC"]]).keys[0]
        assert (key.name, key.side, key.descending, key.numeric) == (item.name, "edge", True, item.numeric)
    assert role_order(role, [orders.NAME]).keys[0].side == "node"


def test_several_constants_sort_one_after_the_other() -> None:
    order = node_order(DISEASE, [ORDERS.PRIOR_DESC, ORDERS.NAME])
    assert [key.name for key in order.keys] == ["prior", "name", "id"]
    assert list_name(order, "Disease") == "Disease -prior name id"


def test_without_a_constant_a_list_is_sorted_by_id() -> None:
    assert node_order(DISEASE, []) == sorted_by()


def test_strength_and_a_name_together_are_one_order() -> None:
    role = ROLE_BY_NAME["Disease", "symptoms"]
    orders = ROLE_ORDERS[role]
    assert [key.name for key in role_order(role, [orders.STRONGEST, orders.NAME]).keys] == ["weight", "name", "id"]


def test_more_than_four_constants_are_refused() -> None:
    with pytest.raises(ApiError):
        node_order(DISEASE, [ORDERS.NAME] * 5)
