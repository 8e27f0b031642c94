"""What can be asked of jobs and done with them: queries, mutations and the subscription."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated, Any, Final

import strawberry

from graphql_api.access.keys import Principal, Role
from graphql_api.access.locks import Needs, locked
from graphql_api.arguments.common import DEFAULT_FIRST, Few, checked_first
from graphql_api.context import GraphInfo
from graphql_api.jobs.record import PREFIX, Status, Wanted
from graphql_api.jobs.types import Job, JobEvent, JobPayload, event_of
from graphql_api.problems import BAD_USER_INPUT, NOT_FOUND, ApiError
from graphql_api.types.answers import UserError
from graphql_api.types.graph_types import made
from kg.errors import AmbiguousName, DataError
from kg.reading.reader import Reader
from kg.subgraph import SubgraphNode
from kg.values import check_curie

# Each is looked up before the job is taken in.
_MOST_DISEASES: Final = 100
_MOST_PLANNED: Final = 300

NotesFrom = Annotated[
    int | None,
    strawberry.argument(description="Tell of notes from this place on, finished ones too; else of those to come."),
]


@strawberry.input(description="So many notes about a code, as a row of a plan says.")
class PlannedNotesInput:
    icd10: str = strawberry.field(description="A code of ICD-10; its diseases take turns if they are several.")
    number: int = strawberry.field(description="Notes about it.", default=1)


@strawberry.input(
    description="Notes to be written: `number` about each disease, given by codes, by ids or both; or those of a plan."
)
class StartNotesInput:
    icd10: list[str] = strawberry.field(description="Codes of ICD-10, for instance J20.", default_factory=list)
    diseases: list[strawberry.ID] = strawberry.field(description="Ids of diseases.", default_factory=list)
    number: int = strawberry.field(description="Notes about each disease.", default=1)
    plan: list[PlannedNotesInput] = strawberry.field(
        description="Numbers of their own for each code, instead of `icd10`, `diseases` and `number`.",
        default_factory=list,
    )
    recipe: str | None = strawberry.field(
        description="Name of the recipe; several, with commas, take turns. The default one otherwise.", default=None
    )
    seed: int = strawberry.field(description="The same seed writes the same notes.", default=0)
    operation: strawberry.ID | None = strawberry.field(
        description="An id of your own for this request; sent again, it returns the same job.", default=None
    )


def whose(principal: Principal) -> str | None:
    """Return whose jobs this person sees: their own; an admin sees everybody's."""
    return None if principal.role >= Role.ADMIN else principal.name


def job_of(info: GraphInfo, job_id: str) -> Job | None:
    """Return a job that the sender may see, or None."""
    record = info.context.notes.job(job_id, whose(info.context.principal))
    return None if record is None else Job.of(record)


def is_job(node_id: str) -> bool:
    """Say whether an id is that of a job, for `node(id:)`."""
    return node_id.startswith(PREFIX)


async def _job(info: GraphInfo, id: strawberry.ID) -> Job | None:
    return job_of(info, id)


async def _jobs(info: GraphInfo, status: Status | None = None, first: Few = DEFAULT_FIRST) -> list[Job]:
    found = info.context.notes.jobs(status, checked_first(first), whose(info.context.principal))
    return [Job.of(record) for record in found]


async def _start_notes(info: GraphInfo, input: StartNotesInput) -> JobPayload:
    try:
        wanted = _wanted(input)
        missing = await _missing(info, input)
        if missing:
            return JobPayload(errors=[UserError.of(error) for error in missing])
        return JobPayload(job=Job.of(info.context.notes.start(wanted, info.context.principal.name, input.operation)))
    except (ApiError, DataError) as error:
        return JobPayload(errors=[UserError.of(error)])


async def _cancel_job(info: GraphInfo, id: strawberry.ID) -> JobPayload:
    try:
        return JobPayload(job=Job.of(await info.context.notes.cancel(id, whose(info.context.principal))))
    except ApiError as error:
        return JobPayload(errors=[UserError.of(error)])


async def _job_progress(
    info: GraphInfo, id: strawberry.ID, notes_from: NotesFrom = None
) -> AsyncGenerator[JobEvent, None]:
    if notes_from is not None and notes_from < 0:
        raise ApiError(BAD_USER_INPUT, "`notesFrom` must be 0 or more.")
    events = info.context.notes.watch(id, whose(info.context.principal), notes_from)

    async def told() -> AsyncGenerator[JobEvent, None]:
        async for event in events:
            yield event_of(event)

    return told()


