"""The GraphQL types of the graph, made from kg.schema: a new kind, property or role appears here by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import strawberry

from graphql_api.context import GraphInfo
from graphql_api.cursors import cursor_of, place_of
from graphql_api.interfaces import (
    DEFAULT_FIRST,
    After,
    Counter,
    EdgeKind,
    Entity,
    First,
    Kind,
    NumberFilter,
    PageInfo,
    Relation,
    checked_first,
    constant,
    enum_of,
)
from kg import schema
from kg.reading import Condition, Order, Page
from kg.schema import EDGE_BY_TYPE, EDGE_KINDS, NODE_BY_LABEL, NODE_KINDS, ROLES, NodeKind, Property, Role
from kg.subgraph import SubgraphEdge, SubgraphNode

_NUMBERS: Final = ("number", "integer")


def camel(words: str) -> str:
    """Return `side_effects` or HAS_SYMPTOM as a part of a type's name: SideEffects, HasSymptom."""
    return "".join(part.capitalize() for part in words.lower().split("_"))


def snake(label: str) -> str:
    """Return a label as the name of a field in Python: `DrugClass` becomes drug_class."""
    return constant(label).lower()


def plural(word: str) -> str:
    """Return the plural of a kind's name as a field."""
    return f"{word}es" if word.endswith("s") else f"{word}s"


def described(item: Property) -> str:
    """Return what a property means, with its unit."""
    return f"{item.meaning} Unit: {item.unit}." if item.unit else item.meaning


# Choices of properties are enums, named after the kind that has them: TreatsPurpose, DiseaseSex.
CHOICES: Final[dict[tuple[str, str], Any]] = {
    (owner, item.name): enum_of(
        f"{title}{camel(item.name)}", {choice.upper(): choice for choice in item.choices}, item.meaning
    )
    for owner, title, properties in (
        *((kind.label, kind.label, kind.properties) for kind in NODE_KINDS),
        *((kind.type, camel(kind.type), kind.properties) for kind in EDGE_KINDS),
    )
    for item in properties
    if item.type == "choice"
}


def _type_of(owner: str, item: Property) -> Any:
    plain = {"text": str, "number": float, "integer": int}
    return CHOICES[owner, item.name] if item.type == "choice" else plain[item.type]


def _fields(owner: str, properties: Iterable[Property]) -> dict[str, tuple[Any, Any]]:
    """Return annotation and default of each property as an optional field."""
    return {
        item.name: (_type_of(owner, item) | None, strawberry.field(description=described(item), default=None))
        for item in properties
    }


def values_of(owner: str, properties: Iterable[Property], stored: Any) -> dict[str, Any]:
    """Return the stored properties as GraphQL gives them out."""
    return {
        item.name: CHOICES[owner, item.name](stored[item.name]) if item.type == "choice" else stored[item.name]
        for item in properties
        if stored.get(item.name) is not None
    }


def made(name: str, bases: tuple[type, ...], fields: dict[str, tuple[Any, Any]], methods: dict[str, Any]) -> type:
    """Return a bare class with these fields (annotation, default) and methods, for Strawberry to decorate later."""
    defaults = {key: default for key, (_, default) in fields.items() if default is not None}
    annotations = {key: annotation for key, (annotation, _) in fields.items()}
    return type(name, bases, {"__annotations__": annotations, "__module__": __name__, **defaults, **methods})


# The classes stand before their fields, because the kinds refer to one another.
ENTITIES: Final[dict[str, Any]] = {
    kind.label: made(kind.label, (Entity,), _fields(kind.label, kind.properties), {}) for kind in NODE_KINDS
}


def entity_of(node: SubgraphNode) -> Entity:
    """Return the GraphQL value of a node."""
    properties = values_of(node.kind, NODE_BY_LABEL[node.kind].properties, node.properties)
    return ENTITIES[node.kind](
        id=strawberry.ID(node.id), kind=Kind(node.kind), xrefs=list(node.xrefs), record=node, **properties
    )


