"""Search by meaning."""

from __future__ import annotations

from typing import Any, Final

from graphql_api.access.keys import Role
from graphql_api.access.locks import locked
from graphql_api.arguments.common import DEFAULT_FIRST, Few, checked_first
from graphql_api.context import GraphInfo
from graphql_api.types.answers import KindList, SearchHit


async def _semantic_search(
    info: GraphInfo, text: str, kinds: KindList = None, first: Few = DEFAULT_FIRST
) -> list[SearchHit]:
    hits = await info.context.graph.meaning.search(text, [kind.value for kind in kinds or ()], checked_first(first))
    return [SearchHit.of(hit) for hit in hits]


MEANING_QUERIES: Final[dict[str, Any]] = {
    "semantic_search": locked(
        Role.VIEWER,
        _semantic_search,
        description="Nodes whose English names mean most nearly what the text says, nearest first; needs `mkg embed`.",
    )
}
