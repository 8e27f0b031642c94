"""The table of steps: what follows what, and who may take it."""

from __future__ import annotations

from itertools import product

import pytest

from kg.curation.steps import STEPS, State, Step, check_person, same_person, taken
from kg.errors import StepRefused


@pytest.mark.parametrize(
    ("state", "step", "reached"),
    [
        (State.PROPOSED, Step.ACCEPT, State.ACCEPTED),
        (State.PROPOSED, Step.REJECT, State.REJECTED),
        (State.PROPOSED, Step.WITHDRAW, State.WITHDRAWN),
        (State.ACCEPTED, Step.UNDO, State.UNDONE),
        (State.UNDONE, Step.RESTORE, State.ACCEPTED),
    ],
)
def test_a_step_of_the_table_is_taken(state: State, step: Step, reached: State) -> None:
    assert taken(state, step) is reached


@pytest.mark.parametrize(("state", "step"), sorted(set(product(State, Step)) - set(STEPS)))
def test_every_other_step_is_refused(state: State, step: Step) -> None:
    with pytest.raises(StepRefused, match=f"the proposal is {state}: {step} is not possible"):
        taken(state, step)


def test_a_refusal_says_what_is_possible() -> None:
    with pytest.raises(StepRefused) as open_still:
        taken(State.PROPOSED, Step.UNDO)
    with pytest.raises(StepRefused) as closed:
        taken(State.REJECTED, Step.ACCEPT)

    assert open_still.value.hint == "Possible now: accept, reject, withdraw."
    assert closed.value.hint == "Nothing more can be done with it."


@pytest.mark.parametrize("by", ["anna", "Anna", " ANNA "])
@pytest.mark.parametrize("step", [Step.ACCEPT, Step.REJECT])
def test_nobody_decides_on_their_own_proposal_however_they_write_their_name(step: Step, by: str) -> None:
    with pytest.raises(StepRefused, match="anna made this proposal"):
        check_person(step, "anna", by)


def test_somebody_else_decides() -> None:
    check_person(Step.ACCEPT, "anna", "boris")
    check_person(Step.REJECT, "anna", "boris")


def test_only_the_author_withdraws() -> None:
    check_person(Step.WITHDRAW, "anna", "Anna")
    with pytest.raises(StepRefused, match="only anna"):
        check_person(Step.WITHDRAW, "anna", "boris")


def test_what_was_accepted_anybody_takes_back() -> None:
    check_person(Step.UNDO, "anna", "anna")
    check_person(Step.UNDO, "anna", "boris")


def test_two_names_are_one_person_only_when_they_read_alike() -> None:
    assert same_person("Анна", " анна ")
    assert not same_person("anna", "anne")
