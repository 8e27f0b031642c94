"""Answers what lists and single nodes are asked for, each with one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from kg.errors import AmbiguousName
from kg.query.moment import check_moment
from kg.reading import lists, search, single, statistics
from kg.reading.lists import NodeList, Step, Window
from kg.reading.lucene import CODE_SYSTEMS, cleaned, codes_for, phrase_for
from kg.reading.order import BY_NAME, Order, Place, place_of
from kg.reading.records import (
    EvidenceRecord,
    Found,
    Moment,
    Neighbour,
    Page,
    Summary,
    T,
    evidence_of,
    node_of,
    summary_of,
)
from kg.reading.statistics import Degrees, Grouped
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL, Role
from kg.store import Store
from kg.stored import edge_of
from kg.subgraph import SubgraphEdge, SubgraphNode


class Reader:
    """Reads single nodes, pages, neighbours, evidence and search results; every call is one statement.

    `moment` is the number of a change set; what is read is the graph as that one left it. Every method raises
    StoreUnavailable, StoreTimeout or StoreError when the database does not answer.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def moment(self, as_of: str) -> Moment:
        """Return the change set that is meant by its id or the beginning of it.

        Raises UnknownName, or AmbiguousName with the candidates.
        """
        (row,) = await self._store.read(single.moment(as_of))
        check_moment(as_of, row["moments"])
        return Moment(row["release"], row["moment"])

    async def node(self, node_id: str, moment: int | None = None) -> SubgraphNode | None:
        """Return the node of that id, or None."""
        return (await self.nodes([node_id], moment)).get(node_id)

    async def nodes(self, ids: Iterable[str], moment: int | None = None) -> dict[str, SubgraphNode]:
        """Return the nodes of these ids that exist, by id."""
        rows = await self._store.read(single.nodes(sorted(set(ids)), moment))
        return {row["id"]: node_of(row) for row in rows}

    async def by_code(self, code: str, moment: int | None = None) -> SubgraphNode | None:
        """Return the disease recorded under an ICD code, `J20` or `ICD10:J20`, or None; WHO's system goes first.

        Raises AmbiguousName when one system records several diseases under it.
        """
        codes = codes_for(code)
        if not codes:
            return None
        rows = await self._store.read(single.by_code(list(codes), moment))
        for system in CODE_SYSTEMS:
            here = [row for row in rows if row["code"].startswith(f"{system}:")]
            # What we wrote or an expert decided is meant before what a foreign file tells.
            most = max((row["properties"].get("authority", 0) for row in here), default=0)
            best = [node_of(row) for row in here if row["properties"].get("authority", 0) == most]
            if best:
                return _only(best, code)
        return None

    async def by_name(
        self, kind: str, name: str, language: str | None = None, moment: int | None = None
    ) -> SubgraphNode | None:
        """Return the node of a kind with exactly this name, else with this synonym, or None; case does not matter.

        Raises AmbiguousName with the candidates when several have it.
        """
        name = cleaned(name)
        phrase = phrase_for(name)
        if phrase is None:
            return None
        languages = [language] if language else list(LANGUAGES)
        rows = await self._store.read(single.by_name(kind, name.lower(), phrase, languages, moment))
        named = [node_of(row) for row in rows if row["named"]]
        return _only(named or [node_of(row) for row in rows], name) if rows else None

    async def page(self, wanted: NodeList, window: Window, order: Order = BY_NAME) -> Page[SubgraphNode]:
        """Return part of a list of nodes."""
        rows = await self._store.read(lists.page(wanted, window, order))
        return _page(window, [(place_of(row["place"]), node_of(row)) for row in rows])

    async def count(self, wanted: NodeList) -> int:
        """Return how many nodes a list has."""
        return (await self._store.read(lists.count(wanted)))[0]["count"]

    async def summary(self, wanted: NodeList) -> Summary:
        """Return how many nodes a list has, and the spread of their numbers."""
        return summary_of((await self._store.read(lists.summary(wanted)))[0], wanted.kind.properties)

    async def neighbours(
        self, step: Step, ids: Sequence[str], window: Window, order: Order
    ) -> dict[str, Page[Neighbour]]:
        """Return part of the list of neighbours of each of `ids`."""
        rows = await self._store.read(lists.neighbours(step, ids, window, order))
        groups: dict[str, list[tuple[Place, Neighbour]]] = {node_id: [] for node_id in ids}
        for row in rows:
            place = place_of(row["place"])
            groups[row["parent"]].append((place, Neighbour(edge_of(row["edge"]), node_of(row))))
        return {node_id: _page(window, group) for node_id, group in groups.items()}

    async def degrees(self, step: Step, ids: Sequence[str]) -> dict[str, int]:
        """Return how many neighbours each of `ids` has by that step."""
        rows = await self._store.read(lists.degrees(step, ids))
        return {**dict.fromkeys(ids, 0), **{row["parent"]: row["count"] for row in rows}}

    async def edge_summaries(self, step: Step, ids: Sequence[str]) -> dict[str, Summary]:
        """Return how many neighbours each of `ids` has by that step, and the spread of the numbers of the edges."""
        rows = await self._store.read(lists.edge_summaries(step, ids))
        return {row["parent"]: summary_of(row, step.edge_kind.properties) for row in rows}

    async def edges(self, edge_ids: Sequence[str], moment: int | None = None) -> dict[str, SubgraphEdge]:
        """Return the edges of these ids that exist, by id."""
        known = [edge for edge in edge_ids if _is_edge(edge)]
        rows = await self._store.read(single.edges(known, moment)) if known else []
        return {row["id"]: edge_of(row["properties"]) for row in rows}

    async def evidence(
        self, edge_ids: Sequence[str], limit: int = 50, moment: int | None = None
    ) -> dict[str, tuple[EvidenceRecord, ...]]:
        """Return the evidence of each edge, at most `limit` items: what speaks for it first, then by source and id."""
        known = [edge for edge in edge_ids if _is_edge(edge)]
        rows = await self._store.read(single.edges(known, moment)) if known else []
        found = {
            row["id"]: [evidence_of(row["id"], item) for item in orjson.loads(row["properties"]["told"])]
            for row in rows
        }
        return {edge: tuple(sorted(found.get(edge, ()), key=_for_first)[:limit]) for edge in edge_ids}

    async def search(
        self, text: str, kinds: Sequence[str] = (), language: str | None = None, limit: int = 20
    ) -> tuple[Found, ...]:
        """Return the nodes whose name or synonym fits the text, best first: words, beginnings, one letter wrong.

        An id or a code of ICD finds its node, and the diseases recorded under the code.
        """
        asked = search.statement(text, kinds, language, limit)
        if asked is None:
            return ()
        rows = await self._store.read(asked)
        return search.ranked(cleaned(text), ((node_of(row), row["score"]) for row in rows), language)[:limit]

    async def counts(self) -> dict[str, int]:
        """Return how many nodes and edges of each kind there are, none as 0."""
        rows = await self._store.read(lists.totals())
        return {**dict.fromkeys((*NODE_BY_LABEL, *EDGE_BY_TYPE), 0), **{row["kind"]: row["number"] for row in rows}}

    async def chapters(self, system: str) -> tuple[Grouped, ...]:
        """Return the chapters of a code system with the number of diseases recorded in each, in their order."""
        return statistics.grouped_of(await self._store.read(statistics.chapters(system)))

    async def classes(self, limit: int) -> tuple[Grouped, ...]:
        """Return the classes of drugs that have most drugs, themselves or inside them, largest first."""
        return statistics.grouped_of(await self._store.read(statistics.classes(limit)))

    async def degree_histogram(self, role: Role) -> Degrees:
        """Return how the number of neighbours is spread over all nodes that a role starts from."""
        return statistics.degrees_of(await self._store.read(statistics.degrees(role)))


def _is_edge(edge_id: str) -> bool:
    return edge_id.count("/") == 2


def _page(window: Window, rows: Sequence[tuple[Place, T]]) -> Page[T]:
    """Return the wanted part of the rows, of which there is one more than wanted when the list goes on."""
    more, elsewhere = len(rows) > window.size, window.place is not None
    kept = list(rows[: window.size])
    if window.backward:
        kept.reverse()
    before, behind = (more, elsewhere) if window.backward else (elsewhere, more)
    return Page(tuple(item for _, item in kept), tuple(place for place, _ in kept), before, behind)


def _only(nodes: Sequence[SubgraphNode], name: str) -> SubgraphNode:
    if len(nodes) == 1:
        return nodes[0]
    raise AmbiguousName(
        f"{name!r} is the name of {len(nodes)} things",
        candidates=tuple((node.id, node.name()) for node in nodes),
        hint=f"Write the id instead: {', '.join(node.id for node in nodes[:5])}.",
    )


def _for_first(item: EvidenceRecord) -> tuple[bool, str, str]:
    return item.direction != "for", item.source, item.id
