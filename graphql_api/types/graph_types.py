"""The GraphQL types of the graph, made from kg.schema: a new kind, property or role appears here by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import strawberry

from graphql_api.arguments.common import After, Before, EdgeKind, First, Kind, Last
from graphql_api.arguments.conditions import neighbours_where
from graphql_api.arguments.cursors import cursor_of
from graphql_api.arguments.filters import ROLE_MATCHES
from graphql_api.arguments.naming import (
    camel,
    described,
    made,
    plural,
    property_fields,
    role_title,
    snake,
    type_of,
    values_of,
)
from graphql_api.arguments.orders import ROLE_ORDERS, list_name, role_order
from graphql_api.context import GraphInfo
from graphql_api.types.interfaces import Entity, Relation
from graphql_api.types.pages import aggregate_type, connection_type, page_info, window_of
from kg.reading import Neighbour, Step
from kg.schema import EDGE_BY_TYPE, EDGE_KINDS, NODE_BY_LABEL, NODE_KINDS, ROLES, NodeKind, Property, Role, roles_of
from kg.subgraph import SubgraphEdge, SubgraphNode

__all__ = [
    "EDGE_PROPERTIES",
    "ENTITIES",
    "NODE_CONNECTIONS",
    "NODE_EDGES",
    "AnyEdge",
    "EdgeProperties",
    "any_edge_of",
    "claims_of",
    "entity_of",
    "made",
    "plural",
    "snake",
]

# The classes stand before their fields, because the kinds refer to one another.
ENTITIES: Final[dict[str, Any]] = {
    kind.label: made(kind.label, (Entity,), property_fields(kind.label, kind.properties), {}) for kind in NODE_KINDS
}


def entity_of(node: SubgraphNode, moment: int | None = None) -> Entity:
    """Return the GraphQL value of a node; `moment` as in kg.reading.Reader holds for all that is read from it."""
    properties = values_of(node.kind, NODE_BY_LABEL[node.kind].properties, node.properties)
    return ENTITIES[node.kind](
        id=strawberry.ID(node.id),
        kind=Kind(node.kind),
        xrefs=list(node.xrefs),
        record=node,
        moment=moment,
        **properties,
    )


def _node_edge_type(kind: NodeKind) -> Any:
    fields = {"cursor": (str, None), "node": (ENTITIES[kind.label], None)}
    return strawberry.type(
        made(f"{kind.label}Edge", (), fields, {}), description=f"A {kind.label} at its place in a list."
    )


NODE_EDGES: Final[dict[str, Any]] = {kind.label: _node_edge_type(kind) for kind in NODE_KINDS}
NODE_CONNECTIONS: Final[dict[str, Any]] = {
    kind.label: connection_type(
        f"{kind.label}Connection",
        NODE_EDGES[kind.label],
        ENTITIES[kind.label],
        aggregate_type(kind.label, kind.properties, plural(kind.label)),
        f"A page of {plural(kind.label)}.",
    )
    for kind in NODE_KINDS
}


def _role_edge_type(role: Role) -> Any:
    kind = EDGE_BY_TYPE[role.edge]
    fields: dict[str, tuple[Any, Any]] = {
        "cursor": (str, None),
        "node": (ENTITIES[role.end], None),
        **property_fields(kind.type, kind.properties),
    }
    return strawberry.type(made(f"{role_title(role)}Edge", (Relation,), fields, {}), description=kind.meaning)


_EDGE_AGGREGATES: Final[dict[str, Any]] = {
    kind.type: aggregate_type(camel(kind.type), kind.properties, f"{kind.type} edges") for kind in EDGE_KINDS
}
ROLE_EDGES: Final[dict[Role, Any]] = {role: _role_edge_type(role) for role in ROLES}
ROLE_CONNECTIONS: Final[dict[Role, Any]] = {
    role: connection_type(
        f"{role_title(role)}Connection",
        ROLE_EDGES[role],
        ENTITIES[role.end],
        _EDGE_AGGREGATES[role.edge],
        f"A page of {role.edge} edges.",
    )
    for role in ROLES
}


def _role_edge(role: Role, item: Neighbour, cursor: str, moment: int | None) -> Any:
    return ROLE_EDGES[role](
        id=strawberry.ID(item.edge.id),
        sources=list(item.edge.sources),
        moment=moment,
        cursor=cursor,
        node=entity_of(item.node, moment),
        **values_of(role.edge, EDGE_BY_TYPE[role.edge].properties, item.edge.properties),
    )


def _role_resolver(role: Role) -> Callable[..., Any]:
    async def read(
        self: Entity,
        info: GraphInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Any = None,
        order_by: Any = (ROLE_ORDERS[role].STRONGEST,),
    ) -> Any:
        node, edge = neighbours_where(role, where)
        step = Step(role, node, edge, self.moment)
        order = role_order(role, order_by)
        name = list_name(order, role.name)
        window = window_of(name, order, first, after, last, before)
        page = await info.context.loaders.neighbours(step, self.id, window, order)
        cursors = [cursor_of(name, place) for place in page.places]
        return ROLE_CONNECTIONS[role](
            edges=[
                _role_edge(role, item, cursor, self.moment) for item, cursor in zip(page.items, cursors, strict=True)
            ],
            page_info=page_info(page, cursors),
            counter=partial(info.context.loaders.degree, step, self.id),
            summarizer=partial(info.context.loaders.summary, step, self.id),
        )

    read.__annotations__["where"] = ROLE_MATCHES[role] | None
    read.__annotations__["order_by"] = list[ROLE_ORDERS[role]]
    return read


def _role_description(role: Role) -> str:
    kind = EDGE_BY_TYPE[role.edge]
    ranked = f" Strongest first, by {kind.rank}." if kind.rank else " By id."
    return f"{kind.meaning}{ranked}"


for _kind in NODE_KINDS:
    for _role in roles_of(_kind.label):
        _made = strawberry.field(
            _role_resolver(_role), graphql_type=ROLE_CONNECTIONS[_role], description=_role_description(_role)
        )
        setattr(ENTITIES[_kind.label], _role.name, _made)
    strawberry.type(ENTITIES[_kind.label], description=_kind.meaning)


# All properties of all edges, for answers and proposals in which the kind of edge is not known beforehand.
EDGE_PROPERTIES: Final[dict[str, tuple[str, Property]]] = {
    item.name: (kind.type, item) for kind in EDGE_KINDS for item in kind.properties
}

EdgeProperties: Any = strawberry.input(
    made(
        "EdgeProperties",
        (),
        {
            name: (type_of(owner, item) | None, strawberry.field(description=described(item), default=None))
            for name, (owner, item) in EDGE_PROPERTIES.items()
        },
        {},
    ),
    description="Properties of an edge; which of them fit follows from its kind.",
)

AnyEdge: Any = strawberry.type(
    made(
        "SubgraphEdge",
        (Relation,),
        {
            "kind": (EdgeKind, None),
            "start": (strawberry.ID, None),
            "end": (strawberry.ID, None),
            **{
                name: (type_of(owner, item) | None, strawberry.field(description=described(item), default=None))
                for name, (owner, item) in EDGE_PROPERTIES.items()
            },
        },
        {},
    ),
    description="An edge of an answer, with the properties that its kind has.",
)


def any_edge_of(edge: SubgraphEdge, moment: int | None = None) -> Any:
    """Return the GraphQL value of an edge of any kind."""
    return AnyEdge(
        id=strawberry.ID(edge.id),
        kind=EdgeKind(edge.kind),
        start=strawberry.ID(edge.start),
        end=strawberry.ID(edge.end),
        sources=list(edge.sources),
        moment=moment,
        **values_of(edge.kind, EDGE_BY_TYPE[edge.kind].properties, edge.properties),
    )


def claims_of(properties: Any) -> dict[str, Any]:
    """Return the properties of a proposed edge as evidence claims them."""
    claims: dict[str, Any] = {}
    for name, (_, item) in EDGE_PROPERTIES.items():
        value = getattr(properties, name, None)
        if value is not None:
            claims[name] = value.value if item.type == "choice" else value
    return claims
