"""`python -m training`: makes the default adapter; or only its `data`, its `card`, the list of what is `held-out`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Final

from generator.finetune.checkpoint import Progress
from generator.finetune.run import Plan
from kg.errors import KgError
from kg.settings import load_settings
from training.data import make
from training.default import CONVERSATIONS, DATA, QUESTIONS, SEED, ship, train_default, write_card
from training.held_out import write_list

HERE: Final = Path(__file__).parent
SHIPPED: Final = HERE.parent / "generator" / "adapters" / "smollm2-notes"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _told(plan: Plan) -> None:
    _say(
        f"{plan.rows:,} conversations to learn, {plan.held:,} to validate, {plan.too_long:,} too long; "
        f"{plan.tokens:,} tokens an epoch, {plan.learned:,} of them learned; {plan.steps:,} steps"
    )


class _Heard:
    """Says every ten steps how far the training is, how fast, and how long it will take."""

    def __init__(self) -> None:
        self._begun: tuple[float, Progress] | None = None

    def __call__(self, progress: Progress, steps: int) -> None:
        now = time.monotonic()
        if self._begun is None:
            self._begun = (now, progress)
            return
        began, first = self._begun
        if progress.step % 10 and progress.step != steps:
            return
        done, seconds = progress.step - first.step, now - began
        recent = [loss for _, loss in progress.losses[-10:]]
        held = f", held back {progress.validation[-1][1]:.3f}" if progress.validation else ""
        _say(
            f"step {progress.step}/{steps}: loss {sum(recent) / len(recent):.3f}{held}, "
            f"{(progress.tokens - first.tokens) / seconds:.0f} tokens/s, "
            f"{seconds / max(done, 1) * (steps - progress.step) / 60:.0f} min left"
        )


def main() -> int:
    """Run what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "data", "held-out", "card"), default="all")
    parser.add_argument("--work", type=Path, default=Path("build") / "adapter", help="folder that is kept between runs")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder that gets the finished adapter")
    given = parser.parse_args()
    try:
        if given.what == "held-out":
            write_list(HERE / "held_out.yaml")
        elif given.what == "card":
            write_card(given.out)
        elif given.what == "data":
            make(CONVERSATIONS, QUESTIONS, SEED).write(given.work / DATA)
        else:
            done = train_default(
                given.work, cache_dir=load_settings().cache_dir, notify=_say, planned=_told, hear=_Heard()
            )
            ship(done, given.out)
            _say(f"the adapter is in {given.out}")
    except KgError as error:
        _say(f"{error.message}\n{error.place or ''}\n{error.hint or ''}")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
