"""The desk where proposals are made and decided: joins the table of steps to the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import orjson

from kg.curation import undo, wish
from kg.curation.given import note_of, operation_name, person
from kg.curation.log import LogEntry
from kg.curation.proposal import Proposal, ProposalKind
from kg.curation.proposing import Proposing, around
from kg.curation.steps import State, Step, check_person, taken
from kg.errors import ProposalNotFound, StepRefused
from kg.ledger import Draft, Ledger
from kg.statements import fixed
from kg.store import Store, Transaction
from kg.values import Evidence

# What one transaction can take back within its deadline and its memory.
MAX_UNDONE: Final = 20_000
_UNDO_SECONDS: Final = 60.0


class Desk:
    """Takes proposals and decisions.

    Every call that writes takes an `operation`: repeated with the same one, it returns what it returned the first time
    and changes nothing. Without one, each call is a new operation. Names of people are plain text; who may speak
    under which name is for the caller to know. Each write raises CurationError or RecordRejected when it makes no
    sense, and a StoreError when the database fails.
    """

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger
        self._proposing = Proposing(store, ledger)

    async def propose_edge(
        self,
        kind: str,
        start: str,
        end: str,
        evidence: Evidence,
        *,
        by: str,
        note: str = "",
        operation: str | None = None,
    ) -> Proposal:
        """Propose evidence for or against an edge; the edge is made when there is none yet.

        The same thing proposed again while it is open is the same proposal.
        """
        what = wish.edge_wish(kind, start, end, evidence)
        return await self._proposing.propose("edge", what, by, note, operation)

    async def propose_removal(
        self,
        kind: str,
        start: str,
        end: str,
        evidence: Evidence,
        *,
        by: str,
        note: str = "",
        operation: str | None = None,
    ) -> Proposal:
        """Propose that an edge leaves the graph, with evidence against it; what spoke for it comes back by an undo.

        The acceptance is refused when there is evidence by then that was not there when this was proposed.
        """
        what = wish.removal_wish(kind, start, end, evidence)
        return await self._proposing.propose("removal", what, by, note, operation)

    async def propose_name(
        self,
        node_id: str,
        language: str,
        name: str,
        *,
        by: str,
        reference: str,
        note: str = "",
        operation: str | None = None,
    ) -> Proposal:
        """Propose the name of a node in one language; the name it has now will be a synonym."""
        what = wish.name_wish(node_id, language, name, reference)
        return await self._proposing.propose("name", what, by, note, operation)

    async def accept(
        self, proposal_id: str, *, by: str, note: str = "", version: int | None = None, operation: str | None = None
    ) -> Proposal:
        """Bring a proposal into the graph as one change set; not by its author.

        With `version` given, it is refused when the proposal has taken a step since that version was looked at.
        """
        by, note = person(by), note_of(note)

        async def work(transaction: Transaction) -> dict[str, Any]:
            place = await self._ledger.lock(transaction)
            proposal = await self._taken(transaction, proposal_id, Step.ACCEPT, by, version)
            about = {"proposal": proposal.id, "proposed_by": proposal.by, "why": proposal.note, "note": note}
            draft = Draft("proposal", proposal.title, by, proposal.id, about)
            nodes, edge = await around(self._ledger, transaction, proposal.what)
            change = wish.granted(proposal.what, nodes, edge, place.id_for(draft), place.at)
            change_set = await self._ledger.record(transaction, draft, [change], place)
            entry = LogEntry(place.at, by, Step.ACCEPT.value, proposal.title, note, proposal.id, change_set)
            return (await self._decide(transaction, proposal, entry)).as_json()

        return await self._write(work, operation, Step.ACCEPT, proposal_id)

    async def reject(
        self, proposal_id: str, *, by: str, note: str = "", version: int | None = None, operation: str | None = None
    ) -> Proposal:
        """Keep a proposal out of the graph for good; not by its author."""
        return await self._close(Step.REJECT, proposal_id, by, note, version, operation)

    async def withdraw(
        self, proposal_id: str, *, by: str, note: str = "", version: int | None = None, operation: str | None = None
    ) -> Proposal:
        """Take back a proposal of one's own that nobody has decided yet."""
        return await self._close(Step.WITHDRAW, proposal_id, by, note, version, operation)

    async def undo(self, change_set_id: str, *, by: str, note: str = "", operation: str | None = None) -> str:
        """Take a change set back and return the id of the change set that does so; an undo can be undone as well.

        `change_set_id` may also be the id of a proposal, and means the change set that brought it in last. Raises
        StepRefused with a line for each thing that was changed later; then nothing is taken back.
        """
        by, note = person(by), note_of(note)
        wanted_id = await self._change_set_of(change_set_id)
        head = await self._ledger.change_set(wanted_id)
        _check_can_be_undone(head)
        wanted = undo.taken_back(await self._ledger.changes(wanted_id))
        about: dict[str, Any] = orjson.loads(head["about"])
        step = Step.RESTORE if about.get("step") == Step.UNDO else Step.UNDO

        async def work(transaction: Transaction) -> str:
            place = await self._ledger.lock(transaction)
            undo.check_unchanged(undo.conflicts(wanted, await self._ledger.states(transaction, wanted)))
            subject = about.get("proposal")
            proposal = await self._taken(transaction, subject, step, by, None) if subject else None
            told = {"undoes": wanted_id, "proposal": subject, "note": note, "step": step.value}
            draft = Draft("undo", head["title"], by, wanted_id, told)
            change_set = await self._ledger.record(transaction, draft, wanted, place)
            entry = LogEntry(place.at, by, step.value, head["title"], note, subject, change_set)
            if proposal:
                await self._decide(transaction, proposal, entry)
            else:
                await self._note_down(transaction, entry)
            return change_set

        name = operation_name(operation, "undo", change_set_id)
        return await self._store.write(work, operation=name, deadline=_UNDO_SECONDS)

    async def proposals(
        self,
        status: State | None = None,
        limit: int = 50,
        *,
        kind: ProposalKind | None = None,
        by: str | None = None,
        since: str | None = None,
        before: str | None = None,
    ) -> list[Proposal]:
        """Return the newest proposals, newest first; only those that fit what is told.

        `since` and `before` are times as they are kept: ISO 8601 in UTC with microseconds.
        """
        state = status.value if status else None
        told = {"status": state, "kind": kind, "by": by, "since": since, "before": before, "limit": limit}
        rows = await self._store.read(fixed("curation/proposals", **told))
        return [Proposal.of_json(row["proposal"]) for row in rows]

    async def proposal(self, proposal_id: str) -> Proposal:
        """Return one proposal; raise ProposalNotFound when there is none."""
        return _one(proposal_id, await self._store.read(fixed("curation/proposal", id=proposal_id)))

    async def log(self, limit: int = 50) -> list[LogEntry]:
        """Return what was done last, newest first: loads, and decisions with who, when and why."""
        return [LogEntry.of_row(row) for row in await self._store.read(fixed("curation/log", limit=limit))]

    async def _close(
        self, step: Step, proposal_id: str, by: str, note: str, version: int | None, operation: str | None
    ) -> Proposal:
        by, note = person(by), note_of(note)

        async def work(transaction: Transaction) -> dict[str, Any]:
            place = await self._ledger.lock(transaction)
            proposal = await self._taken(transaction, proposal_id, step, by, version)
            entry = LogEntry(place.at, by, step.value, proposal.title, note, proposal.id, None)
            return (await self._decide(transaction, proposal, entry)).as_json()

        return await self._write(work, operation, step, proposal_id)

    async def _write(
        self, work: Callable[[Transaction], Awaitable[dict[str, Any]]], operation: str | None, *subject: str
    ) -> Proposal:
        return Proposal.of_json(await self._store.write(work, operation=operation_name(operation, *subject)))

    async def _taken(
        self, transaction: Transaction, proposal_id: str, step: Step, by: str, version: int | None
    ) -> Proposal:
        """Lock a proposal and return it as it is before this step; raise StepRefused when it cannot take it."""
        proposal = _one(proposal_id, await transaction.run(fixed("curation/take", id=proposal_id)))
        now = f"it is {proposal.status}, version {proposal.version}"
        if proposal.decided_by:
            now += f", by {proposal.decided_by} on {proposal.decided_at}"
        if version is not None and version != proposal.version:
            raise StepRefused(f"the proposal changed meanwhile: {now}, not version {version}", hint="Look at it again.")
        try:
            taken(proposal.status, step)
            check_person(step, proposal.by, by)
        except StepRefused as error:
            error.place = f"{proposal.id}: {now}"
            raise
        return proposal

    async def _decide(self, transaction: Transaction, proposal: Proposal, entry: LogEntry) -> Proposal:
        """Write the step into the proposal, if it still is as it was read, and note it down."""
        step = Step(entry.step)
        # An undo does not bring a proposal in: the change set that did so stays, to be named when it is undone again.
        brought = entry.change_set if step in (Step.ACCEPT, Step.RESTORE) else proposal.change_set
        properties = {
            "status": taken(proposal.status, step).value,
            "version": proposal.version + 1,
            "decided_by": entry.by,
            "decided_at": entry.at,
            "decision_note": entry.note,
            "change_set": brought,
        }
        where = {"id": proposal.id, "status": proposal.status.value, "version": proposal.version}
        rows = await transaction.run(fixed("curation/decide", properties=properties, **where))
        if not rows:
            raise StepRefused(f"the proposal {proposal.id} changed meanwhile", hint="Look at it again.")
        await self._note_down(transaction, entry)
        return Proposal.of_json(rows[0]["proposal"])

    async def _note_down(self, transaction: Transaction, entry: LogEntry) -> None:
        properties = {"id": f"D:{entry.at}", **asdict(entry)}
        await transaction.run(fixed("curation/note_down", properties=properties))

    async def _change_set_of(self, number: str) -> str:
        if not number.startswith("P:"):
            return number
        proposal = await self.proposal(number)
        if not proposal.change_set:
            raise StepRefused(f"{number} never came into the graph", hint=f"It is {proposal.status}.")
        return proposal.change_set


def _one(proposal_id: str, rows: Sequence[Mapping[str, Any]]) -> Proposal:
    if not rows:
        raise ProposalNotFound(f"there is no proposal {proposal_id!r}", hint="`mkg review list` shows them.")
    return Proposal.of_json(rows[0]["proposal"])


def _check_can_be_undone(head: Mapping[str, Any]) -> None:
    if head["status"] != "done":
        raise StepRefused(f"{head['id']} is not finished", hint="Run the same load again, then take it back.")
    if head["changed"] > MAX_UNDONE:
        raise StepRefused(
            f"{head['id']} has {head['changed']} changes, which is more than one undo can hold ({MAX_UNDONE})",
            hint=f"Take it back as a load: mkg load undo {head['id']}",
        )
