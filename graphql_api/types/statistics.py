"""Counts over the whole graph: kinds, ICD chapters, classes of drugs, degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Self

import strawberry

from graphql_api.access.keys import Role
from graphql_api.access.locks import locked
from graphql_api.arguments.common import DEFAULT_FIRST, Few, checked_first, constant, enum_of
from graphql_api.arguments.naming import CHOICES
from graphql_api.context import GraphInfo
from graphql_api.types.graph_types import ENTITIES, entity_of
from graphql_api.types.history import Count
from kg.reading.statistics import Degrees, Grouped
from kg.schema import EDGE_KINDS, NODE_KINDS, ROLES

ROLE_NAMES: Final = {f"{constant(role.start)}_{role.name.upper()}": role for role in ROLES}

if TYPE_CHECKING:

    class RoleName:
        """What the type checker sees of an enum whose constants come from the schema."""

        value: str

else:
    RoleName = enum_of("RoleName", {name: name for name in ROLE_NAMES}, "A step from one kind of node to another.")

SYSTEM: Any = CHOICES["IcdCode", "system"]
_WHO: Final = SYSTEM("ICD10")


@strawberry.type(description="A chapter of ICD, and how many diseases are recorded in it.")
class ChapterCount:
    chapter: Any = strawberry.field(graphql_type=ENTITIES["IcdCode"])
    diseases: int

    @classmethod
    def of(cls, item: Grouped) -> Self:
        """Return the GraphQL value of a count."""
        return cls(chapter=entity_of(item.node), diseases=item.number)


@strawberry.type(description="A class of drugs, and how many drugs are in it or in a class inside it.")
class DrugClassCount:
    drug_class: Any = strawberry.field(graphql_type=ENTITIES["DrugClass"])
    drugs: int

    @classmethod
    def of(cls, item: Grouped) -> Self:
        """Return the GraphQL value of a count."""
        return cls(drug_class=entity_of(item.node), drugs=item.number)


@strawberry.type(description="How many nodes have so many neighbours, both bounds included.")
class DegreeBucket:
    least: int
    most: int
    nodes: int


@strawberry.type(description="How many neighbours a role leads to, over all nodes that it starts from.")
class DegreeHistogram:
    nodes: int = strawberry.field(description="How many nodes it starts from.")
    edges: int = strawberry.field(description="How many steps there are in all.")
    average: float | None = strawberry.field(description="Mean number of neighbours, rounded to six digits.")
    most: int = strawberry.field(description="The largest number of neighbours.")
    buckets: list[DegreeBucket] = strawberry.field(description="None, 1, 2, 3 to 4, 5 to 8 and so on.")

    @classmethod
    def of(cls, found: Degrees) -> Self:
        """Return the GraphQL value of a histogram."""
        return cls(
            nodes=found.nodes,
            edges=found.edges,
            average=round(found.edges / found.nodes, 6) if found.nodes else None,
            most=found.most,
            buckets=[DegreeBucket(least=item.least, most=item.most, nodes=item.nodes) for item in found.buckets],
        )


System = Annotated[SYSTEM, strawberry.argument(description="WHO's ICD-10, or ICD-10-CM.")]


async def _counts(info: GraphInfo, kinds: list[str]) -> list[Count]:
    counts = await info.context.graph.reader.counts()
    return [Count(kind=kind, number=counts[kind]) for kind in kinds]


@strawberry.type(description="Counts over the whole graph.")
class Statistics:
    @strawberry.field(description="How many nodes of each kind there are.")
    async def kinds(self, info: GraphInfo) -> list[Count]:
        return await _counts(info, [kind.label for kind in NODE_KINDS])

    @strawberry.field(description="How many edges of each kind there are.")
    async def edges(self, info: GraphInfo) -> list[Count]:
        return await _counts(info, [kind.type for kind in EDGE_KINDS])

    @strawberry.field(description="How many diseases are recorded in each chapter of a code system.")
    async def chapters(self, info: GraphInfo, system: System = _WHO) -> list[ChapterCount]:
        return [ChapterCount.of(item) for item in await info.context.graph.reader.chapters(system.value)]

    @strawberry.field(description="The classes with most drugs, largest first.")
    async def drug_classes(self, info: GraphInfo, first: Few = DEFAULT_FIRST) -> list[DrugClassCount]:
        return [DrugClassCount.of(item) for item in await info.context.graph.reader.classes(checked_first(first))]

    @strawberry.field(description="How many neighbours a role leads to.")
    async def degrees(self, info: GraphInfo, role: RoleName) -> DegreeHistogram:
        return DegreeHistogram.of(await info.context.graph.reader.degree_histogram(ROLE_NAMES[role.value]))


async def _statistics() -> Statistics:
    return Statistics()


STATISTICS_QUERIES: Final[dict[str, Any]] = {
    "statistics": locked(Role.VIEWER, _statistics, description="Counts over the whole graph."),
}