def _filter_type(name: str, owner: str, properties: Sequence[Property], meaning: str) -> Any:
    """Return an input with one field for each property, or None when there is no property."""
    if not properties:
        return None
    fields: dict[str, tuple[Any, Any]] = {}
    for item in properties:
        wanted: Any = NumberFilter if item.type in _NUMBERS else str
        if item.type == "choice":
            wanted = list[CHOICES[owner, item.name]]
        fields[item.name] = (wanted | None, strawberry.field(description=described(item), default=None))
    return strawberry.input(made(name, (), fields, {}), description=meaning)


def conditions_of(properties: Sequence[Property], where: Any) -> tuple[Condition, ...]:
    """Return the conditions that a filter asks for."""
    conditions: list[Condition] = []
    for item in properties:
        wanted = getattr(where, item.name, None)
        if wanted is None:
            continue
        if isinstance(wanted, NumberFilter):
            if wanted.at_least is not None:
                conditions.append(Condition(item, "at_least", wanted.at_least))
            if wanted.at_most is not None:
                conditions.append(Condition(item, "at_most", wanted.at_most))
        elif isinstance(wanted, list):
            conditions.append(Condition(item, "one_of", tuple(choice.value for choice in wanted)))
        else:
            conditions.append(Condition(item, "equals", wanted))
    return tuple(conditions)


NODE_FILTERS: Final[dict[str, Any]] = {
    kind.label: _filter_type(
        f"{kind.label}Filter", kind.label, kind.properties, f"Which {plural(kind.label)} are meant."
    )
    for kind in NODE_KINDS
}
EDGE_FILTERS: Final[dict[str, Any]] = {
    kind.type: _filter_type(
        f"{camel(kind.type)}Filter", kind.type, kind.properties, f"Which {kind.type} edges are meant."
    )
    for kind in EDGE_KINDS
}


def _order_type(kind: NodeKind) -> Any:
    words = {"NAME": "name", "NAME_DESC": "-name", "ID": "id", "ID_DESC": "-id"}
    # By a number the largest come first and those without it last.
    words |= {f"{item.name.upper()}_DESC": f"-{item.name}" for item in kind.properties if item.type in _NUMBERS}
    return enum_of(f"{kind.label}Order", words, f"How {plural(kind.label)} are sorted; ties are settled by id.")


ORDERS: Final[dict[str, Any]] = {kind.label: _order_type(kind) for kind in NODE_KINDS}


def order_of(kind: NodeKind, word: str) -> Order:
    """Return the order that a constant such as `-prior` stands for."""
    name = word.removeprefix("-")
    if name == "name":
        return Order("name", descending=word.startswith("-"))
    if name == "id":
        return Order("id", descending=word.startswith("-"))
    return Order(next(item for item in kind.properties if item.name == name), descending=True)


def _connection_type(name: str, edge: Any, node: Any, meaning: str) -> Any:
    def nodes(self: Any) -> Any:
        return [item.node for item in self.edges]

    async def total_count(self: Any, info: GraphInfo) -> int:
        return await self.counter(info)

    fields = {
        "edges": (list[edge], None),
        "page_info": (PageInfo, None),
        "counter": (strawberry.Private[Counter], None),
    }
    methods = {
        "nodes": strawberry.field(nodes, graphql_type=list[node], description="The nodes alone."),
        "total_count": strawberry.field(total_count, description="Size of the whole list; counted only when selected."),
    }
    return strawberry.type(made(name, (), fields, methods), description=meaning)


def _node_edge_type(kind: NodeKind) -> Any:
    fields = {"cursor": (str, None), "node": (ENTITIES[kind.label], None)}
    return strawberry.type(
        made(f"{kind.label}Edge", (), fields, {}), description=f"A {kind.label} at its place in a list."
    )


NODE_EDGES: Final[dict[str, Any]] = {kind.label: _node_edge_type(kind) for kind in NODE_KINDS}
NODE_CONNECTIONS: Final[dict[str, Any]] = {
    kind.label: _connection_type(
        f"{kind.label}Connection", NODE_EDGES[kind.label], ENTITIES[kind.label], f"A page of {plural(kind.label)}."
    )
    for kind in NODE_KINDS
}


