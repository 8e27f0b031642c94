"""By which way of speaking a fact is told, and by which it is contradicted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from generator.linking.status import Status
from generator.phrases import ABSENT_SYMPTOM, HISTORY


@dataclass(frozen=True, slots=True)
class Telling:
    """The statuses that tell a fact, and those that say the opposite; by any other it is neither told nor denied."""

    told: frozenset[Status]
    contradicted: frozenset[Status]


_USUAL: Final = Telling(frozenset({Status.AFFIRMED}), frozenset({Status.NEGATED}))
_DENIED: Final = Telling(frozenset({Status.NEGATED}), frozenset({Status.AFFIRMED}))
_ANYHOW: Final = Telling(frozenset(Status), frozenset())
_BY_KIND: Final[Mapping[str, Telling]] = {
    # "Pain a year ago", "the cough is gone": had, if not any more.
    "symptom": Telling(frozenset({Status.AFFIRMED, Status.HISTORY}), _USUAL.contradicted),
    # "Probable bronchitis" names the diagnosis as well as "bronchitis" does.
    "diagnosis": Telling(frozenset({Status.AFFIRMED, Status.HYPOTHETICAL}), _USUAL.contradicted),
    # "Paracetamol if fever returns" prescribes it.
    "drug": Telling(frozenset({Status.AFFIRMED, Status.HYPOTHETICAL}), _USUAL.contradicted),
    # Warned about, had before, or there.
    "side_effect": Telling(frozenset({Status.AFFIRMED, Status.HYPOTHETICAL, Status.HISTORY}), _USUAL.contradicted),
    ABSENT_SYMPTOM: _DENIED,
    "contraindication": _DENIED,
    # What lasts is told as present: "asthma since childhood".
    HISTORY: Telling(frozenset({Status.HISTORY, Status.AFFIRMED}), _USUAL.contradicted),
    # "Resembles pneumonia", "no pneumonia", "pneumonia to be excluded" all name what was considered.
    "resembling": _ANYHOW,
}


def telling_of(kind: str) -> Telling:
    """Return how facts of a kind are told and contradicted."""
    return _BY_KIND.get(kind, _USUAL)
