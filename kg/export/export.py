"""Joins the graph, the choice and a format: the whole graph, in one fixed order, to a file or folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, LiteralString

import orjson

from kg.errors import DataError, StoreConflict
from kg.export import jsonl, kgx, neo4j_admin
from kg.export.choice import Choice, choice, closed_sources, edge_told
from kg.export.rows import NodeRow, edge_rows, node_rows
from kg.export.target import described, whole
from kg.export.writer import Opens, Writer
from kg.licences import UNKNOWN, classes_of, unwanted
from kg.schema import EDGE_BY_TYPE
from kg.statements import fixed
from kg.store import Store

_EVERY: Final = 2_000
_DEADLINE: Final = 120.0

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format: its name on the command line, what it is, whether it is a folder of files, and what opens it."""

    name: str
    title: str
    folder: bool
    opens: Opens


FORMATS: Final[Mapping[str, ExportFormat]] = {
    known.name: known
    for known in (
        ExportFormat("jsonl", "one line of JSON for each node and edge, with all evidence", False, jsonl.opened),
        ExportFormat("kgx", "KGX tables in Biolink's words: nodes.tsv, edges.tsv", True, kgx.tables),
        ExportFormat("kgx-jsonl", "the same as JSON lines: nodes.jsonl, edges.jsonl", True, kgx.json_lines),
        ExportFormat("neo4j-admin", "csv tables with typed headers, one for each kind", True, neo4j_admin.opened),
    )
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What went out and what did not.

    `release` is the change set that the graph stood at. `licences` counts the items of evidence that went out under
    each licence, `unrecognised` are those of them whose text tells nothing. `left_out` counts `evidence`, `edges` and
    `nodes` that only unwanted licences speak for. `altered` counts by reason what the format could not hold as it is.
    """

    format: str
    path: str
    release: str
    nodes: int
    edges: int
    evidence: int
    licences: Mapping[str, int]
    unrecognised: tuple[str, ...]
    left_out: Mapping[str, int]
    altered: Mapping[str, int]
    files: tuple[Mapping[str, Any], ...]


def _silent(what: str, done: int, total: int) -> None:
    del what, done, total


async def export(
    store: Store,
    format: str,
    path: Path,
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
    progress: Progress = _silent,
) -> Exported:
    """Write the graph to `path`, which is there when all of it is written and not before.

    `only` names kinds (see `choice`), `without` classes or texts of licences (see `kg.licences`). Raises DataError for
    what does not exist or cannot be written, StoreConflict when the graph was changed meanwhile, or a StoreError.
    """
    known = FORMATS.get(format)
    if known is None:
        raise DataError(f"there is no format {format!r}", hint=f"Formats: {', '.join(FORMATS)}.")
    chosen = await chosen_of(store, only, without)
    with whole(path, folder=known.folder) as inside:
        before = await place(store)
        with known.opens(inside, chosen) as writer:
            going = Going(store, chosen, writer, progress, await _totals(store, chosen))
            async for _ in going.nodes():
                pass
            async for _ in going.edges():
                pass
        await check_unchanged(store, before)
    return Exported(
        format=format,
        path=str(path),
        release=before["head"],
        nodes=going.counts["nodes"],
        edges=going.counts["edges"],
        evidence=sum(going.licences.values()),
        licences=dict(sorted(going.licences.items())),
        unrecognised=tuple(sorted(text for text in going.licences if UNKNOWN in classes_of(text))),
        left_out=dict(sorted(going.left_out.items())),
        altered={why: number for why, number in sorted(writer.altered.items()) if number},
        files=tuple(described(path)),
    )


async def chosen_of(store: Store, only: Collection[str], without: Collection[str]) -> Choice:
    """Return what goes out; raise DataError for a kind or licence that does not exist."""
    if not without:
        return choice(only)
    told = await _read(store, "export/licences", kinds=list(EDGE_BY_TYPE))
    return choice(only, unwanted(without, [row["licence"] for row in told]))


async def check_unchanged(store: Store, before: Mapping[str, Any]) -> None:
    """Raise StoreConflict when the graph no longer stands at that place."""
    if await place(store) != before:
        raise StoreConflict("the graph was changed while it was written out", hint="Export it again.")


class Going:
    """One export on its way; each step of `nodes` and `edges` hands one of them to the writer, or leaves it out."""

    def __init__(
        self, store: Store, chosen: Choice, writer: Writer, progress: Progress, totals: Mapping[str, int]
    ) -> None:
        self._store = store
        self._chosen = chosen
        self._writer = writer
        self._progress = progress
        self._totals = totals
        self._closed: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.licences: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter(evidence=0, edges=0, nodes=0)

    async def nodes(self) -> AsyncGenerator[None]:
        """Write the nodes."""
        sources = await self._closed_sources()
        async for row in self._told("nodes", node_rows(self._store, self._chosen)):
            if row.state["sources"] and sources.issuperset(row.state["sources"]):
                self._closed.add(row.id)
                self.left_out["nodes"] += 1
            else:
                self._writer.node(_open(row, sources))
                self.counts["nodes"] += 1
            yield

    async def edges(self) -> AsyncGenerator[None]:
        """Write the edges; after the nodes, which tell what is left out."""
        async for row in self._told("edges", edge_rows(self._store, self._chosen)):
            state = edge_told(row.kind, row.start, row.end, row.evidence, self._chosen.unwanted)
            if state is None or not self._closed.isdisjoint((row.start, row.end)):
                self.left_out["edges"] += 1
                self.left_out["evidence"] += len(row.evidence)
            else:
                self._writer.edge(state)
                self.counts["edges"] += 1
                self.licences.update(item["licence"] for item in state["evidence"])
                self.left_out["evidence"] += len(row.evidence) - len(state["evidence"])
            yield

    async def _told(self, what: str, rows: AsyncGenerator[Any]) -> AsyncGenerator[Any]:
        """Hand the rows on and tell how far it is."""
        total = self._totals[what]
        number = 0
        async for row in rows:
            yield row
            number += 1
            if number % _EVERY == 0:
                self._progress(f"writing {what}", number, total)
        self._progress(f"writing {what}", number, number)

    async def _closed_sources(self) -> frozenset[str]:
        if not self._chosen.unwanted:
            return frozenset()
        rows = await _read(self._store, "export/sources")
        return closed_sources((orjson.loads(row["about"]) for row in rows), self._chosen.unwanted)


def _open(row: NodeRow, closed: Collection[str]) -> NodeRow:
    """Return the node without the ids that only closed sources give it."""
    if not closed:
        return row
    return NodeRow(row.id, row.state, tuple(alias for alias in row.aliases if alias["source"] not in closed))


async def _totals(store: Store, chosen: Choice) -> dict[str, int]:
    rows = await _read(store, "read/counts")
    kinds: dict[str, Iterable[str]] = {"node": chosen.nodes, "edge": chosen.edges}
    return {
        f"{what}s": sum(row["number"] for row in rows if row["what"] == what and row["kind"] in named)
        for what, named in kinds.items()
    }


async def place(store: Store) -> dict[str, Any]:
    rows = await _read(store, "export/place")
    return rows[0] if rows else {"head": ""}


async def _read(store: Store, name: LiteralString, **values: Any) -> list[dict[str, Any]]:
    return await store.read(fixed(name, **values), deadline=_DEADLINE)
