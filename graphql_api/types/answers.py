"""What the service answers beside the graph's own types: subgraphs, hits, change sets, proposals, notes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any, Self

import orjson
import strawberry
from strawberry.scalars import JSON

from graphql_api import problems
from graphql_api.arguments.common import Kind
from graphql_api.problems import BAD_USER_INPUT, code_of, extensions_of
from graphql_api.types.graph_types import AnyEdge, any_edge_of, entity_of
from graphql_api.types.interfaces import Entity
from kg.curation.proposal import Proposal as StoredProposal
from kg.curation.steps import State
from kg.errors import AmbiguousName, KgError, QueryError
from kg.reading import Found
from kg.subgraph import Subgraph as StoredSubgraph

# The desk's own states, so that a new one appears here by itself.
strawberry.enum(State, name="ProposalStatus", description="Where a proposal stands.")


@strawberry.enum(description="What a proposal is about.")
class ProposalKind(Enum):
    EDGE = "edge"
    NAME = "name"
    REMOVAL = "removal"


@strawberry.enum(description="Why something was not done.")
class ErrorCode(Enum):
    BAD_USER_INPUT = problems.BAD_USER_INPUT
    NOT_FOUND = problems.NOT_FOUND
    CONFLICT = problems.CONFLICT
    BUSY = problems.BUSY
    TIMEOUT = problems.TIMEOUT
    SERVICE_UNAVAILABLE = problems.UNAVAILABLE
    INTERNAL_SERVER_ERROR = problems.INTERNAL


@strawberry.type(description="One stride of the walk; `step` counts from 1.")
class Hop:
    step: int
    start: strawberry.ID
    edge: strawberry.ID
    end: strawberry.ID


@strawberry.type(description="The nodes of a step that the question named with `as`.")
class Label:
    name: str
    nodes: list[Entity]


@strawberry.type(description="The part of the graph that a question reaches.")
class Subgraph:
    question: str
    nodes: list[Entity] = strawberry.field(description="All nodes that lie on a way to the answer, by id.")
    edges: list[Any] = strawberry.field(
        graphql_type=list[AnyEdge], description="All edges that lie on a way to the answer, by id."
    )
    roots: list[Entity] = strawberry.field(description="Where the walk began.")
    answer: list[Entity] = strawberry.field(description="The nodes of the last step, in order.")
    hops: list[Hop]
    labels: list[Label]
    truncated: list[int] = strawberry.field(description="Steps whose limit cut something off.")
    release: str = strawberry.field(description="The change set that the graph stood at.")
    paths: list[list[strawberry.ID]] = strawberry.field(
        description="Ways from a root to the answer: ids of node, edge, node and so on."
    )

    @classmethod
    def of(cls, found: StoredSubgraph) -> Self:
        """Return the GraphQL value of an answer."""
        entities = {node_id: entity_of(node) for node_id, node in sorted(found.nodes.items())}
        return cls(
            question=found.question,
            nodes=list(entities.values()),
            edges=[any_edge_of(edge) for _, edge in sorted(found.edges.items())],
            roots=[entities[node_id] for node_id in found.roots if node_id in entities],
            answer=[entities[node_id] for node_id in found.answer],
            hops=[
                Hop(
                    step=hop.step,
                    start=strawberry.ID(hop.start),
                    edge=strawberry.ID(hop.edge),
                    end=strawberry.ID(hop.end),
                )
                for hop in found.hops
            ],
            labels=[
                Label(name=name, nodes=[entities[node_id] for node_id in ids if node_id in entities])
                for name, ids in found.labels.items()
            ],
            truncated=list(found.truncated),
            release=found.release,
            paths=[[strawberry.ID(part) for part in path] for path in found.paths],
        )


@strawberry.type(description="A node that a name may have meant.")
class Candidate:
    id: strawberry.ID
    name: str


@strawberry.type(description="Why a question has no answer.")
class QueryProblem:
    message: str
    at: int | None = strawberry.field(description="Where in the question, in characters from 0.")
    place: str | None = strawberry.field(description="The line with a mark under the place.")
    hint: str | None
    candidates: list[Candidate]

    @classmethod
    def of(cls, error: QueryError) -> Self:
        """Return the GraphQL value of a refused question."""
        found = error.candidates if isinstance(error, AmbiguousName) else ()
        return cls(
            message=error.message,
            at=error.at,
            place=error.place,
            hint=error.hint,
            candidates=[Candidate(id=strawberry.ID(node_id), name=name) for node_id, name in found],
        )


SubgraphResult = Annotated[Subgraph | QueryProblem, strawberry.union("SubgraphResult")]


@strawberry.type(description="A node that a search found.")
class SearchHit:
    node: Entity
    matched: str = strawberry.field(description="The name or synonym by which it was found; its name, by meaning.")
    score: float = strawberry.field(
        description="How well it fits, comparable within one search; by meaning, 1 says the same, about 0 is far away."
    )

    @classmethod
    def of(cls, found: Found) -> Self:
        """Return the GraphQL value of a hit."""
        return cls(node=entity_of(found.node), matched=found.matched, score=found.score)


@strawberry.type(description="A change that somebody proposes and somebody else decides on.")
class Proposal:
    id: strawberry.ID
    kind: ProposalKind
    status: State
    version: int = strawberry.field(
        description="Send it along with a decision, so that two people do not decide at once."
    )
    title: str = strawberry.field(description="What is proposed, in words.")
    what: JSON = strawberry.field(description="The proposed edge with its evidence, or the proposed name.")
    by: str
    note: str
    at: str
    decided_by: str | None
    decided_at: str | None
    decision_note: str | None
    change_set: strawberry.ID | None = strawberry.field(description="The change set that an acceptance made.")

    @classmethod
    def of(cls, stored: StoredProposal) -> Self:
        """Return the GraphQL value of a proposal."""
        return cls(
            id=strawberry.ID(stored.id),
            kind=ProposalKind(stored.kind),
            status=stored.status,
            version=stored.version,
            title=stored.title,
            what=JSON(orjson.loads(orjson.dumps(dict(stored.what), default=dict))),
            by=stored.by,
            note=stored.note,
            at=stored.at,
            decided_by=stored.decided_by,
            decided_at=stored.decided_at,
            decision_note=stored.decision_note,
            change_set=strawberry.ID(stored.change_set) if stored.change_set else None,
        )


@strawberry.type(description="Why a mutation did nothing.")
class UserError:
    code: ErrorCode
    message: str
    place: str | None = None
    hint: str | None = None
    retry_after: int | None = strawberry.field(description="Seconds until another try makes sense.", default=None)
    candidates: list[Candidate] = strawberry.field(default_factory=list)

    @classmethod
    def of(cls, error: Exception) -> Self:
        """Return the GraphQL value of an expected failure."""
        told = extensions_of(error, code_of(error) or BAD_USER_INPUT)
        return cls(
            code=ErrorCode(told["code"]),
            message=getattr(error, "message", str(error)),
            place=error.place if isinstance(error, KgError) else None,
            hint=told.get("hint"),
            retry_after=told.get("retryAfter"),
            candidates=[Candidate(id=strawberry.ID(row["id"]), name=row["name"]) for row in told.get("candidates", ())],
        )


@strawberry.type(description="A proposal after a step, or the errors that kept it from being taken.")
class ProposalPayload:
    proposal: Proposal | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type(description="The change set that an undo made, or the errors that kept it from being made.")
class UndoPayload:
    change_set: strawberry.ID | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type(description="A fact that the note was to tell, and whether it does.")
class NoteFact:
    id: str
    kind: str
    text: str
    edge_id: strawberry.ID | None
    told: bool


@strawberry.type(description="A synthetic note whose facts point back to edges of the graph. Not clinically reviewed.")
class Note:
    id: strawberry.ID
    icd10: str | None
    disease_id: strawberry.ID | None
    language: str
    text: str
    facts: list[NoteFact]
    check: JSON = strawberry.field(description="What the check found: told, missed, invented, passed.")
    passed: bool = strawberry.field(description="Whether the note passed the check.")
    question: str | None
    recipe: str | None
    recipe_hash: str | None
    model: str | None
    seed: int
    graph_release: str | None
    row: JSON = strawberry.field(description="All of it, as `mkg generate notes` writes it.")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Return the GraphQL value of a row of notes.jsonl."""
        check = row["check"]
        return cls(
            id=strawberry.ID(str(row["id"])),
            icd10=row.get("icd10"),
            disease_id=strawberry.ID(row["disease_id"]) if row.get("disease_id") else None,
            language=row["language"],
            text=row["text"],
            facts=[
                NoteFact(
                    id=str(fact["id"]),
                    kind=fact["kind"],
                    text=fact["text"],
                    edge_id=strawberry.ID(fact["edge_id"]) if fact.get("edge_id") else None,
                    told=bool(fact["told"]),
                )
                for fact in row["facts"]
            ],
            check=JSON(check),
            passed=bool(check["passed"]),
            question=_text(row.get("question")),
            recipe=row.get("recipe"),
            recipe_hash=row.get("recipe_hash"),
            model=_text(row.get("model")),
            seed=row["seed"],
            graph_release=row.get("graph_release"),
            row=JSON(dict(row)),
        )


def _text(value: Any) -> str | None:
    """Return a value that may be structured as text."""
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


@strawberry.type(description="A note, or the errors that kept it from being written.")
class NotePayload:
    note: Note | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


KindList = Annotated[list[Kind] | None, strawberry.argument(description="Only nodes of these kinds.")]
