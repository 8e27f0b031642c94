"""The default adapter from end to end: data from the core graph, the training, and what of it is shipped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from generator.finetune.card import card
from generator.finetune.options import Options
from generator.finetune.run import CARD, MANIFEST, Finetuned, Plan, finetune
from generator.finetune.train import Hear
from generator.models.adapters import CONFIG, WEIGHTS
from generator.models.weights import BUILT_IN, find_weights
from training.data import make
from training.held_out import held_out

# Everything that has a say in the shipped weights, beside frames, core graph and examples.
CONVERSATIONS: Final = 2400
QUESTIONS: Final = 240
SEED: Final = 20
OPTIONS: Final = Options(
    rank=8, alpha=16, dropout=0, rate=5e-4, warmup=0.05, epochs=1, batch=4, max_tokens=640, validation=0.05,
    evaluate=60, seed=SEED, threads=2,
)  # fmt: skip
_HERE: Final = Path(__file__).parent
# What `python -m bench adapter` printed of the shipped adapter.
FIGURES: Final = _HERE / "figures.md"
SHIPPED: Final = (WEIGHTS, CONFIG, MANIFEST, CARD)
DATA: Final = "default.jsonl"


def train_default(
    work: Path, *, cache_dir: Path, notify: Callable[[str], None], planned: Callable[[Plan], None], hear: Hear
) -> Finetuned:
    """Make the data and train on them in the folder `work`; run again it goes on where it was cut off."""
    data = work / DATA
    notify(f"composing {CONVERSATIONS:,} conversations and {QUESTIONS:,} questions")
    make(CONVERSATIONS, QUESTIONS, SEED).write(data)
    return finetune(
        [data],
        find_weights(BUILT_IN, cache_dir),
        work / "adapter",
        OPTIONS,
        cache_dir=cache_dir,
        resume=True,
        notify=notify,
        planned=planned,
        hear=hear,
    )


def ship(done: Finetuned, folder: Path) -> None:
    """Copy a finished adapter to where the generator has it, with a card that tells of its data."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        shutil.copyfile(done.out / name, folder / name)
    write_card(folder)


def write_card(folder: Path) -> None:
    """Write the card of the shipped adapter: its training, its data, and what was measured, if FIGURES is there."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    rows = manifest["data"]["rows"] + manifest["data"]["validation_rows"]
    about = (
        (_HERE / "card.md")
        .read_text(encoding="utf-8")
        .format(
            examples=rows - CONVERSATIONS - QUESTIONS,
            composed=CONVERSATIONS,
            questions=QUESTIONS,
            codes=", ".join(held_out().codes),
        )
    )
    parts = [card(manifest), about]
    if FIGURES.exists():
        parts.append(FIGURES.read_text(encoding="utf-8"))
    (folder / CARD).write_text("\n".join(parts), encoding="utf-8")
