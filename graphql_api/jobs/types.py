"""Jobs as GraphQL shows them: how one stands, its notes page by page, and the events of whoever watches."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

import strawberry

from graphql_api.arguments.common import DEFAULT_FIRST, After, Few, checked_first
from graphql_api.context import GraphInfo
from graphql_api.jobs import watch
from graphql_api.jobs.record import Record, Status
from graphql_api.problems import BAD_USER_INPUT, ApiError
from graphql_api.types.answers import Candidate, ErrorCode, Note, UserError
from graphql_api.types.interfaces import Node, PageInfo

_CURSOR: Final = re.compile(r"note-(\d{1,9})")

JobStatus = strawberry.enum(Status, name="JobStatus", description="Where a job stands.")


@strawberry.type(description="How far a job is.")
class JobProgress:
    done: int = strawberry.field(description="Notes that are finished.")
    total: int = strawberry.field(description="Notes in all.")
    tokens_per_second: float | None = strawberry.field(description="How fast the model writes, by the notes so far.")
    seconds_left: float | None = strawberry.field(description="For how long it will still write, by the notes so far.")


@strawberry.type(description="A note at its place in a job.")
class JobNoteEdge:
    cursor: str
    node: Note


@strawberry.type(description="A page of a job's notes.")
class JobNoteConnection:
    edges: list[JobNoteEdge]
    page_info: PageInfo
    total_count: int = strawberry.field(description="Notes that are finished.")

    @strawberry.field(description="The notes alone.")
    def nodes(self) -> list[Note]:
        return [edge.node for edge in self.edges]


@strawberry.type(description="How many notes a plan wants of a code.")
class PlannedNotes:
    icd10: str
    number: int


@strawberry.type(description="Notes that are written behind the scenes; only who started it and admins see a job.")
class Job(Node):
    status: Status
    progress: JobProgress
    diseases: list[str] = strawberry.field(description="What the notes are about, as it was asked for.")
    number: int | None = strawberry.field(description="Notes about each disease; null when a plan says.")
    plan: list[PlannedNotes] = strawberry.field(description="How many notes each code gets; empty without a plan.")
    recipe: str | None
    seed: int
    started_by: str
    at: str = strawberry.field(description="When it was taken in, in UTC.")
    started_at: str | None = strawberry.field(description="When its first note was begun, in UTC.")
    ended_at: str | None
    error: UserError | None = strawberry.field(description="Why it failed; its finished notes are there nevertheless.")
    record: strawberry.Private[Record]

    @strawberry.field(description="Its place among those that wait: 1 is next. Null when it does not wait.")
    def queue_position(self, info: GraphInfo) -> int | None:
        return info.context.notes.place(self.record)

    @strawberry.field(description="The finished notes, in order.")
    def notes(self, info: GraphInfo, first: Few = DEFAULT_FIRST, after: After = None) -> JobNoteConnection:
        wanted, start = checked_first(first), _start(after)
        rows = info.context.notes.notes(self.record, start, wanted)
        edges = [JobNoteEdge(cursor=f"note-{place}", node=Note.of(row)) for place, row in enumerate(rows, start=start)]
        page = PageInfo(
            has_next_page=start + len(rows) < self.record.done,
            has_previous_page=start > 0,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )
        return JobNoteConnection(edges=edges, page_info=page, total_count=self.record.done)

    @classmethod
    def of(cls, record: Record) -> Self:
        """Return the GraphQL value of a job."""
        return cls(
            id=strawberry.ID(record.id),
            status=record.status,
            progress=JobProgress(
                done=record.done,
                total=record.wanted.total,
                tokens_per_second=record.tokens_per_second(),
                seconds_left=record.seconds_left(time.time()),
            ),
            diseases=list(record.wanted.diseases),
            number=None if record.wanted.is_plan else record.wanted.number,
            plan=[PlannedNotes(icd10=code, number=count) for code, count in record.wanted.plan],
            recipe=record.wanted.recipe,
            seed=record.wanted.seed,
            started_by=record.by,
            at=record.at,
            started_at=record.started_at,
            ended_at=record.ended_at,
            error=None if record.error is None else user_error(record.error),
            record=record,
        )


@strawberry.type(description="A job, or the errors that kept it from being started or cancelled.")
class JobPayload:
    job: Job | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type(description="How the job stands now: told first, and when status, notes or place in the queue change.")
class JobProgressed:
    job: Job


@strawberry.type(description="What the model has written since the last event. It has not been checked yet.")
class JobToken:
    note_index: int = strawberry.field(description="Which note of the job it belongs to, from 0.")
    attempt: int = strawberry.field(description="Which attempt, from 0; a higher one begins the text anew.")
    text: str


@strawberry.type(description="A finished note. Each is told once, in order.")
class JobNoteDone:
    note_index: int
    note: Note


@strawberry.type(description="The last event: how the job ended.")
class JobEnded:
    job: Job


JobEvent = Annotated[JobProgressed | JobToken | JobNoteDone | JobEnded, strawberry.union("JobEvent")]


def event_of(event: watch.Event) -> JobProgressed | JobToken | JobNoteDone | JobEnded:
    """Return the GraphQL value of an event."""
    match event:
        case watch.Progressed(record):
            return JobProgressed(job=Job.of(record))
        case watch.Piece(note_index, attempt, text):
            return JobToken(note_index=note_index, attempt=attempt, text=text)
        case watch.NoteDone(note_index, row):
            return JobNoteDone(note_index=note_index, note=Note.of(row))
        case watch.Ended(record):
            return JobEnded(job=Job.of(record))


def user_error(told: Mapping[str, Any]) -> UserError:
    """Return the GraphQL value of a failure as a job keeps it."""
    return UserError(
        code=ErrorCode(told["code"]),
        message=told["message"],
        place=told.get("place"),
        hint=told.get("hint"),
        retry_after=told.get("retryAfter"),
        candidates=[Candidate(id=strawberry.ID(row["id"]), name=row["name"]) for row in told.get("candidates", ())],
    )


def _start(after: str | None) -> int:
    if after is None:
        return 0
    found = _CURSOR.fullmatch(after)
    if found is None:
        raise ApiError(
            BAD_USER_INPUT,
            "The cursor in `after` does not belong to this list.",
            hint="Take `endCursor` of the page before.",
        )
    return int(found[1]) + 1
