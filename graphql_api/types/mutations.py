"""The mutations: propose, decide, undo, and have a note written. Refusals are told in the payload's `errors`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final, TypeAlias

import strawberry

from graphql_api.access.keys import Role
from graphql_api.access.locks import locked
from graphql_api.arguments.common import Direction, EdgeKind, Language
from graphql_api.context import GraphInfo
from graphql_api.jobs.failure import NoteFailed
from graphql_api.jobs.fields import JOB_MUTATIONS
from graphql_api.jobs.types import user_error
from graphql_api.problems import BAD_USER_INPUT, NOT_FOUND, ApiError
from graphql_api.types.answers import Note, NotePayload, Proposal, ProposalPayload, UndoPayload, UserError
from graphql_api.types.graph_types import EdgeProperties, claims_of, made
from graphql_api.types.queries import exactly_one
from kg.curation import proposal as curation
from kg.curation.evidence import curated
from kg.errors import CurationError, DataError, KgError, QueryError, StoreConflict, StoreError
from kg.values import check_curie, edge_parts

# What the sender can do something about is told in the payload; the rest is an error of the whole operation.
REFUSALS = (DataError, QueryError, CurationError, StoreConflict)

Operation = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="An id of your own for this request; sent again, it returns the first result."),
]


@strawberry.input(description="An edge and the evidence for it.")
class ProposeEdgeInput:
    kind: EdgeKind
    start: strawberry.ID
    end: strawberry.ID
    reference: str = strawberry.field(description="What says so: a page, an article (PMID:123), an address.")
    snippet: str | None = strawberry.field(description="The sentence that says so, quoted.", default=None)
    direction: Direction = Direction.FOR
    properties: Any = strawberry.field(default=None, graphql_type=EdgeProperties | None)
    note: str = strawberry.field(description="Why; for whoever decides.", default="")
    operation: strawberry.ID | None = strawberry.field(
        description="An id of your own for this request; sent again, it returns the first result.", default=None
    )


@strawberry.input(description="An edge that should leave the graph, and the evidence against it.")
class ProposeRemovalInput:
    edge: strawberry.ID = strawberry.field(description="The edge's id, for instance DOID:2841/HAS_SYMPTOM/HP:0002094.")
    reference: str = strawberry.field(description="What speaks against it: a page, an article (PMID:123), an address.")
    snippet: str | None = strawberry.field(description="The sentence that says so, quoted.", default=None)
    note: str = strawberry.field(description="Why; for whoever decides.", default="")
    operation: strawberry.ID | None = strawberry.field(
        description="An id of your own for this request; sent again, it returns the first result.", default=None
    )


@strawberry.input(description="A name for a node in a language.")
class ProposeNameInput:
    node_id: strawberry.ID
    language: Language
    name: str
    reference: str = strawberry.field(description="Where the name is used: a book, an article, an address.")
    note: str = strawberry.field(description="Why; for whoever decides.", default="")
    operation: strawberry.ID | None = strawberry.field(
        description="An id of your own for this request; sent again, it returns the first result.", default=None
    )


async def _told(step: Awaitable[curation.Proposal]) -> ProposalPayload:
    """Return what became of a step at the desk: the proposal, or why it was refused."""
    try:
        return ProposalPayload(proposal=Proposal.of(await step))
    except REFUSALS as error:
        return ProposalPayload(errors=[UserError.of(error)])


async def _propose_edge(info: GraphInfo, input: ProposeEdgeInput) -> ProposalPayload:
    who = info.context.principal.name
    evidence = curated(
        input.reference,
        by=who,
        claims=claims_of(input.properties),
        snippet=input.snippet,
        against=input.direction is Direction.AGAINST,
    )
    return await _told(
        info.context.graph.desk.propose_edge(
            input.kind.value, input.start, input.end, evidence, by=who, note=input.note, operation=input.operation
        )
    )


async def _propose_removal(info: GraphInfo, input: ProposeRemovalInput) -> ProposalPayload:
    who = info.context.principal.name
    evidence = curated(input.reference, by=who, snippet=input.snippet, against=True)
    try:
        kind, start, end = edge_parts(input.edge)
    except DataError as error:
        return ProposalPayload(errors=[UserError.of(error)])
    desk = info.context.graph.desk
    return await _told(
        desk.propose_removal(kind, start, end, evidence, by=who, note=input.note, operation=input.operation)
    )


async def _propose_name(info: GraphInfo, input: ProposeNameInput) -> ProposalPayload:
    return await _told(
        info.context.graph.desk.propose_name(
            input.node_id,
            input.language.value,
            input.name,
            by=info.context.principal.name,
            note=input.note,
            reference=input.reference,
            operation=input.operation,
        )
    )


Version = Annotated[
    int | None, strawberry.argument(description="The `version` you looked at; refused when it has changed since.")
]


async def _withdraw(
    info: GraphInfo, id: strawberry.ID, note: str = "", version: Version = None, operation: Operation = None
) -> ProposalPayload:
    desk, who = info.context.graph.desk, info.context.principal.name
    return await _told(desk.withdraw(id, by=who, note=note, version=version, operation=operation))


async def _accept(
    info: GraphInfo, id: strawberry.ID, note: str = "", version: Version = None, operation: Operation = None
) -> ProposalPayload:
    desk, who = info.context.graph.desk, info.context.principal.name
    return await _told(desk.accept(id, by=who, note=note, version=version, operation=operation))


async def _reject(
    info: GraphInfo, id: strawberry.ID, note: str = "", version: Version = None, operation: Operation = None
) -> ProposalPayload:
    desk, who = info.context.graph.desk, info.context.principal.name
    return await _told(desk.reject(id, by=who, note=note, version=version, operation=operation))


async def _undo(info: GraphInfo, id: strawberry.ID, note: str = "", operation: Operation = None) -> UndoPayload:
    who = info.context.principal.name
    try:
        made_one = await info.context.graph.desk.undo(id, by=who, note=note, operation=operation)
    except REFUSALS as error:
        return UndoPayload(errors=[UserError.of(error)])
    return UndoPayload(change_set=strawberry.ID(made_one))


Icd10 = Annotated[str | None, strawberry.argument(description="A code of ICD-10, for instance J20.")]
DiseaseId = Annotated[strawberry.ID | None, strawberry.argument(description="A disease's id, for instance DOID:2841.")]
Seed = Annotated[int, strawberry.argument(description="The same seed writes the same note.")]
Recipe = Annotated[str | None, strawberry.argument(description="Name of the recipe; the default one otherwise.")]


async def _generate_note(
    info: GraphInfo, icd10: Icd10 = None, disease_id: DiseaseId = None, seed: Seed = 0, recipe: Recipe = None
) -> NotePayload:
    reader = info.context.graph.reader
    try:
        word, value = exactly_one(icd10=icd10, diseaseId=disease_id)
        # Looked up before the queue, so that a wrong code does not wait for its refusal.
        if word == "icd10":
            disease = await reader.by_code(value)
        else:
            disease = await reader.node(check_curie(value))
        if disease is None or disease.kind != "Disease":
            raise ApiError(
                NOT_FOUND, f"No disease of the graph has {word} {value[:80]!r}.", hint="`search` finds diseases."
            )
        if seed < 0:
            raise ApiError(BAD_USER_INPUT, "`seed` must be 0 or more.")
        row = await info.context.notes.write(value, seed, recipe, info.context.principal.name)
    except NoteFailed as error:
        return NotePayload(errors=[user_error(error.told)])
    except (ApiError, KgError) as error:
        if isinstance(error, StoreError) and not isinstance(error, StoreConflict):
            raise
        return NotePayload(errors=[UserError.of(error)])
    return NotePayload(note=Note.of(row))


# The payloads may be null, so that an error of one field does not hide what another has done.
_PAYLOADS: tuple[tuple[str, Role, Any, Any, str], ...] = (
    ("propose_edge", Role.CURATOR, _propose_edge, ProposalPayload, "Propose an edge, or more evidence for one."),
    (
        "propose_removal",
        Role.CURATOR,
        _propose_removal,
        ProposalPayload,
        "Propose that an edge leaves the graph, with evidence against it.",
    ),
    ("propose_name", Role.CURATOR, _propose_name, ProposalPayload, "Propose a name for a node."),
    ("withdraw_proposal", Role.CURATOR, _withdraw, ProposalPayload, "Take back a proposal of your own."),
    ("accept_proposal", Role.EDITOR, _accept, ProposalPayload, "Accept somebody else's proposal; the graph changes."),
    (
        "reject_proposal",
        Role.EDITOR,
        _reject,
        ProposalPayload,
        "Reject somebody else's proposal; it is kept as rejected.",
    ),
    ("undo_change_set", Role.EDITOR, _undo, UndoPayload, "Take a change set back by a new one."),
    ("generate_note", Role.VIEWER, _generate_note, NotePayload, "Have the local model write a note about a disease."),
)

Resolver: TypeAlias = Callable[..., Awaitable[Any]]
# The steps at the desk. They read of Strawberry's `Info` the context alone.
STEPS: Final[Mapping[str, Resolver]] = {
    name: resolver for name, _, resolver, payload, _ in _PAYLOADS if payload is not NotePayload
}

_FIELDS: dict[str, Any] = {
    **{
        name: locked(role, resolver, description=meaning, graphql_type=payload | None)
        for name, role, resolver, payload, meaning in _PAYLOADS
    },
    **JOB_MUTATIONS,
}

Mutation: Any = strawberry.type(made("Mutation", (), {}, _FIELDS), description="What can be done.")
