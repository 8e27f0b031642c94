"""A change set that is about to be made, and the place it gets among the others."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from kg.values import NOTHING


@dataclass(frozen=True, slots=True)
class Draft:
    """A change set that is about to be made: what kind, what for, by whom, and the hash of what it is made from."""

    kind: Literal["import", "proposal", "undo"]
    title: str
    by: str
    key: str
    about: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next change set goes: its number and time, and the change set before it."""

    seq: int
    at: str
    parent: str

    def id_for(self, draft: Draft) -> str:
        """Return an id that follows from what is changed and from all that was changed before."""
        return "CS:" + hashlib.sha256("\x1f".join((draft.kind, draft.key, self.parent)).encode()).hexdigest()[:16]

    def properties(self, draft: Draft) -> dict[str, Any]:
        """Return the properties with which the change set begins."""
        return {
            "seq": self.seq,
            "kind": draft.kind,
            "title": draft.title,
            "by": draft.by,
            "key": draft.key,
            "about": orjson.dumps(dict(draft.about)).decode(),
            "parent": self.parent,
            "status": "open",
            "changed": 0,
            "batches": 0,
            "at": self.at,
        }
