"""From files of conversations to a folder with an adapter, its manifest and its card."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generator.errors import OutputRefused, RowsInvalid
from generator.finetune.base import Base, load_base
from generator.finetune.card import card
from generator.finetune.checkpoint import Progress, drop_checkpoint
from generator.finetune.conversations import Conversation, read_conversations, split
from generator.finetune.lora import adapted, check_peft
from generator.finetune.options import Options
from generator.finetune.train import Encoded, Hear, Trained, train
from generator.models.adapters import CONFIG, WEIGHTS
from generator.models.chat import IGNORED, answer_tokens
from generator.models.weights import Weights

MANIFEST: Final = "manifest.json"
CARD: Final = "README.md"
FORMAT: Final = 1
CHECKPOINT_SECONDS: Final = 120.0
_FILES: Final = frozenset({CONFIG, WEIGHTS, MANIFEST, CARD})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a training would do: rows on each side, rows left out as too long, tokens of an epoch, steps."""

    rows: int
    held: int
    too_long: int
    groups: int
    tokens: int
    learned: int
    longest: int
    steps: int
    base: Weights
    data: str

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands in the manifest and in `--json`."""
        return {
            "base": {"name": self.base.name, "sha256": self.base.digest},
            "data_sha256": self.data,
            "rows": self.rows,
            "validation_rows": self.held,
            "rows_too_long": self.too_long,
            "groups": self.groups,
            "tokens_per_epoch": self.tokens,
            "learned_tokens_per_epoch": self.learned,
            "longest_row_tokens": self.longest,
            "steps": self.steps,
        }


@dataclass(frozen=True, slots=True)
class Finetuned:
    """What was written where: `manifest` is None when the training was stopped, `reused` says it was there already."""

    out: Path
    manifest: Mapping[str, Any] | None
    reused: bool
    progress: Progress | None = None


def finetune(
    data: Sequence[Path],
    weights: Weights,
    out: Path,
    options: Options,
    *,
    cache_dir: Path,
    resume: bool = False,
    notify: Callable[[str], None] = lambda _: None,
    planned: Callable[[Plan], None] = lambda _: None,
    hear: Hear = lambda _progress, _steps: None,
    stop: Callable[[], bool] = lambda: False,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> Finetuned:
    """Train an adapter for `weights` on conversations and write it to the folder `out`.

    The adapter's files appear when the training has ended; until then the folder has a checkpoint, at least every
    `checkpoint_seconds`, from which `resume` goes on. A folder that holds the finished adapter of the same training is
    left as it is. `stop` is asked before each step. Raises OutputRefused, RowsInvalid and
    ModelError.
    """
    check_peft()
    conversations, digest = read_conversations(data)
    run = _run(weights, digest, options)
    there = _finished(out, run, resume=resume)
    if there is not None:
        return Finetuned(out, there, reused=True)
    base = load_base(weights, cache_dir, notify)
    rows, held, plan = _plan(conversations, digest, weights, base, options)
    planned(plan)
    made = adapted(base.model, options, base.place)
    try:
        out.mkdir(parents=True, exist_ok=True)
        trained = train(
            made, rows, held, options, out, run, hear=hear, stop=stop, checkpoint_seconds=checkpoint_seconds
        )
        if trained.stopped:
            return Finetuned(out, None, reused=False, progress=trained.progress)
        manifest = _manifest(run, plan, trained)
        _write(out, lambda folder: made.save(folder, weights), manifest)
    except OSError as error:
        raise OutputRefused(
            f"the adapter cannot be written: {error.strerror}", place=f"folder {out}", hint="Give another folder."
        ) from error
    drop_checkpoint(out)
    return Finetuned(out, manifest, reused=False, progress=trained.progress)


def plan_of(
    data: Sequence[Path],
    weights: Weights,
    options: Options,
    *,
    cache_dir: Path,
    notify: Callable[[str], None] = lambda _: None,
) -> Plan:
    """Return what `finetune` would do, without training or writing; raises as it does."""
    check_peft()
    conversations, digest = read_conversations(data)
    return _plan(conversations, digest, weights, load_base(weights, cache_dir, notify), options)[2]


def _plan(
    conversations: Sequence[Conversation], digest: str, weights: Weights, base: Base, options: Options
) -> tuple[list[Encoded], list[Encoded], Plan]:
    longest = min(options.max_tokens, base.longest)
    sides: list[list[Encoded]] = []
    too_long = 0
    for side in split(conversations, options.validation, options.seed):
        encoded = [_encoded(one, base) for one in side]
        # A row that is cut would teach to stop in the middle, so a long one is left out and counted.
        fitting = [row for row in encoded if len(row.tokens) <= longest]
        too_long += len(encoded) - len(fitting)
        sides.append(fitting)
    rows, held = sides
    if not rows:
        raise RowsInvalid(
            f"no conversation to train on has at most {longest} tokens",
            hint="Give a larger --max-tokens, more rows, or a smaller --validation.",
        )
    batches = -(-len(rows) // options.batch)
    plan = Plan(
        rows=len(rows),
        held=len(held),
        too_long=too_long,
        groups=len({one.group for one in conversations}),
        tokens=sum(len(row.tokens) for row in rows),
        learned=sum(label != IGNORED for row in rows for label in row.labels),
        longest=max(len(row.tokens) for row in rows),
        steps=options.steps_in(batches),
        base=weights,
        data=digest,
    )
    return rows, held, plan


def _encoded(one: Conversation, base: Base) -> Encoded:
    tokens, labels = answer_tokens(base.tokenizer, one.messages, one.learned, base.ends, base.place)
    return Encoded(tuple(tokens), tuple(labels))


def _run(weights: Weights, digest: str, options: Options) -> dict[str, Any]:
    """Return everything that has a say in the adapter's weights."""
    packages = ("torch", "transformers", "peft", "safetensors")
    return {
        "format": FORMAT,
        "base": {"name": weights.name, "sha256": weights.digest},
        "data_sha256": digest,
        "options": options.model_dump(mode="json"),
        "versions": {
            "python": platform.python_version(),
            **{package: importlib.metadata.version(package) for package in packages},
        },
    }


