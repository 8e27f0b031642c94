"""Loaders: what many nodes of one answer need is read with one statement for each step and its arguments."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from strawberry.dataloader import DataLoader

from kg.reading import EvidenceRecord, Moment, Neighbour, Order, Page, Reader, Step, Summary, Window


class Loaders:
    """The loaders of one request, made when first asked for; nothing is remembered between requests."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._made: dict[Hashable, DataLoader[str, Any]] = {}

    async def moment(self, as_of: str | None) -> int | None:
        """Return the number of the change set that is meant, None for the present; raises QueryError for none."""

        async def load(names: list[str]) -> Sequence[Moment]:
            return [await self._reader.moment(name) for name in names]

        return None if as_of is None else (await self._loader("moment", load).load(as_of)).seq

    async def neighbours(self, step: Step, node_id: str, window: Window, order: Order) -> Page[Neighbour]:
        """Return one node's neighbours by a step; all nodes that ask alike share one statement."""

        async def load(ids: list[str]) -> Sequence[Page[Neighbour]]:
            found = await self._reader.neighbours(step, ids, window, order)
            return [found[key] for key in ids]

        return await self._loader(("neighbours", step, window, order), load).load(node_id)

    async def degree(self, step: Step, node_id: str) -> int:
        """Return how many neighbours one node has by a step."""

        async def load(ids: list[str]) -> Sequence[int]:
            found = await self._reader.degrees(step, ids)
            return [found[key] for key in ids]

        return await self._loader(("degree", step), load).load(node_id)

    async def summary(self, step: Step, node_id: str) -> Summary:
        """Return how many neighbours one node has by a step, and how the numbers of the edges are spread."""

        async def load(ids: list[str]) -> Sequence[Summary]:
            found = await self._reader.edge_summaries(step, ids)
            return [found[key] for key in ids]

        return await self._loader(("summary", step), load).load(node_id)

    async def evidence(self, edge_id: str, limit: int, moment: int | None) -> tuple[EvidenceRecord, ...]:
        """Return the evidence of one edge."""

        async def load(ids: list[str]) -> Sequence[tuple[EvidenceRecord, ...]]:
            found = await self._reader.evidence(ids, limit, moment)
            return [found[key] for key in ids]

        return await self._loader(("evidence", limit, moment), load).load(edge_id)

    def _loader(self, key: Hashable, load: Callable[[list[str]], Any]) -> DataLoader[str, Any]:
        if key not in self._made:
            self._made[key] = DataLoader(load_fn=load)
        return self._made[key]
