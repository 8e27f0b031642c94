"""The queries: one of each kind, pages of each kind, edges, evidence, search; and those of the other modules."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final

import strawberry

from graphql_api.access.holders import key_holders
from graphql_api.access.keys import Role
from graphql_api.access.locks import locked
from graphql_api.arguments.common import (
    DEFAULT_FIRST,
    MAX_FIRST,
    After,
    AsOf,
    Before,
    Few,
    First,
    Language,
    Last,
    checked_first,
)
from graphql_api.arguments.conditions import nodes_where
from graphql_api.arguments.cursors import cursor_of
from graphql_api.arguments.filters import NODE_FILTERS
from graphql_api.arguments.orders import NODE_ORDERS, list_name, node_order
from graphql_api.context import GraphInfo
from graphql_api.jobs.fields import JOB_QUERIES, is_job, job_of
from graphql_api.problems import BAD_USER_INPUT, ApiError
from graphql_api.types.answers import KindList, SearchHit
from graphql_api.types.graph_types import (
    ENTITIES,
    NODE_CONNECTIONS,
    NODE_EDGES,
    AnyEdge,
    any_edge_of,
    entity_of,
    made,
    plural,
    snake,
)
from graphql_api.types.history import HISTORY_QUERIES
from graphql_api.types.interfaces import Evidence, Node
from graphql_api.types.meaning import MEANING_QUERIES
from graphql_api.types.pages import page_info, window_of
from graphql_api.types.questions import QUESTION_QUERIES
from graphql_api.types.statistics import STATISTICS_QUERIES
from kg.reading import NodeList
from kg.reading.lucene import codes_for
from kg.schema import NODE_KINDS, NodeKind

# An edge has a few items of evidence; this only keeps the reader's own bound away.
MAX_EVIDENCE: Final = 10_000

Id = Annotated[strawberry.ID | None, strawberry.argument(description="Its id, for instance DOID:2841.")]
Name = Annotated[
    str | None, strawberry.argument(description="Its name or synonym, in any language; case does not matter.")
]
Code = Annotated[
    str | None,
    strawberry.argument(description="Its code, J20 or ICD10CM:J20; without a system WHO's ICD-10 goes first."),
]


def exactly_one(**given: str | None) -> tuple[str, str]:
    """Return the name and value of the one argument that was given; raise ApiError for none or several."""
    present = [(name, value) for name, value in given.items() if value is not None]
    if len(present) != 1:
        words = ", ".join(f"`{name}`" for name in given)
        raise ApiError(BAD_USER_INPUT, f"Give exactly one of {words}.")
    return present[0]


def _single(kind: NodeKind) -> Callable[..., Any]:
    async def by_id_or_name(info: GraphInfo, id: Id = None, name: Name = None, as_of: AsOf = None) -> Any:
        word, value = exactly_one(id=id, name=name)
        return await _found(info, kind, word, value, as_of)

    async def by_id_name_or_code(
        info: GraphInfo, id: Id = None, name: Name = None, icd10: Code = None, as_of: AsOf = None
    ) -> Any:
        word, value = exactly_one(id=id, name=name, icd10=icd10)
        return await _found(info, kind, word, value, as_of)

    return by_id_name_or_code if kind.label == "Disease" else by_id_or_name


async def _found(info: GraphInfo, kind: NodeKind, word: str, value: str, as_of: str | None) -> Any:
    reader = info.context.graph.reader
    if word == "icd10" and not codes_for(value):
        raise ApiError(
            BAD_USER_INPUT, f"{value[:40]!r} is not a code of ICD-10.", hint="Write it as J20 or ICD10CM:J20."
        )
    moment = await info.context.loaders.moment(as_of)
    if word == "icd10":
        node = await reader.by_code(value, moment)
    elif word == "name":
        node = await reader.by_name(kind.label, value, moment=moment)
    else:
        node = await reader.node(value, moment)
    return entity_of(node, moment) if node is not None and node.kind == kind.label else None


def _listed(kind: NodeKind) -> Callable[..., Any]:
    async def read(
        info: GraphInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Any = None,
        order_by: Any = (NODE_ORDERS[kind.label].NAME,),
        as_of: AsOf = None,
    ) -> Any:
        condition = nodes_where(kind, where)
        order = node_order(kind, order_by)
        name = list_name(order, kind.label)
        window = window_of(name, order, first, after, last, before)
        moment = await info.context.loaders.moment(as_of)
        reader = info.context.graph.reader
        wanted = NodeList(kind, condition, moment)
        page = await reader.page(wanted, window, order)
        cursors = [cursor_of(name, place) for place in page.places]
        return NODE_CONNECTIONS[kind.label](
            edges=[
                NODE_EDGES[kind.label](cursor=cursor, node=entity_of(node, moment))
                for node, cursor in zip(page.items, cursors, strict=True)
            ],
            page_info=page_info(page, cursors),
            counter=partial(reader.count, wanted),
            summarizer=partial(reader.summary, wanted),
        )

    read.__annotations__["where"] = NODE_FILTERS[kind.label] | None
    read.__annotations__["order_by"] = list[NODE_ORDERS[kind.label]]
    return read


async def _node(info: GraphInfo, id: strawberry.ID, as_of: AsOf = None) -> Node | None:
    if is_job(id):
        return job_of(info, id)
    moment = await info.context.loaders.moment(as_of)
    found = await info.context.graph.reader.node(id, moment)
    return None if found is None else entity_of(found, moment)


async def _nodes(info: GraphInfo, ids: list[strawberry.ID], as_of: AsOf = None) -> list[Node | None]:
    if len(ids) > MAX_FIRST:
        raise ApiError(BAD_USER_INPUT, f"There are {len(ids)} ids; {MAX_FIRST} are allowed.")
    moment = await info.context.loaders.moment(as_of)
    found = await info.context.graph.reader.nodes([node_id for node_id in ids if not is_job(node_id)], moment)
    nodes: dict[str, Node | None] = {node_id: entity_of(node, moment) for node_id, node in found.items()}
    nodes |= {node_id: job_of(info, node_id) for node_id in ids if is_job(node_id)}
    return [nodes.get(node_id) for node_id in ids]


async def _search(
    info: GraphInfo, text: str, kinds: KindList = None, language: Language | None = None, first: Few = DEFAULT_FIRST
) -> list[SearchHit]:
    hits = await info.context.graph.reader.search(
        text,
        kinds=[kind.value for kind in kinds or ()],
        language=None if language is None else language.value,
        limit=checked_first(first),
    )
    return [SearchHit.of(hit) for hit in hits]


async def _edge(info: GraphInfo, id: strawberry.ID, as_of: AsOf = None) -> Any:
    moment = await info.context.loaders.moment(as_of)
    found = (await info.context.graph.reader.edges([id], moment)).get(id)
    return None if found is None else any_edge_of(found, moment)


async def _evidence(info: GraphInfo, edge: strawberry.ID, id: strawberry.ID, as_of: AsOf = None) -> Evidence | None:
    moment = await info.context.loaders.moment(as_of)
    (items,) = (await info.context.graph.reader.evidence([edge], MAX_EVIDENCE, moment)).values()
    return next((Evidence.of(item) for item in items if item.id == id), None)


def _fields() -> dict[str, Any]:
    fields: dict[str, Any] = {
        "node": locked(Role.VIEWER, _node, description="The node of that id."),
        "nodes": locked(Role.VIEWER, _nodes, description="The nodes of these ids in their order, null for none."),
    }
    for kind in NODE_KINDS:
        one = snake(kind.label)
        fields[one] = locked(
            Role.VIEWER, _single(kind), graphql_type=ENTITIES[kind.label] | None, description=f"One of: {kind.meaning}"
        )
        fields[plural(one)] = locked(
            Role.VIEWER,
            _listed(kind),
            graphql_type=NODE_CONNECTIONS[kind.label],
            description=f"Many of: {kind.meaning}",
        )
    fields |= {
        "search": locked(
            Role.VIEWER, _search, description="Nodes found by words, beginnings and misspelt words, best first."
        ),
        "edge": locked(Role.VIEWER, _edge, description="The edge of that id.", graphql_type=AnyEdge | None),
        "evidence": locked(Role.VIEWER, _evidence, description="An item of the evidence behind an edge."),
        "key_holders": locked(Role.ADMIN, key_holders, description="Who holds an API key, and what it allows."),
    }
    return fields | MEANING_QUERIES | QUESTION_QUERIES | STATISTICS_QUERIES | HISTORY_QUERIES | JOB_QUERIES


Query: Any = strawberry.type(made("Query", (), {}, _fields()), description="What can be read.")
