"""A proposal as a value: what should change, who says so, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import orjson

from kg.curation.steps import State

ProposalKind = Literal["edge", "name", "removal"]

# Who says it and in which wording of the rules does not make it another thing to ask for, nor does what was there.
_NOT_THE_WISH: Final = ("was", "asserted_by", "version", "licence")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants changed, and the decision.

    `what` is JSON: of an edge `edge, start, end, evidence`, of a removal `remove` and `was` besides (the ids of the
    evidence that the edge had), of a name `node, language, name, was, reference`. `title` says the same in words.
    `version` grows with each step. Times are ISO 8601 in UTC. `change_set` is the one that brought it into the graph
    last.
    """

    id: str
    kind: ProposalKind
    status: State
    version: int
    title: str
    what: Mapping[str, Any]
    by: str
    note: str
    at: str
    decided_by: str | None = None
    decided_at: str | None = None
    decision_note: str | None = None
    change_set: str | None = None

    @staticmethod
    def of_json(row: Mapping[str, Any]) -> Proposal:
        """Read a proposal from JSON, or from its properties in the database, where `what` is text."""
        what = row["what"]
        return Proposal(
            id=row["id"],
            kind=row["kind"],
            status=State(row["status"]),
            version=row["version"],
            title=row["title"],
            what=orjson.loads(what) if isinstance(what, str) else what,
            by=row["by"],
            note=row["note"],
            at=row["at"],
            decided_by=row.get("decided_by"),
            decided_at=row.get("decided_at"),
            decision_note=row.get("decision_note"),
            change_set=row.get("change_set"),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the proposal as JSON."""
        # Written out: `asdict` copies what is inside piece by piece, which cost more than all else that was asked.
        return {
            "id": self.id,
            "kind": self.kind,
            "status": self.status.value,
            "version": self.version,
            "title": self.title,
            "what": self.what,
            "by": self.by,
            "note": self.note,
            "at": self.at,
            "decided_by": self.decided_by,
            "decided_at": self.decided_at,
            "decision_note": self.decision_note,
            "change_set": self.change_set,
        }


def wish_key(kind: ProposalKind, what: Mapping[str, Any]) -> str:
    """Return what two proposals share that ask for the same thing, whoever asks."""
    return _digest(kind, _canonical(_wish(what)))


def proposal_id(key: str, by: str, earlier: int) -> str:
    """Return the id of a proposal: from what is asked, who asks, and how many asked for the same before."""
    return "P:" + _digest(key, by, str(earlier))[:12]


def _wish(what: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _wish(value) if isinstance(value, Mapping) else value
        for name, value in what.items()
        if name not in _NOT_THE_WISH
    }


def _canonical(what: Mapping[str, Any]) -> str:
    return orjson.dumps(what, option=orjson.OPT_SORT_KEYS).decode()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
