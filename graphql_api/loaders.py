"""Loaders: what many nodes of one answer need is read with one statement for each step and its arguments."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from strawberry.dataloader import DataLoader

from kg.reading import Condition, EvidenceRecord, Neighbour, Page, Place, Reader
from kg.schema import Role


class Loaders:
    """The loaders of one request, made when first asked for; nothing is remembered between requests."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._made: dict[Hashable, DataLoader[str, Any]] = {}

    async def neighbours(
        self, role: Role, node_id: str, first: int, after: Place | None, conditions: tuple[Condition, ...]
    ) -> Page[Neighbour]:
        """Return one node's neighbours by a role; all nodes that ask alike share one statement."""

        async def load(ids: list[str]) -> Sequence[Page[Neighbour]]:
            found = await self._reader.neighbours(role, ids, first, after, conditions)
            return [found[key] for key in ids]

        # Conditions hold a property each, whose name and the value tell them apart.
        told = tuple((item.property.name, item.test, item.value) for item in conditions)
        return await self._loader(("neighbours", role, first, after, told), load).load(node_id)

    async def degree(self, role: Role, node_id: str, conditions: tuple[Condition, ...]) -> int:
        """Return how many neighbours one node has by a role."""

        async def load(ids: list[str]) -> Sequence[int]:
            found = await self._reader.degrees(role, ids, conditions)
            return [found[key] for key in ids]

        told = tuple((item.property.name, item.test, item.value) for item in conditions)
        return await self._loader(("degree", role, told), load).load(node_id)

    async def evidence(self, edge_id: str, limit: int) -> tuple[EvidenceRecord, ...]:
        """Return the evidence of one edge."""

        async def load(ids: list[str]) -> Sequence[tuple[EvidenceRecord, ...]]:
            found = await self._reader.evidence(ids, limit)
            return [found[key] for key in ids]

        return await self._loader(("evidence", limit), load).load(edge_id)

    def _loader(self, key: Hashable, load: Callable[[list[str]], Any]) -> DataLoader[str, Any]:
        if key not in self._made:
            self._made[key] = DataLoader(load_fn=load)
        return self._made[key]
