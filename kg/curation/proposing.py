"""How a proposal is made: with others in one statement if it brings evidence for an edge, else step by step, locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from kg.changes import Change, State
from kg.curation import wish
from kg.curation.given import note_of, operation_name, person
from kg.curation.proposal import Proposal, ProposalKind, proposal_id, wish_key
from kg.curation.steps import State as Standing
from kg.curation.together import NewEvidence, Together
from kg.errors import StepRefused
from kg.ledger import Ledger
from kg.schema import EDGE_BY_TYPE
from kg.statements import fixed
from kg.store import Store, Transaction


class Proposing:
    """Makes proposals.

    What experts propose most is evidence for an edge: one statement makes all of those that come at once, so that the
    graph is locked for as short as can be. Everything else, and whatever it does not keep, is done step by step in one
    locked transaction, which says why something is refused.
    """

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger
        self._together = Together(store, ledger)

    async def propose(
        self, kind: ProposalKind, what: Mapping[str, Any], by: str, note: str, operation: str | None
    ) -> Proposal:
        """Return the proposal of `what`; one that asks for the same and is still open is the same proposal.

        Raises CurationError, RecordRejected or a StoreError.
        """
        by, note = person(by), note_of(note)
        key = wish_key(kind, what)
        name = operation_name(operation, "propose", key, by)
        new = kind == "edge" and what["evidence"]["direction"] == "for"
        kept = await self._together.kept(_new_evidence(what, by, note, key, name)) if new else None
        if kept is None:
            kept = await self._under_lock(kind, what, by, note, key, name)
        return Proposal.of_json(kept)

    async def _under_lock(
        self, kind: ProposalKind, what: Mapping[str, Any], by: str, note: str, key: str, operation: str
    ) -> dict[str, Any]:
        async def work(transaction: Transaction) -> dict[str, Any]:
            place = await self._ledger.lock(transaction)
            rows = await transaction.run(fixed("curation/alike", key=key))
            alike = [Proposal.of_json(row["proposal"]) for row in rows]
            waiting = next((known for known in alike if known.status is Standing.PROPOSED), None)
            if waiting:
                return waiting.as_json()
            _check_not_refused(alike, note)
            full, title = wish.fitted(what, *await around(self._ledger, transaction, what))
            number = proposal_id(key, by, len(alike))
            made = Proposal(number, kind, Standing.PROPOSED, 1, title, full, by, note, place.at)
            await transaction.run(fixed("curation/propose", properties=_properties(made, key)))
            return made.as_json()

        return await self._store.write(work, operation=operation)


async def around(
    ledger: Ledger, transaction: Transaction, what: Mapping[str, Any]
) -> tuple[dict[str, State], State | None]:
    """Return the present state of the nodes that a wish names and of its edge."""
    nodes, edge = wish.named_by(what)
    asked = [Change("node", key, None, None) for key in nodes]
    if edge:
        asked.append(Change("edge", edge, None, None))
    found = await ledger.states(transaction, asked)
    return {key: found[key] for key in nodes if key in found}, found.get(edge) if edge else None


def _new_evidence(what: Mapping[str, Any], by: str, note: str, key: str, operation: str) -> NewEvidence:
    """Return the proposal of evidence for an edge; its time and its title are for the database to say."""
    made = Proposal(proposal_id(key, by, 0), "edge", Standing.PROPOSED, 1, "", what, by, note, at="")
    # The database puts the time of the lock and the title between the parts of what is kept as the result.
    rest = {name: value for name, value in made.as_json().items() if name not in ("at", "title")}
    row = {
        "start": what["start"],
        "end": what["end"],
        "claims": wish.claimed(what),
        # Evidence with another reference says something else; one with the same is compared word by word elsewhere.
        "reference": f'"reference":{orjson.dumps(what["evidence"]["reference"]).decode()}',
        "key": key,
        "operation": operation,
        "properties": _properties(made, key),
        "first": '{"at":"',
        "second": '","title":"',
        "third": '",' + orjson.dumps(rest).decode()[1:],
    }
    return NewEvidence(EDGE_BY_TYPE[what["edge"]], key, operation, row)


def _properties(made: Proposal, key: str) -> dict[str, Any]:
    return {**made.as_json(), "what": orjson.dumps(made.what).decode(), "key": key}


def _check_not_refused(alike: Sequence[Proposal], note: str) -> None:
    """Refuse what was rejected before, unless the note shows that its author knows."""
    last = next(iter(alike), None)
    if last and last.status is Standing.REJECTED and last.id not in note:
        because = f": {last.decision_note}" if last.decision_note else ""
        raise StepRefused(
            f"the same was rejected by {last.decided_by}{because}",
            place=f"{last.id}, proposed by {last.by}",
            hint=f"Bring other evidence; or name {last.id} in the note and say what is new.",
        )
