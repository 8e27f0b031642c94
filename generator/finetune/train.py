"""The training loop: AdamW on an adapter, loss on answers alone, the same weights in one go or resumed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from generator.errors import ModelError
from generator.finetune.checkpoint import Progress, load_checkpoint, save_checkpoint
from generator.finetune.conversations import batches
from generator.finetune.lora import Adapted
from generator.finetune.options import Options
from generator.models.chat import IGNORED
from generator.models.libraries import libraries
from generator.seeds import derive

_BETAS: Final = (0.9, 0.999)
_MAX_NORM: Final = 1.0
# Hears what was done after each step: the progress and the number of steps in all.
Hear = Callable[[Progress, int], None]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One conversation in tokens, with the labels of its loss."""

    tokens: tuple[int, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training; it ended `early` by the loss on the data held back, or somebody `stopped` it."""

    progress: Progress
    steps: int
    early: bool
    stopped: bool


def train(
    adapted: Adapted,
    rows: Sequence[Encoded],
    held: Sequence[Encoded],
    options: Options,
    out: Path,
    run: Mapping[str, Any],
    *,
    hear: Hear,
    stop: Callable[[], bool],
    checkpoint_seconds: float,
) -> Trained:
    """Train the adapter; it holds the weights of the lowest loss on `held` afterwards, or the last ones without it.

    `stop` is asked before each step; a training that was stopped has left a checkpoint.

    Every step draws its rows and its dropout from the seed and its own number, so a training that goes on from a
    checkpoint comes to the weights of one that was never cut off. Raises OutputRefused, and ModelError when the loss
    is no number any more.
    """
    torch = libraries().torch
    torch.set_num_threads(options.threads)
    lengths = [len(row.tokens) for row in rows]
    steps = options.steps_in(math.ceil(len(rows) / options.batch))
    named = adapted.parameters()
    optimizer = torch.optim.AdamW(list(named.values()), lr=options.rate, betas=_BETAS, weight_decay=options.decay)
    progress, best = Progress(), dict[str, Any]()
    found = load_checkpoint(out, run)
    if found is not None:
        progress, tensors = found
        best = _restore(adapted, optimizer, tensors)
    look = options.evaluates_after(steps)
    saved = time.monotonic()
    begun = saved - progress.seconds
    every = _batches(lengths, options, skip=progress.step * options.accumulate)

    while progress.step < steps and progress.worse < options.patience:
        if stop():
            save_checkpoint(out, run, progress, _tensors(named, optimizer, best))
            return Trained(progress, steps, early=False, stopped=True)
        for group in optimizer.param_groups:
            group["lr"] = options.rate_at(progress.step, steps)
        chosen = [[rows[at] for at in next(every)] for _ in range(options.accumulate)]
        torch.manual_seed(derive(options.seed, "step", progress.step))
        loss = _step(adapted, optimizer, chosen)
        if not math.isfinite(loss):
            raise ModelError(
                f"the loss is {loss} at step {progress.step + 1}",
                place=f"folder {out}",
                hint="Take a lower --lr, or a longer --warmup.",
            )
        progress = replace(
            progress,
            step=progress.step + 1,
            tokens=progress.tokens + sum(len(row.tokens) for part in chosen for row in part),
            losses=(*progress.losses, (progress.step + 1, round(loss, 5))),
        )
        if held and (progress.step % look == 0 or progress.step == steps):
            progress = progress.looked(round(validation_loss(adapted, held, options), 5))
            if progress.best_step == progress.step:
                best = {name: value.detach().clone() for name, value in named.items()}
        progress = replace(progress, seconds=round(time.monotonic() - begun, 1))
        hear(progress, steps)
        if time.monotonic() - saved >= checkpoint_seconds:
            save_checkpoint(out, run, progress, _tensors(named, optimizer, best))
            saved = time.monotonic()
    if best:
        adapted.load(best)
    return Trained(progress, steps, early=progress.step < steps, stopped=False)


def validation_loss(adapted: Adapted, rows: Sequence[Encoded], options: Options) -> float:
    """Return the mean loss per token of the answers, without dropout."""
    torch = libraries().torch
    order = sorted(rows, key=lambda row: len(row.tokens))
    adapted.model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for at in range(0, len(order), options.batch):
            loss, number = _loss(adapted, order[at : at + options.batch])
            total, count = total + float(loss), count + number
    return total / max(count, 1)


def _step(adapted: Adapted, optimizer: Any, parts: Sequence[Sequence[Encoded]]) -> float:
    """Take one step of the optimizer over all parts and return their mean loss per token."""
    torch = libraries().torch
    adapted.model.train()
    optimizer.zero_grad(set_to_none=True)
    count = sum(label != IGNORED for part in parts for row in part for label in row.labels)
    total = 0.0
    for part in parts:
        loss, _ = _loss(adapted, part)
        # Each part weighs by its tokens, so that parts of a step come to what one large batch would.
        (loss / max(count, 1)).backward()
        total += float(loss.detach())
    torch.nn.utils.clip_grad_norm_(list(adapted.parameters().values()), _MAX_NORM)
    optimizer.step()
    return total / max(count, 1)


def _loss(adapted: Adapted, rows: Sequence[Encoded]) -> tuple[Any, int]:
    """Return the summed cross entropy of the labelled tokens and their number."""
    torch = libraries().torch
    base = adapted.base
    device = base.device
    width = max(len(row.tokens) for row in rows)
    tokens = torch.zeros((len(rows), width), dtype=torch.long)
    mask = torch.zeros((len(rows), width), dtype=torch.long)
    labels = torch.full((len(rows), width), IGNORED, dtype=torch.long)
    for at, row in enumerate(rows):
        length = len(row.tokens)
        tokens[at, :length] = torch.tensor(row.tokens)
        labels[at, :length] = torch.tensor(row.labels)
        mask[at, :length] = 1
    tokens, mask, labels = tokens.to(device), mask.to(device), labels.to(device)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=base.dtype == torch.bfloat16):
        hidden = base.model(input_ids=tokens, attention_mask=mask, use_cache=False).last_hidden_state
        # The vocabulary is a fifth of the work of a small model; tokens of the prompt need none of it.
        wanted = labels[:, 1:] != IGNORED
        logits = base.lm_head(hidden[:, :-1][wanted])
    loss = torch.nn.functional.cross_entropy(logits.float(), labels[:, 1:][wanted], reduction="sum")
    return loss, int(wanted.sum())


def _batches(lengths: Sequence[int], options: Options, skip: int) -> Iterator[list[int]]:
    """Yield batches of one epoch after another, from the batch that comes after `skip`."""
    epoch = 0
    while True:
        for batch in batches(lengths, options.batch, options.seed, epoch):
            if skip:
                skip -= 1
            else:
                yield batch
        epoch += 1


def _tensors(named: Mapping[str, Any], optimizer: Any, best: Mapping[str, Any]) -> dict[str, Any]:
    tensors = {f"now {name}": value.detach().cpu().clone() for name, value in named.items()}
    tensors |= {f"best {name}": value.cpu() for name, value in best.items()}
    for name, value in named.items():
        for key, state in optimizer.state.get(value, {}).items():
            tensors[f"adam {key} {name}"] = state.detach().cpu().clone()
    return tensors


def _restore(adapted: Adapted, optimizer: Any, tensors: Mapping[str, Any]) -> dict[str, Any]:
    """Put the tensors of a checkpoint back in place and return the best weights so far, if there were any."""
    named = adapted.parameters()
    device = adapted.base.device
    adapted.load({name: tensors[f"now {name}"] for name in named})
    for name, value in named.items():
        state = {key: tensors[f"adam {key} {name}"] for key in ("step", "exp_avg", "exp_avg_sq")}
        optimizer.state[value] = {key: kept if key == "step" else kept.to(device) for key, kept in state.items()}
    return {name: tensors[f"best {name}"].to(device) for name in named if f"best {name}" in tensors}
