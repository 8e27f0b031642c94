"""The card of an adapter: what it was made from, and how far it may be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def card(manifest: Mapping[str, Any]) -> str:
    """Return the card in Markdown, from the manifest alone."""
    options, training, data, base = (manifest[name] for name in ("options", "training", "data", "base"))
    held = (
        f"{data['validation_rows']:,} conversations, whole groups of them, were held back; the weights kept are those "
        f"of step {training['kept_step']:,}, with a loss of {training['validation_loss']:.3f} on them."
        if training["validation_loss"] is not None
        else "Nothing was held back, so how it does on other data was not seen while it was trained."
    )
    adapter = f"rank {options['rank']}, alpha {options['alpha']:g}, dropout {options['dropout']:g}"
    each = options["batch"] * options["accumulate"]
    return f"""# A LoRA adapter for {base["name"]}

Trained with `mkg finetune`. It belongs to the bytes of one model, SHA-256 `{base["sha256"]}`, and is refused beside any
other. What it makes the model write was not clinically reviewed; texts are for research and teaching, never for the
care of patients.

| | |
| --- | --- |
| data | {data["rows"]:,} conversations, SHA-256 `{manifest["data_sha256"]}` |
| loss on | answers alone: {data["learned_tokens_per_epoch"]:,} of {data["tokens_per_epoch"]:,} tokens of an epoch |
| adapter | {adapter}, on {", ".join(options["targets"])} |
| steps | {training["steps"]:,} of {training["steps_planned"]:,}, {each} conversations each |
| tokens seen | {training["tokens"]:,} |
| learning rate | {options["rate"]:g}, cosine, the first {options["warmup"]:.0%} of the steps to warm up |
| seed | {options["seed"]} |
| time | {training["seconds"]:,.0f} s |
| loss | {training["loss_first"]:.3f} at the first step, {training["loss_last"]:.3f} at the last |

{held}
"""
