"""The table of steps that a proposal can take, and who may take them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from kg.errors import StepRefused


class State(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


class Step(StrEnum):
    """What can be done with a proposal. `restore` is the undo of its undo."""

    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    UNDO = "undo"
    RESTORE = "restore"


STEPS: Final[Mapping[tuple[State, Step], State]] = {
    (State.PROPOSED, Step.ACCEPT): State.ACCEPTED,
    (State.PROPOSED, Step.REJECT): State.REJECTED,
    (State.PROPOSED, Step.WITHDRAW): State.WITHDRAWN,
    (State.ACCEPTED, Step.UNDO): State.UNDONE,
    (State.UNDONE, Step.RESTORE): State.ACCEPTED,
}

_BY_ANOTHER: Final = (Step.ACCEPT, Step.REJECT)


def taken(state: State, step: Step) -> State:
    """Return where a proposal stands after this step; raise StepRefused when it cannot take it."""
    reached = STEPS.get((state, step))
    if reached is None:
        open_to = [known.value for known in Step if (state, known) in STEPS]
        raise StepRefused(
            f"the proposal is {state}: {step} is not possible",
            hint=f"Possible now: {', '.join(open_to)}." if open_to else "Nothing more can be done with it.",
        )
    return reached


def check_person(step: Step, author: str, by: str) -> None:
    """Raise StepRefused when this step is not for this person: two people stand behind each decision."""
    if step in _BY_ANOTHER and same_person(author, by):
        raise StepRefused(
            f"{author} made this proposal and cannot {step} it",
            hint="Ask somebody else to decide. Your own proposal you can withdraw.",
        )
    if step is Step.WITHDRAW and not same_person(author, by):
        raise StepRefused(f"only {author} can withdraw this proposal", hint="Reject it instead.")


def same_person(one: str, other: str) -> bool:
    """Say whether two names mean one person, whatever the capitals and the space around them."""
    return one.strip().casefold() == other.strip().casefold()