def _wanted(input: StartNotesInput) -> Wanted:
    if input.plan:
        return _planned(input)
    diseases = (*input.icd10, *(check_curie(disease) for disease in input.diseases))
    if not 1 <= len(diseases) <= _MOST_DISEASES:
        raise ApiError(BAD_USER_INPUT, f"Give from 1 to {_MOST_DISEASES} codes and ids of diseases.")
    if len(set(diseases)) < len(diseases):
        raise ApiError(BAD_USER_INPUT, "A disease is named twice.", hint="`number` asks for several notes about it.")
    if input.number < 1 or input.seed < 0:
        raise ApiError(BAD_USER_INPUT, "`number` must be at least 1, and `seed` 0 or more.")
    return Wanted(diseases, input.number, input.seed, input.recipe)


def _planned(input: StartNotesInput) -> Wanted:
    if input.icd10 or input.diseases or input.number != 1:
        raise ApiError(BAD_USER_INPUT, "A plan names its codes and numbers itself; leave the others out.")
    codes, counts = tuple(row.icd10 for row in input.plan), tuple(row.number for row in input.plan)
    if len(codes) > _MOST_PLANNED:
        raise ApiError(BAD_USER_INPUT, f"The plan has {len(codes)} rows; {_MOST_PLANNED} are allowed.")
    if len(set(codes)) < len(codes):
        raise ApiError(BAD_USER_INPUT, "A code stands in the plan twice.", hint="Add the two numbers up.")
    if min(counts) < 1 or input.seed < 0:
        raise ApiError(BAD_USER_INPUT, "Each `number` must be at least 1, and `seed` 0 or more.")
    return Wanted(codes, 0, input.seed, input.recipe, counts)


async def _missing(info: GraphInfo, input: StartNotesInput) -> list[ApiError]:
    """Return an error for each disease that the graph does not have, so that no job has to wait for its refusal."""
    reader = info.context.graph.reader
    by_id = await reader.nodes([str(disease) for disease in input.diseases]) if input.diseases else {}
    by_code = await asyncio.gather(*(reader.by_code(code) for code in input.icd10))
    named = [("icd10", code, node) for code, node in zip(input.icd10, by_code, strict=True)]
    planned = await asyncio.gather(*(_planned_disease(reader, row.icd10) for row in input.plan))
    named += [("icd10", row.icd10, node) for row, node in zip(input.plan, planned, strict=True)]
    named += [("id", disease, by_id.get(disease)) for disease in input.diseases]
    return [
        ApiError(NOT_FOUND, f"No disease of the graph has {word} {value[:80]!r}.", hint="`search` finds diseases.")
        for word, value, node in named
        if node is None or node.kind != "Disease"
    ]


async def _planned_disease(reader: Reader, code: str) -> SubgraphNode | None:
    """Return a disease that the code means; of several any one, since they take turns in a plan."""
    try:
        return await reader.by_code(code)
    except AmbiguousName as error:
        return await reader.node(error.candidates[0][0])


JOB_QUERIES: Final[dict[str, Any]] = {
    "job": locked(Role.VIEWER, _job, description="The job of that id, if it is yours."),
    "jobs": locked(Role.VIEWER, _jobs, description="Your jobs, newest first; an admin sees everybody's."),
}
JOB_MUTATIONS: Final[dict[str, Any]] = {
    "start_notes": locked(
        Role.VIEWER,
        _start_notes,
        description="Have notes written behind the scenes; they are there when they are ready, whoever has left.",
        graphql_type=JobPayload | None,
    ),
    "cancel_job": locked(
        Role.VIEWER,
        _cancel_job,
        description="End a job of yours within a token; its finished notes are kept. An admin ends anybody's.",
        graphql_type=JobPayload | None,
    ),
}


_WATCHED: Final[dict[str, Any]] = {
    "job_progress": strawberry.subscription(
        _job_progress,
        graphql_type=JobEvent,
        description="What happens to a job of yours until it ends: how it stands first, then tokens and notes.",
        extensions=[Needs(Role.VIEWER)],
    )
}

Subscription: Any = strawberry.type(made("Subscription", (), {}, _WATCHED), description="What can be watched.")
