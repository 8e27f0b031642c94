"""Options of a training: the schedule, the number of steps, and what is refused."""

from __future__ import annotations

from itertools import pairwise

import pytest

from generator.errors import TrainingInvalid
from generator.finetune.options import Options


def test_the_rate_rises_in_a_line_and_falls_along_half_a_cosine() -> None:
    options = Options(rate=1.0, warmup=0.1)
    rates = [options.rate_at(step, 100) for step in range(100)]
    assert rates[:10] == pytest.approx([0.1 * step for step in range(1, 11)])
    assert rates[10] == 1.0
    assert rates[55] == pytest.approx(0.5)
    assert all(later < earlier for earlier, later in pairwise(rates[10:]))
    assert 0 < rates[-1] < 0.001


def test_without_warming_up_the_first_step_has_the_highest_rate() -> None:
    assert Options(rate=0.5, warmup=0).rate_at(0, 10) == 0.5


@pytest.mark.parametrize(
    ("options", "batches", "steps"),
    [
        (Options(epochs=1), 100, 100),
        (Options(epochs=0.5), 99, 50),
        (Options(epochs=2, accumulate=4), 100, 50),
        (Options(epochs=3, steps=7), 100, 7),
        (Options(epochs=0.001), 1, 1),
    ],
)
def test_steps_follow_from_epochs_unless_they_are_given(options: Options, batches: int, steps: int) -> None:
    assert options.steps_in(batches) == steps


def test_validation_is_looked_at_ten_times_unless_told_otherwise() -> None:
    assert Options().evaluates_after(250) == 25
    assert Options().evaluates_after(3) == 1
    assert Options(evaluate=7).evaluates_after(250) == 7


@pytest.mark.parametrize(("name", "value"), [("rank", 0), ("dropout", 1.0), ("rate", -1), ("warmup", 2), ("batch", 0)])
def test_an_option_that_makes_no_sense_is_named(name: str, value: float) -> None:
    with pytest.raises(TrainingInvalid, match=name) as refused:
        Options.of(**{name: value})
    assert refused.value.exit_code == 2
