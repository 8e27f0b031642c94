"""The GraphQL types that do not depend on which kinds the graph has: nodes in general, evidence, pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Self

import strawberry
from strawberry.scalars import JSON

from graphql_api.arguments.common import DEFAULT_FIRST, ENGLISH, Direction, Few, Kind, Language, checked_first
from graphql_api.context import GraphInfo
from kg.reading import EvidenceRecord, Spread, Summary
from kg.subgraph import SubgraphNode


@strawberry.interface(description="Anything that can be fetched again by its id alone. Ids are the same everywhere.")
class Node:
    id: strawberry.ID


@strawberry.type(description="A name and its language.")
class LocalName:
    language: Language
    name: str


@strawberry.interface(description="A thing of the graph, such as a disease or a drug.")
class Entity(Node):
    kind: Kind
    xrefs: list[str] = strawberry.field(description="Ids of the same thing in other vocabularies.")
    record: strawberry.Private[SubgraphNode]
    # The number of the change set whose state is read, here and in all that is under it; None for what is now.
    moment: strawberry.Private[int | None] = None

    @strawberry.field(description="Its name in a language; in English or any other when there is none in it.")
    def name(self, language: Language = ENGLISH) -> str:
        return self.record.name(language.value)

    @strawberry.field(description="Its name in each language that has one.")
    def names(self) -> list[LocalName]:
        return [LocalName(language=Language(code), name=name) for code, name in self.record.names.items()]

    @strawberry.field(description="Other names, in one language or in all.")
    def synonyms(self, language: Language | None = None) -> list[str]:
        groups = self.record.synonyms
        wanted = groups if language is None else [language.value]
        return [word for code in wanted for word in groups.get(code, ())]


@strawberry.type(description="Why an edge is believed, or not: one source that speaks for or against it.")
class Evidence:
    id: strawberry.ID
    edge: strawberry.ID = strawberry.field(description="The edge that it speaks for or against.")
    source: str = strawberry.field(description="Name of the source.")
    version: str = strawberry.field(description="Which release of the source.")
    licence: str = strawberry.field(description="Under which licence it may be used.")
    reference: str = strawberry.field(description="Where in the source: a row, a page, an article.")
    snippet: str | None = strawberry.field(description="The sentence that says so, quoted.")
    direction: Direction
    asserted_by: str = strawberry.field(description="Who or what read it so.")
    claims: JSON = strawberry.field(description="The edge's properties as this source gives them.")
    change_set: strawberry.ID = strawberry.field(description="The change set it came in with.")
    at: str = strawberry.field(description="When it came in, in UTC.")

    @classmethod
    def of(cls, item: EvidenceRecord) -> Self:
        """Return the GraphQL value of an item of evidence."""
        return cls(
            id=strawberry.ID(item.id),
            edge=strawberry.ID(item.edge),
            source=item.source,
            version=item.version,
            licence=item.licence,
            reference=item.reference,
            snippet=item.snippet,
            direction=Direction(item.direction),
            asserted_by=item.asserted_by,
            claims=JSON(dict(item.claims)),
            change_set=strawberry.ID(item.change_set),
            at=item.at,
        )


@strawberry.interface(description="An edge of the graph: a statement between two things.")
class Relation:
    id: strawberry.ID
    sources: list[str] = strawberry.field(description="The sources that speak for it; none when all speak against it.")

    moment: strawberry.Private[int | None] = None

    @strawberry.field(description="The evidence behind it: what speaks for it first.")
    async def evidence(self, info: GraphInfo, first: Few = DEFAULT_FIRST) -> list[Evidence]:
        items = await info.context.loaders.evidence(self.id, checked_first(first), self.moment)
        return [Evidence.of(item) for item in items]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


# What is asked of the database only when it is selected: how many items the whole list has, and their numbers.
Counter = Callable[[], Awaitable[int]]
Summarizer = Callable[[], Awaitable[Summary]]


@strawberry.type(description="How a number is spread over a list; null when nothing in it has the number.")
class NumberAggregate:
    average: float | None = strawberry.field(description="The mean, rounded to six digits.")
    minimum: float | None
    maximum: float | None

    @classmethod
    def of(cls, spread: Spread) -> Self:
        """Return the GraphQL value of a spread."""
        return cls(average=spread.average, minimum=spread.minimum, maximum=spread.maximum)