def _role_title(role: Role) -> str:
    return f"{role.start}{camel(role.name)}"


def _role_edge_type(role: Role) -> Any:
    kind = EDGE_BY_TYPE[role.edge]
    fields: dict[str, tuple[Any, Any]] = {
        "cursor": (str, None),
        "node": (ENTITIES[role.end], None),
        **_fields(kind.type, kind.properties),
    }
    return strawberry.type(made(f"{_role_title(role)}Edge", (Relation,), fields, {}), description=kind.meaning)


ROLE_EDGES: Final[dict[Role, Any]] = {role: _role_edge_type(role) for role in ROLES}
ROLE_CONNECTIONS: Final[dict[Role, Any]] = {
    role: _connection_type(
        f"{_role_title(role)}Connection",
        ROLE_EDGES[role],
        ENTITIES[role.end],
        f"A page of {EDGE_BY_TYPE[role.edge].type} edges.",
    )
    for role in ROLES
}


def page_info(page: Page[Any], cursors: Sequence[str], after: str | None) -> PageInfo:
    """Return where a page lies; what comes before it is told from the cursor, and no statement is spent on it."""
    return PageInfo(
        has_next_page=page.more,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def _role_resolver(role: Role) -> Callable[..., Any]:
    kind = EDGE_BY_TYPE[role.edge]
    edge_type, connection = ROLE_EDGES[role], ROLE_CONNECTIONS[role]

    async def read(self: Entity, info: GraphInfo, first: int, after: str | None, where: Any) -> Any:
        conditions = conditions_of(kind.properties, where)
        loaders = info.context.loaders
        page = await loaders.neighbours(
            role, self.id, checked_first(first), place_of(f"-{role.name}", after), conditions
        )
        cursors = [cursor_of(f"-{role.name}", place) for place in page.places]
        edges = [
            edge_type(
                id=item.edge.id,
                sources=list(item.edge.sources),
                cursor=cursor,
                node=entity_of(item.node),
                **values_of(kind.type, kind.properties, item.edge.properties),
            )
            for item, cursor in zip(page.items, cursors, strict=True)
        ]

        async def counter(info: GraphInfo) -> int:
            return await info.context.loaders.degree(role, self.id, conditions)

        return connection(edges=edges, page_info=page_info(page, cursors, after), counter=counter)

    async def plain(self: Any, info: GraphInfo, first: First = DEFAULT_FIRST, after: After = None) -> Any:
        return await read(self, info, first, after, None)

    async def filtered(
        self: Any, info: GraphInfo, first: First = DEFAULT_FIRST, after: After = None, where: Any = None
    ) -> Any:
        return await read(self, info, first, after, where)

    wanted = EDGE_FILTERS[role.edge]
    if wanted is None:
        return plain
    filtered.__annotations__["where"] = wanted | None
    return filtered


def _role_description(role: Role) -> str:
    kind = EDGE_BY_TYPE[role.edge]
    ranked = f" Strongest first, by {kind.rank}." if kind.rank else " By id."
    return f"{kind.meaning}{ranked}"


for _kind in NODE_KINDS:
    for _role in schema.roles_of(_kind.label):
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
            name: (_type_of(owner, item) | None, strawberry.field(description=described(item), default=None))
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
                name: (_type_of(owner, item) | None, strawberry.field(description=described(item), default=None))
                for name, (owner, item) in EDGE_PROPERTIES.items()
            },
        },
        {},
    ),
    description="An edge of an answer, with the properties that its kind has.",
)


def any_edge_of(edge: SubgraphEdge) -> Any:
    """Return the GraphQL value of an edge of an answer."""
    return AnyEdge(
        id=strawberry.ID(edge.id),
        kind=EdgeKind(edge.kind),
        start=strawberry.ID(edge.start),
        end=strawberry.ID(edge.end),
        sources=list(edge.sources),
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
