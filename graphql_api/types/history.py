"""The graph's history: where it stands, its change sets with their changes, and proposals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Final, Self

import orjson
import strawberry
from strawberry.scalars import JSON

from graphql_api.access.keys import Role
from graphql_api.access.locks import locked
from graphql_api.arguments.common import DEFAULT_FIRST, After, Few, checked_first
from graphql_api.arguments.cursors import decoded, encoded, refused
from graphql_api.context import GraphInfo
from graphql_api.problems import BAD_USER_INPUT, ApiError
from graphql_api.types.answers import Proposal, ProposalKind
from graphql_api.types.interfaces import PageInfo
from kg.changes import Change as StoredChange
from kg.curation.steps import State
from kg.errors import CurationError, ProposalNotFound
from kg.schema import EDGE_KINDS, NODE_KINDS

# Before the first change of all: no batch, and no change in it.
_BEGINNING: Final = (0, -1)
_LARGEST: Final = 2**31


@strawberry.enum(description="What a change set came from.")
class ChangeSetKind(Enum):
    IMPORT = "import"
    PROPOSAL = "proposal"
    UNDO = "undo"


@strawberry.enum(description="Whether a change set is finished; an open one is being written, or a load was killed.")
class ChangeSetStatus(Enum):
    OPEN = "open"
    DONE = "done"


@strawberry.enum(description="What was changed. An alias is another id of a node.")
class ChangeTarget(Enum):
    NODE = "node"
    EDGE = "edge"
    ALIAS = "alias"


@strawberry.enum(description="What was done to it.")
class ChangeAction(Enum):
    MADE = "made"
    CHANGED = "changed"
    REMOVED = "removed"


@strawberry.type(description="How many nodes or edges of a kind there are.")
class Count:
    kind: str
    number: int


@strawberry.type(description="Where the graph stands and what it holds.")
class GraphState:
    release: str = strawberry.field(description="The newest change set.")
    change_sets: int = strawberry.field(description="How many change sets there were.")
    nodes: list[Count]
    edges: list[Count]


@strawberry.type(description="One thing that a change set changed, with its state before and after.")
class Change:
    id: strawberry.ID = strawberry.field(description="The id of the node, the edge or the alias.")
    target: ChangeTarget
    action: ChangeAction
    before: JSON | None
    after: JSON | None

    @classmethod
    def of(cls, change: StoredChange) -> Self:
        """Return the GraphQL value of a change as the ledger gives it."""
        action = ChangeAction.CHANGED
        if change.before is None or change.after is None:
            action = ChangeAction.MADE if change.before is None else ChangeAction.REMOVED
        return cls(
            id=strawberry.ID(change.id),
            target=ChangeTarget(change.target),
            action=action,
            before=None if change.before is None else JSON(dict(change.before)),
            after=None if change.after is None else JSON(dict(change.after)),
        )


@strawberry.type(description="A change at its place in a change set.")
class ChangeEdge:
    cursor: str
    node: Change


@strawberry.type(description="A page of changes, in the order in which they were made.")
class ChangeConnection:
    edges: list[ChangeEdge]
    page_info: PageInfo
    total_count: int

    @strawberry.field(description="The changes alone.")
    def nodes(self) -> list[Change]:
        return [edge.node for edge in self.edges]


@strawberry.type(description="A step of the graph's history: an import, an accepted proposal or an undo.")
class ChangeSet:
    id: strawberry.ID
    seq: int = strawberry.field(description="Its number in the history, from 1.")
    kind: str
    title: str
    by: str
    at: str
    status: str
    changed: int = strawberry.field(description="How many nodes and edges it changed.")
    parent: str | None = strawberry.field(description="The change set before it.")
    about: JSON

    @strawberry.field(description="What it changed.")
    async def changes(self, info: GraphInfo, first: Few = DEFAULT_FIRST, after: After = None) -> ChangeConnection:
        size = checked_first(first)
        place = _place(self.id, after)
        found = await info.context.graph.ledger.changes_after(self.id, place, size + 1)
        edges = [
            ChangeEdge(cursor=encoded(["changes", self.id, *at]), node=Change.of(change)) for at, change in found[:size]
        ]
        page = PageInfo(
            has_next_page=len(found) > size,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )
        return ChangeConnection(edges=edges, page_info=page, total_count=self.changed)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Return the GraphQL value of a change set as the ledger gives it."""
        return cls(
            id=strawberry.ID(row["id"]),
            seq=row["seq"],
            kind=row["kind"],
            title=row["title"],
            by=row["by"],
            at=row["at"],
            status=row["status"],
            changed=row.get("changed", 0),
            parent=row.get("parent") or None,
            about=JSON(orjson.loads(row.get("about") or "{}")),
        )


