"""A training that was cut off goes on: what a step needs of the steps before it, on the disk whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import orjson

from generator.errors import OutputRefused
from generator.models.libraries import as_refusal

_FOLDER: Final = "checkpoint"
_STATE: Final = "state.json"
_TENSORS: Final = "tensors.safetensors"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is: steps done, tokens and seconds they took, and the losses on the data held back.

    `best` is the lowest of these, `best_step` where it was seen, `worse` how many looks ago.
    """

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    best: float | None = None
    best_step: int = 0
    worse: int = 0
    losses: tuple[tuple[int, float], ...] = ()
    validation: tuple[tuple[int, float], ...] = ()

    def looked(self, loss: float) -> Progress:
        """Return the progress with one more loss on the data held back."""
        seen = (*self.validation, (self.step, loss))
        if self.best is None or loss < self.best:
            return replace(self, best=loss, best_step=self.step, worse=0, validation=seen)
        return replace(self, worse=self.worse + 1, validation=seen)


def save_checkpoint(out: Path, run: Mapping[str, Any], progress: Progress, tensors: Mapping[str, Any]) -> None:
    """Put a checkpoint in place of the last one."""
    from safetensors.torch import save_file

    temporary = Path(tempfile.mkdtemp(prefix=f".{_FOLDER}-", dir=out))
    try:
        save_file(dict(tensors), str(temporary / _TENSORS))
        (temporary / _STATE).write_bytes(
            orjson.dumps({"run": run, "progress": asdict(progress)}, option=orjson.OPT_INDENT_2)
        )
        # Two renames: killed between them, the older one is still there and is put back.
        old = out / f".{_FOLDER}-old"
        shutil.rmtree(old, ignore_errors=True)
        if (out / _FOLDER).exists():
            (out / _FOLDER).rename(old)
        temporary.rename(out / _FOLDER)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load_checkpoint(out: Path, run: Mapping[str, Any]) -> tuple[Progress, dict[str, Any]] | None:
    """Return where a training stood, or None when it had not come to a checkpoint.

    Raises OutputRefused when it is another training's: other data, model, options or versions.
    """
    from safetensors.torch import load_file

    folder, old = out / _FOLDER, out / f".{_FOLDER}-old"
    if not folder.exists() and old.exists():
        old.rename(folder)
    for left in out.glob(f".{_FOLDER}-*"):
        shutil.rmtree(left, ignore_errors=True)
    if not folder.exists():
        return None
    with as_refusal(folder):
        state: dict[str, Any] = orjson.loads((folder / _STATE).read_bytes())
        tensors = load_file(str(folder / _TENSORS))
        told: dict[str, Any] = state["progress"]
        for name in ("losses", "validation"):
            told[name] = tuple((step, loss) for step, loss in told[name])
        progress = Progress(**told)
        before: dict[str, Any] = state["run"]
    differs = sorted(name for name in {*before, *run} if before.get(name) != run.get(name))
    if differs:
        raise OutputRefused(
            f"the checkpoint is of another training; what differs: {', '.join(differs)}",
            place=f"folder {folder}",
            hint="Give the same data, model and options, or another folder.",
        )
    return progress, tensors


def drop_checkpoint(out: Path) -> None:
    """Remove what a finished training needs no more."""
    for left in (out / _FOLDER, *out.glob(f".{_FOLDER}-*")):
        shutil.rmtree(left, ignore_errors=True)
