"""`mkg finetune`: a LoRA adapter from conversations, for a model on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from generator.finetune.checkpoint import Progress
from generator.finetune.options import TARGETS, Options
from generator.finetune.run import MANIFEST, Finetuned, Plan, finetune, plan_of
from generator.models.weights import find_weights
from generator.settings import load_generator_settings
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.interrupts import INTERRUPTED, Interrupts
from mkg.cli.pace import rate_in_words, time_in_words
from mkg.cli.session import JsonOption, settings

_SHIPPED = Options()


def finetune_command(
    data: Annotated[
        list[Path],
        typer.Argument(help="JSONL with `messages`, as `mkg generate instructions` writes it."),
    ],
    file: Annotated[Path, typer.Option("--out", help="Folder for the adapter.")],
    model: Annotated[
        str | None, typer.Option(help="smollm2, a LLaMA folder or a GGUF file (MKG_MODEL).", show_default=False)
    ] = None,
    validation: Annotated[
        float, typer.Option(help="Share of conversations held back, whole groups (codes) at a time.")
    ] = _SHIPPED.validation,
    rank: Annotated[int, typer.Option(help="Rank of the adapter's matrices.")] = _SHIPPED.rank,
    alpha: Annotated[float, typer.Option(help="Scale of the adapter, as alpha / rank.")] = _SHIPPED.alpha,
    dropout: Annotated[float, typer.Option(help="Dropout before the adapter.")] = _SHIPPED.dropout,
    targets: Annotated[
        str, typer.Option(help="all (linear maps), attention, or names of modules with commas.")
    ] = "all",
    rate: Annotated[float, typer.Option("--lr", help="Highest learning rate.")] = _SHIPPED.rate,
    warmup: Annotated[float, typer.Option(help="Share of the steps to warm up.")] = _SHIPPED.warmup,
    epochs: Annotated[float, typer.Option(help="How often the data are gone through.")] = _SHIPPED.epochs,
    steps: Annotated[int | None, typer.Option(help="So many steps instead of epochs.", show_default=False)] = None,
    batch: Annotated[int, typer.Option(help="Conversations at once.")] = _SHIPPED.batch,
    accumulate: Annotated[int, typer.Option(help="Batches in a step.")] = _SHIPPED.accumulate,
    max_tokens: Annotated[int, typer.Option(help="Longer conversations are left out.")] = _SHIPPED.max_tokens,
    patience: Annotated[
        int, typer.Option(help="End when the validation loss was not lower so many times in a row.")
    ] = _SHIPPED.patience,
    evaluate: Annotated[
        int | None, typer.Option(help="Steps between two validations; a tenth of all if left out.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed, data and options give the same weights.")] = _SHIPPED.seed,
    threads: Annotated[
        int | None, typer.Option(help="Threads on the CPU (MKG_MODEL_THREADS).", show_default=False)
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint in the folder.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and count everything; train and write nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Train a LoRA adapter; the loss is taken on the answers alone."""
    generator = load_generator_settings(model=model, model_threads=threads)
    options = Options.of(
        rank=rank,
        alpha=alpha,
        dropout=dropout,
        targets=TARGETS.get(targets) or tuple(filter(None, (name.strip() for name in targets.split(",")))),
        rate=rate,
        warmup=warmup,
        epochs=epochs,
        steps=steps,
        batch=batch,
        accumulate=accumulate,
        max_tokens=max_tokens,
        validation=validation,
        patience=patience,
        evaluate=evaluate,
        seed=seed,
        threads=generator.model_threads,
    )
    cache = settings().cache_dir
    weights = find_weights(generator.model, cache)
    if dry_run:
        _show_plan(plan_of(data, weights, options, cache_dir=cache, notify=say), json=json)
        return
    where = escape(str(file))
    with (
        progress() as shown,
        Interrupts(
            "Stopping after this step; Ctrl-C again stops at once.",
            f"Stopped. --resume goes on from the last checkpoint in {where}.",
        ) as interrupts,
    ):
        begun: list[Progress] = []

        def hear(now: Progress, total: int) -> None:
            if not begun:
                begun.append(now)
            shown("Training", now.step, total, _pace(begun[0], now, total))

        done = finetune(
            data,
            weights,
            file,
            options,
            cache_dir=cache,
            resume=resume,
            notify=say,
            planned=lambda plan: say(_in_words(plan)),
            hear=hear,
            stop=lambda: interrupts.asked,
        )
    _show(done, json=json)
    if done.manifest is None:
        raise typer.Exit(INTERRUPTED)


def _pace(first: Progress, now: Progress, total: int) -> str:
    """Return loss, rate and time left; the rate leaves out what an earlier run did."""
    loss = f"loss {now.losses[-1][1]:.3f}"
    held = f", {now.validation[-1][1]:.3f} held back" if now.validation else ""
    seconds, done = now.seconds - first.seconds, now.step - first.step
    if seconds <= 0 or not done:
        return loss + held
    rate = rate_in_words((now.tokens - first.tokens) / seconds, "tokens")
    return f"{loss}{held}, {rate}, {time_in_words(seconds / done * (total - now.step))} left"


def _in_words(plan: Plan) -> str:
    left_out = f", {plan.too_long:,} left out as too long" if plan.too_long else ""
    return (
        f"{plan.rows:,} conversations to learn and {plan.held:,} to validate{left_out}; {plan.tokens:,} tokens an "
        f"epoch, {plan.learned:,} of them answers; {plan.steps:,} steps"
    )


def _show_plan(plan: Plan, *, json: bool) -> None:
    if json:
        show_json(plan.as_json())
        return
    out.print(f"Would train an adapter for {escape(plan.base.name)} (SHA-256 {plan.base.digest})")
    out.print(_in_words(plan))


def _show(done: Finetuned, *, json: bool) -> None:
    where = escape(str(done.out))
    if done.manifest is None:
        step = done.progress.step if done.progress else 0
        if json:
            show_json({"out": str(done.out), "finished": False, "step": step})
        else:
            out.print(f"Stopped after step {step:,}; --resume goes on in {where}")
        return
    training: dict[str, Any] = done.manifest["training"]
    if json:
        brief = {name: value for name, value in training.items() if name not in ("losses", "validation_losses")}
        show_json({"out": str(done.out), "finished": True, "reused": done.reused, "training": brief})
        return
    was = "was there already" if done.reused else f"trained in {time_in_words(training['seconds'])}"
    out.print(f"The adapter in {where} {was}: {training['steps']:,} steps, {training['tokens']:,} tokens")
    held = training["validation_loss"]
    say(
        f"Loss {training['loss_first']:.3f} at first, {training['loss_last']:.3f} at last"
        + (f", {held:.3f} on what was held back" if held is not None else "")
        + f"; {MANIFEST} has all of it. Use it with MKG_MODEL_ADAPTER={where}"
    )