def _place(change_set: str, cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return _BEGINNING
    match decoded(cursor):
        case ["changes", str(known), int(batch), int(index)] if (
            known == change_set and 0 <= batch < _LARGEST and 0 <= index < _LARGEST
        ):
            return batch, index
        case _:
            raise refused()


Since = Annotated[
    str | None, strawberry.argument(description="Not older than this day or time, for instance 2026-11-01.")
]
By = Annotated[str | None, strawberry.argument(description="Of this person only.")]
Older = Annotated[int | None, strawberry.argument(description="Only those with a smaller `seq`, to page backwards.")]
Earlier = Annotated[str | None, strawberry.argument(description="Only those with an earlier `at`, to page backwards.")]


def time_of(text: str | None, argument: str) -> str | None:
    """Return a day or a time as times are kept, in UTC with microseconds; raises ApiError when it is none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        # Without a zone it is taken as UTC, as everything that is told here.
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ApiError(
            BAD_USER_INPUT, f"`{argument}` is no time: {text[:40]!r}.", hint="Write 2026-11-01 or 2026-11-01T08:30:00Z."
        ) from error
    return moment.isoformat(timespec="microseconds")


async def _graph(info: GraphInfo) -> GraphState:
    position = await info.context.graph.ledger.position()
    counts = await info.context.graph.reader.counts()
    return GraphState(
        release=position["head"],
        change_sets=position["seq"],
        nodes=[Count(kind=kind.label, number=counts[kind.label]) for kind in NODE_KINDS],
        edges=[Count(kind=kind.type, number=counts[kind.type]) for kind in EDGE_KINDS],
    )


async def _change_set(info: GraphInfo, id: strawberry.ID) -> ChangeSet | None:
    try:
        return ChangeSet.of(await info.context.graph.ledger.change_set(id))
    except CurationError:
        return None


async def _change_sets(
    info: GraphInfo,
    first: Few = DEFAULT_FIRST,
    before: Older = None,
    kind: ChangeSetKind | None = None,
    by: By = None,
    status: ChangeSetStatus | None = None,
    since: Since = None,
) -> list[ChangeSet]:
    rows = await info.context.graph.ledger.change_sets(
        checked_first(first),
        2**62 if before is None else before,
        kind=None if kind is None else kind.value,
        by=by,
        status=None if status is None else status.value,
        since=time_of(since, "since"),
    )
    return [ChangeSet.of(row) for row in rows]


async def _proposals(
    info: GraphInfo,
    status: State | None = None,
    first: Few = DEFAULT_FIRST,
    before: Earlier = None,
    kind: ProposalKind | None = None,
    by: By = None,
    since: Since = None,
) -> list[Proposal]:
    found = await info.context.graph.desk.proposals(
        status,
        checked_first(first),
        kind=None if kind is None else kind.value,  # pyright: ignore[reportArgumentType]
        by=by,
        since=time_of(since, "since"),
        before=time_of(before, "before"),
    )
    return [Proposal.of(item) for item in found]


async def _proposal(info: GraphInfo, id: strawberry.ID) -> Proposal | None:
    try:
        return Proposal.of(await info.context.graph.desk.proposal(id))
    except ProposalNotFound:
        return None


HISTORY_QUERIES: Final[dict[str, Any]] = {
    "graph": locked(Role.VIEWER, _graph, description="Where the graph stands and what it holds."),
    "change_set": locked(Role.VIEWER, _change_set, description="The change set of that id."),
    "change_sets": locked(Role.VIEWER, _change_sets, description="The history, newest first."),
    "proposals": locked(Role.VIEWER, _proposals, description="Proposals, newest first."),
    "proposal": locked(Role.VIEWER, _proposal, description="The proposal of that id."),
}
