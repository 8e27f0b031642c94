"""Answers what lists and single nodes are asked for, each with one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import orjson

from kg.errors import AmbiguousName
from kg.reading import ask
from kg.reading.ask import Condition, Order, Place
from kg.reading.lucene import CODE_SYSTEMS, cleaned, closeness, codes_for, ids_for, phrase_for, query_for
from kg.reading.records import EvidenceRecord, Found, Neighbour, Page, evidence_of, node_of
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL, Role
from kg.statements import fixed
from kg.store import Store
from kg.stored import edge_of
from kg.subgraph import SubgraphNode

# The index sorts by its own score; this many are read so that whole names can be put before parts of names.
_POOL: Final = 100


class Reader:
    """Reads single nodes, pages, neighbours, evidence and search results; every call is one statement.

    Every method raises StoreUnavailable, StoreTimeout or StoreError when the database does not answer.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def node(self, node_id: str) -> SubgraphNode | None:
        """Return the node of that id, or None."""
        return (await self.nodes([node_id])).get(node_id)

    async def nodes(self, ids: Iterable[str]) -> dict[str, SubgraphNode]:
        """Return the nodes of these ids that exist, by id."""
        rows = await self._store.read(fixed("read/nodes_state", ids=sorted(set(ids))))
        return {row["id"]: node_of(row) for row in rows}

    async def by_code(self, code: str) -> SubgraphNode | None:
        """Return the disease recorded under an ICD code, `J20` or `ICD10:J20`, or None; WHO's system goes first.

        Raises AmbiguousName when one system records several diseases under it.
        """
        codes = codes_for(code)
        if not codes:
            return None
        rows = await self._store.read(fixed("read/reading_by_code", codes=list(codes)))
        for system in CODE_SYSTEMS:
            here = [row for row in rows if row["code"].startswith(f"{system}:")]
            # What we wrote or an expert decided is meant before what a foreign file tells.
            most = max((row["properties"].get("authority", 0) for row in here), default=0)
            best = [node_of(row) for row in here if row["properties"].get("authority", 0) == most]
            if best:
                return _only(best, code)
        return None

    async def by_name(self, kind: str, name: str, language: str | None = None) -> SubgraphNode | None:
        """Return the node of a kind with exactly this name, else with this synonym, or None; case does not matter.

        Raises AmbiguousName with the candidates when several have it.
        """
        name = cleaned(name)
        phrase = phrase_for(name)
        if phrase is None:
            return None
        languages = [language] if language else list(LANGUAGES)
        rows = await self._store.read(
            fixed("read/reading_by_name", kind=kind, folded=name.lower(), phrase=phrase, languages=languages)
        )
        named = [node_of(row) for row in rows if row["named"]]
        return _only(named or [node_of(row) for row in rows], name) if rows else None

    async def page(
        self,
        kind: str,
        first: int,
        after: Place | None = None,
        conditions: Sequence[Condition] = (),
        order: Order | None = None,
    ) -> Page[SubgraphNode]:
        """Return the first nodes of a kind after a place in the order (by name unless told otherwise)."""
        order = order or Order()
        rows = await self._store.read(ask.page(NODE_BY_LABEL[kind], first, after, conditions, order))
        kept = rows[:first]
        places = tuple(Place(row["key"], row["id"]) for row in kept)
        return Page(tuple(node_of(row) for row in kept), places, more=len(rows) > first)

    async def count(self, kind: str, conditions: Sequence[Condition] = ()) -> int:
        """Return how many nodes of a kind meet the conditions."""
        return (await self._store.read(ask.count(NODE_BY_LABEL[kind], conditions)))[0]["number"]

    async def neighbours(
        self,
        role: Role,
        ids: Sequence[str],
        first: int,
        after: Place | None = None,
        conditions: Sequence[Condition] = (),
    ) -> dict[str, Page[Neighbour]]:
        """Return, for each of `ids`, the first neighbours by that role after a place, strongest first, then by id."""
        rows = await self._store.read(ask.neighbours(role, ids, first, after, conditions))
        groups: dict[str, list[tuple[Place, Neighbour]]] = {node_id: [] for node_id in ids}
        for row in rows:
            place = Place(row["strength"], row["id"])
            groups[row["parent"]].append((place, Neighbour(edge_of(row["edge"]), node_of(row))))
        return {node_id: _strongest(group, first) for node_id, group in groups.items()}

    async def degrees(self, role: Role, ids: Sequence[str], conditions: Sequence[Condition] = ()) -> dict[str, int]:
        """Return how many neighbours each of `ids` has by that role."""
        rows = await self._store.read(ask.degrees(role, ids, conditions))
        return {**dict.fromkeys(ids, 0), **{row["parent"]: row["number"] for row in rows}}

    async def evidence(self, edge_ids: Sequence[str], limit: int = 50) -> dict[str, tuple[EvidenceRecord, ...]]:
        """Return the evidence of each edge, at most `limit` items: what speaks for it first, then by source and id."""
        wanted = [{"id": edge, "start": start, "end": end} for edge in edge_ids for start, _, end in [edge.split("/")]]
        rows = await self._store.read(fixed("read/reading_evidence", rows=wanted))
        found = {row["edge"]: [evidence_of(row["edge"], item) for item in orjson.loads(row["told"])] for row in rows}
        return {edge: tuple(sorted(found.get(edge, ()), key=_for_first)[:limit]) for edge in edge_ids}

    async def search(
        self, text: str, kinds: Sequence[str] = (), language: str | None = None, limit: int = 20
    ) -> tuple[Found, ...]:
        """Return the nodes whose name or synonym fits the text, best first: words, beginnings, one letter wrong.

        An id or a code of ICD finds its node, and the diseases recorded under the code.
        """
        text = cleaned(text)
        query = query_for(text, language)
        if query is None:
            return ()
        rows = await self._store.read(
            fixed(
                "read/reading_search",
                query=query,
                ids=list(ids_for(text)),
                kinds=list(kinds or NODE_BY_LABEL),
                limit=max(limit, _POOL),
            )
        )
        return ranked(text, ((node_of(row), row["score"]) for row in rows), language)[:limit]

    async def counts(self) -> dict[str, int]:
        """Return how many nodes and edges of each kind there are, none as 0."""
        rows = await self._store.read(ask.totals())
        return {**dict.fromkeys((*NODE_BY_LABEL, *EDGE_BY_TYPE), 0), **{row["kind"]: row["number"] for row in rows}}