def _finished(out: Path, run: Mapping[str, Any], *, resume: bool) -> dict[str, Any] | None:
    """Return the manifest of a finished training of the same kind; raises OutputRefused when the folder is taken."""
    if not out.exists():
        return None
    hint = "Give a new folder, or --resume to go on with the training that was begun there."
    if not out.is_dir():
        raise OutputRefused("the place to write to is no folder", place=f"file {out}", hint=hint)
    manifest = out / MANIFEST
    if manifest.exists():
        try:
            told: dict[str, Any] = json.loads(manifest.read_bytes())
        except ValueError:
            told = {}
        if all(told.get(name) == value for name, value in run.items()):
            return told
        raise OutputRefused("the folder holds another adapter", place=f"folder {out}", hint="Give a new folder.")
    if any(out.iterdir()) and not resume:
        raise OutputRefused("the folder is not empty", place=f"folder {out}", hint=hint)
    return None


def _manifest(run: Mapping[str, Any], plan: Plan, trained: Trained) -> dict[str, Any]:
    progress = trained.progress
    return {
        **run,
        "data": {name: value for name, value in plan.as_json().items() if name not in ("base", "data_sha256", "steps")},
        "training": {
            "steps": progress.step,
            "steps_planned": trained.steps,
            "stopped_early": trained.early,
            "kept_step": progress.best_step or progress.step,
            "tokens": progress.tokens,
            "seconds": progress.seconds,
            "loss_first": progress.losses[0][1] if progress.losses else None,
            "loss_last": progress.losses[-1][1] if progress.losses else None,
            "validation_loss": progress.best,
            "losses": [list(pair) for pair in progress.losses],
            "validation_losses": [list(pair) for pair in progress.validation],
        },
    }


def _write(out: Path, save: Callable[[Path], None], manifest: Mapping[str, Any]) -> None:
    """Write the files of the adapter, the manifest last: where it lies, the adapter is whole."""
    temporary = Path(tempfile.mkdtemp(prefix=".adapter-", dir=out))
    try:
        save(temporary)
        (temporary / CARD).write_text(card(manifest), encoding="utf-8")
        for name in (WEIGHTS, CONFIG, CARD):
            (temporary / name).replace(out / name)
        (temporary / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        (temporary / MANIFEST).replace(out / MANIFEST)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
