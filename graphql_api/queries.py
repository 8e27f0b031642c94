"""The queries: one of each kind, pages of each kind, search, questions, history and proposals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import strawberry

from graphql_api.access import locked
from graphql_api.answers import (
    ChangeSet,
    Count,
    GraphState,
    KindList,
    Proposal,
    QueryProblem,
    SearchHit,
    Subgraph,
    SubgraphResult,
)
from graphql_api.context import GraphInfo
from graphql_api.cursors import cursor_of, place_of
from graphql_api.graph_types import (
    ENTITIES,
    NODE_CONNECTIONS,
    NODE_EDGES,
    NODE_FILTERS,
    ORDERS,
    conditions_of,
    entity_of,
    made,
    order_of,
    page_info,
    plural,
    snake,
)
from graphql_api.interfaces import DEFAULT_FIRST, MAX_FIRST, After, First, Language, Node, checked_first
from graphql_api.keys import Role
from graphql_api.problems import BAD_USER_INPUT, ApiError
from kg.curation.steps import State
from kg.errors import ProposalNotFound, QueryError
from kg.reading.lucene import codes_for
from kg.schema import EDGE_KINDS, NODE_KINDS, NodeKind

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
    async def by_id_or_name(info: GraphInfo, id: Id = None, name: Name = None) -> Any:
        word, value = exactly_one(id=id, name=name)
        return await _found(info, kind, word, value)

    async def by_id_name_or_code(info: GraphInfo, id: Id = None, name: Name = None, icd10: Code = None) -> Any:
        word, value = exactly_one(id=id, name=name, icd10=icd10)
        return await _found(info, kind, word, value)

    return by_id_name_or_code if kind.label == "Disease" else by_id_or_name


async def _found(info: GraphInfo, kind: NodeKind, word: str, value: str) -> Any:
    reader = info.context.graph.reader
    if word == "icd10":
        if not codes_for(value):
            raise ApiError(
                BAD_USER_INPUT, f"{value[:40]!r} is not a code of ICD-10.", hint="Write it as J20 or ICD10CM:J20."
            )
        node = await reader.by_code(value)
    elif word == "name":
        node = await reader.by_name(kind.label, value)
    else:
        node = await reader.node(value)
    return entity_of(node) if node is not None and node.kind == kind.label else None


def _listed(kind: NodeKind) -> Callable[..., Any]:
    orders = ORDERS[kind.label]

    async def read(info: GraphInfo, first: int, after: str | None, where: Any, order_by: Any) -> Any:
        conditions = conditions_of(kind.properties, where)
        word = order_by.value
        page = await info.context.graph.reader.page(
            kind.label, checked_first(first), place_of(word, after), conditions, order_of(kind, word)
        )
        cursors = [cursor_of(word, place) for place in page.places]

        async def counter(info: GraphInfo) -> int:
            return await info.context.graph.reader.count(kind.label, conditions)

        edge_type = NODE_EDGES[kind.label]
        edges = [
            edge_type(cursor=cursor, node=entity_of(node)) for node, cursor in zip(page.items, cursors, strict=True)
        ]
        return NODE_CONNECTIONS[kind.label](edges=edges, page_info=page_info(page, cursors, after), counter=counter)

    async def plain(
        info: GraphInfo, first: First = DEFAULT_FIRST, after: After = None, order_by: Any = orders.NAME
    ) -> Any:
        return await read(info, first, after, None, order_by)

    async def filtered(
        info: GraphInfo,
        first: First = DEFAULT_FIRST,
        after: After = None,
        where: Any = None,
        order_by: Any = orders.NAME,
    ) -> Any:
        return await read(info, first, after, where, order_by)

    wanted = NODE_FILTERS[kind.label]
    chosen = plain if wanted is None else filtered
    chosen.__annotations__["order_by"] = orders
    if wanted is not None:
        chosen.__annotations__["where"] = wanted | None
    return chosen


async def _node(info: GraphInfo, id: strawberry.ID) -> Node | None:
    found = await info.context.graph.reader.node(id)
    return None if found is None else entity_of(found)


async def _nodes(info: GraphInfo, ids: list[strawberry.ID]) -> list[Node | None]:
    if len(ids) > MAX_FIRST:
        raise ApiError(BAD_USER_INPUT, f"There are {len(ids)} ids; {MAX_FIRST} are allowed.")
    found = await info.context.graph.reader.nodes(ids)
    return [entity_of(found[node_id]) if node_id in found else None for node_id in ids]


async def _search(
    info: GraphInfo, text: str, kinds: KindList = None, language: Language | None = None, first: First = DEFAULT_FIRST
) -> list[SearchHit]:
    hits = await info.context.graph.reader.search(
        text,
        kinds=[kind.value for kind in kinds or ()],
        language=None if language is None else language.value,
        limit=checked_first(first),
    )
    return [SearchHit.of(hit) for hit in hits]


async def _subgraph(info: GraphInfo, question: str) -> SubgraphResult:
    try:
        return Subgraph.of(await info.context.graph.subgraph(question))
    except QueryError as error:
        return QueryProblem.of(error)


async def _graph(info: GraphInfo) -> GraphState:
    position = await info.context.graph.ledger.position()
    counts = await info.context.graph.reader.counts()
    return GraphState(
        release=position["head"],
        change_sets=position["seq"],
        nodes=[Count(kind=kind.label, number=counts[kind.label]) for kind in NODE_KINDS],
        edges=[Count(kind=kind.type, number=counts[kind.type]) for kind in EDGE_KINDS],
    )


Before = Annotated[int | None, strawberry.argument(description="Only those with a smaller `seq`, to page backwards.")]


async def _change_sets(info: GraphInfo, first: First = DEFAULT_FIRST, before: Before = None) -> list[ChangeSet]:
    limit = checked_first(first)
    ledger = info.context.graph.ledger
    rows: Sequence[Any] = await (ledger.change_sets(limit) if before is None else ledger.change_sets(limit, before))
    return [ChangeSet.of(row) for row in rows]


async def _proposals(info: GraphInfo, status: State | None = None, first: First = DEFAULT_FIRST) -> list[Proposal]:
    found = await info.context.graph.desk.proposals(status, checked_first(first))
    return [Proposal.of(item) for item in found]


async def _proposal(info: GraphInfo, id: strawberry.ID) -> Proposal | None:
    try:
        return Proposal.of(await info.context.graph.desk.proposal(id))
    except ProposalNotFound:
        return None


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
        "subgraph": locked(Role.VIEWER, _subgraph, description="The answer to a question in the query language."),
        "graph": locked(Role.VIEWER, _graph, description="Where the graph stands and what it holds."),
        "change_sets": locked(Role.VIEWER, _change_sets, description="The history, newest first."),
        "proposals": locked(Role.VIEWER, _proposals, description="Proposals, newest first."),
        "proposal": locked(Role.VIEWER, _proposal, description="The proposal of that id."),
    }
    return fields


Query: Any = strawberry.type(made("Query", (), {}, _fields()), description="What can be read.")