def ranked(text: str, rows: Iterable[tuple[SubgraphNode, float]], language: str | None = None) -> tuple[Found, ...]:
    """Return the found nodes, best first: how much of the text a name is, a name before a synonym, then the score."""
    found: list[tuple[tuple[int, int], Found]] = []
    for node, score in rows:
        fit, matched = _best_name(text, node, language)
        # A node found by its id comes before all that were found by a name.
        fit = (4, 1) if score >= 999 else fit
        found.append((fit, Found(node, matched, score)))
    found.sort(key=lambda item: (-item[0][0], -item[0][1], -item[1].score, item[1].node.id))
    return tuple(item for _, item in found)


def _best_name(text: str, node: SubgraphNode, language: str | None) -> tuple[tuple[int, int], str]:
    """Return how well the best name fits, whether it is no synonym, and the name."""
    names = [(1, name) for key, name in node.names.items() if language in (None, key)]
    synonyms = [(0, name) for key, group in node.synonyms.items() if language in (None, key) for name in group]
    best, fit = node.name(language or "en"), (-1, 0)
    for weight, name in (*names, *synonyms):
        here = (closeness(text, name), weight)
        if here > fit:
            best, fit = name, here
    return fit, best


def _only(nodes: Sequence[SubgraphNode], name: str) -> SubgraphNode:
    if len(nodes) == 1:
        return nodes[0]
    raise AmbiguousName(
        f"{name!r} is the name of {len(nodes)} things",
        candidates=tuple((node.id, node.name()) for node in nodes),
        hint=f"Write the id instead: {', '.join(node.id for node in nodes[:5])}.",
    )


def _strongest(group: list[tuple[Place, Neighbour]], first: int) -> Page[Neighbour]:
    # The database keeps the order inside a hop but promises none between rows, so it is made sure here.
    group.sort(key=lambda item: (-float(item[0].key), item[0].id))
    kept = group[:first]
    return Page(tuple(item for _, item in kept), tuple(place for place, _ in kept), more=len(group) > first)


def _for_first(item: EvidenceRecord) -> tuple[bool, str, str]:
    return item.direction != "for", item.source, item.id
