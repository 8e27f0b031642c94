"""Questions in the query language: their answers, how they are answered, what they say, and what a model is sent."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

import strawberry
from strawberry.scalars import JSON

from graphql_api.access.keys import Role
from graphql_api.access.locks import locked
from graphql_api.arguments.common import ENGLISH, AsOf, EdgeKind, Language
from graphql_api.context import GraphInfo
from graphql_api.problems import BAD_USER_INPUT, NOT_FOUND, UNAVAILABLE, ApiError
from graphql_api.telling import Teller, ToldFact, ToldPrompt
from graphql_api.types.answers import QueryProblem, Subgraph, SubgraphResult
from kg.errors import QueryError, UnknownName
from kg.query.asking import Explanation as StoredExplanation
from kg.query.asking import PartExplained
from kg.query.build import ask, between
from kg.schema import NODE_BY_LABEL
from kg.values import check_curie

# Further apart nothing says much; the language itself allows more.
_FURTHEST: Final = 6


@strawberry.type(description="A part of a question, with how much it was thought to read and keep, and really did.")
class ExplainedPart:
    what: str = strawberry.field(description="What is done, in words.")
    kind: str = strawberry.field(description="Of which kind the nodes are.")
    estimated_edges: int
    edges: int
    estimated_nodes: int
    nodes: int

    @classmethod
    def of(cls, part: PartExplained) -> Self:
        """Return the GraphQL value of a part."""
        return cls(
            what=part.what,
            kind=part.kind,
            estimated_edges=part.estimated_edges,
            edges=part.edges,
            estimated_nodes=part.estimated_rows,
            nodes=part.rows,
        )


@strawberry.type(description="How a question is answered.")
class Explanation:
    question: str
    tree: JSON = strawberry.field(description="What was understood.")
    plan: str = strawberry.field(description="What is done, part by part, in words.")
    parts: list[ExplainedPart]
    cypher: str = strawberry.field(description="The one statement that it becomes.")
    values: JSON = strawberry.field(description="The values beside it; nothing that was typed is in the statement.")

    @classmethod
    def of(cls, found: StoredExplanation) -> Self:
        """Return the GraphQL value of an explanation."""
        lines = [f"{number}. {part.what}" for number, part in enumerate(found.parts)]
        return cls(
            question=found.question,
            tree=JSON(found.tree),
            plan="\n".join(lines),
            parts=[ExplainedPart.of(part) for part in found.parts],
            cypher=found.statement.text,
            values=JSON(dict(found.statement.values)),
        )


ExplainResult = Annotated[Explanation | QueryProblem, strawberry.union("ExplainResult")]


@strawberry.type(description="What an edge says, in a sentence of our own.")
class Fact:
    id: str
    kind: str
    text: str
    edge_id: strawberry.ID | None
    strength: float | None = strawberry.field(description="The edge's rank, if its kind has one.")

    @classmethod
    def of(cls, told: ToldFact) -> Self:
        """Return the GraphQL value of a fact."""
        edge = None if told.edge is None else strawberry.ID(told.edge)
        return cls(id=told.id, kind=told.kind, text=told.text, edge_id=edge, strength=told.strength)


@strawberry.type(
    description="What the answer to a question says: one fact for each edge, kind by kind, strongest first."
)
class Facts:
    question: str
    release: str
    facts: list[Fact]


FactsResult = Annotated[Facts | QueryProblem, strawberry.union("FactsResult")]


@strawberry.type(description="One turn of the conversation that a model is given.")
class PromptMessage:
    role: str = strawberry.field(description="system, user or assistant.")
    content: str


@strawberry.type(description="What a model would be sent about a disease; nothing is sent.")
class Prompt:
    disease_id: strawberry.ID
    icd10: str | None
    recipe: str
    recipe_hash: str
    language: str
    seed: int
    graph_release: str
    messages: list[PromptMessage]
    facts: list[Fact] = strawberry.field(description="The facts in it.")
    dropped: list[str] = strawberry.field(description="Facts that did not fit into the recipe's budget.")
    tokens: int = strawberry.field(description="About how many tokens the messages take, rather too many.")

    @classmethod
    def of(cls, told: ToldPrompt) -> Self:
        """Return the GraphQL value of a prompt."""
        return cls(
            disease_id=strawberry.ID(told.disease),
            icd10=told.icd10,
            recipe=told.recipe,
            recipe_hash=told.recipe_hash,
            language=told.language,
            seed=told.seed,
            graph_release=told.release,
            messages=[PromptMessage(role=turn.role, content=turn.content) for turn in told.turns],
            facts=[Fact.of(fact) for fact in told.facts],
            dropped=list(told.dropped),
            tokens=told.tokens,
        )


async def _subgraph(info: GraphInfo, question: str) -> SubgraphResult:
    try:
        return Subgraph.of(await info.context.graph.subgraph(question))
    except QueryError as error:
        return QueryProblem.of(error)


async def _explain(info: GraphInfo, question: str) -> ExplainResult:
    try:
        return Explanation.of(await info.context.graph.explain(question))
    except QueryError as error:
        return QueryProblem.of(error)


async def _facts(info: GraphInfo, question: str, language: Language = ENGLISH) -> FactsResult:
    teller = _teller(info)
    try:
        answer = await info.context.graph.subgraph(question)
    except QueryError as error:
        return QueryProblem.of(error)
    facts = [Fact.of(fact) for fact in teller.facts(answer, language.value)]
    return Facts(question=answer.question, release=answer.release, facts=facts)


UpTo = Annotated[int, strawberry.argument(description=f"How many edges a way may have, 1 to {_FURTHEST}.")]
Via = Annotated[list[EdgeKind] | None, strawberry.argument(description="Only along edges of these kinds.")]


async def _between(
    info: GraphInfo, a: strawberry.ID, b: strawberry.ID, up_to: UpTo = 3, via: Via = None, as_of: AsOf = None
) -> SubgraphResult:
    if not 1 <= up_to <= _FURTHEST:
        raise ApiError(BAD_USER_INPUT, f"`upTo` is {up_to}; it may be from 1 to {_FURTHEST}.")
    try:
        moment = await info.context.loaders.moment(as_of)
        found = await info.context.graph.reader.nodes([a, b], moment)
        missing = next((node_id for node_id in (a, b) if node_id not in found), None)
        if missing is not None:
            raise UnknownName(f"nothing has the id {missing[:80]!r}", hint="`search` finds ids by names.")
        start, end = (ask(NODE_BY_LABEL[found[node_id].kind].root, node_id) for node_id in (a, b))
        question = between(start, end, up_to, *(kind.value for kind in via or ()))
        return Subgraph.of(await info.context.graph.subgraph(question if as_of is None else question.as_of(as_of)))
    except QueryError as error:
        return QueryProblem.of(error)


Icd10 = Annotated[str | None, strawberry.argument(description="A code of ICD-10, for instance J20.")]
DiseaseId = Annotated[strawberry.ID | None, strawberry.argument(description="A disease's id, for instance DOID:2841.")]
Recipe = Annotated[str | None, strawberry.argument(description="Name of the recipe; the default one otherwise.")]
Seed = Annotated[int, strawberry.argument(description="The same seed gives the same prompt.")]


async def _prompt(
    info: GraphInfo, icd10: Icd10 = None, disease_id: DiseaseId = None, recipe: Recipe = None, seed: Seed = 0
) -> Prompt:
    if (icd10 is None) == (disease_id is None):
        raise ApiError(BAD_USER_INPUT, "Give exactly one of `icd10`, `diseaseId`.")
    if seed < 0:
        raise ApiError(BAD_USER_INPUT, "`seed` must be 0 or more.")
    teller, reader = _teller(info), info.context.graph.reader
    if icd10 is None:
        disease = await reader.node(check_curie(disease_id or ""))
    else:
        disease = await reader.by_code(icd10)
    if disease is None or disease.kind != "Disease":
        raise ApiError(NOT_FOUND, "No disease of the graph is meant by this.", hint="`search` finds diseases.")
    return Prompt.of(await teller.prompt(icd10 or disease.id, seed, recipe))


def _teller(info: GraphInfo) -> Teller:
    teller = info.context.teller
    if teller is None:
        raise ApiError(UNAVAILABLE, "This service was started without a generator.", hint="Start it with `mkg serve`.")
    return teller


QUESTION_QUERIES: Final[dict[str, Any]] = {
    "subgraph": locked(Role.VIEWER, _subgraph, description="The answer to a question in the query language."),
    "explain": locked(
        Role.VIEWER, _explain, description="How a question is answered: what was understood, planned, read and kept."
    ),
    "facts": locked(Role.VIEWER, _facts, description="What the answer to a question says, in sentences."),
    "between": locked(
        Role.VIEWER, _between, description="The shortest ways between two things, along edges in either direction."
    ),
    "prompt": locked(Role.VIEWER, _prompt, description="What a model would be sent about a disease."),
}
