"""How an adapter is trained: everything beside data and model that has a say in its weights."""

from __future__ import annotations

import math
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from generator.errors import TrainingInvalid

# All linear maps of a LLaMA's layer; MedSyn adapts the first four.
LINEAR: Final = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
TARGETS: Final = {"all": LINEAR, "attention": LINEAR[:4]}


class Options(BaseModel):
    """Options of one run.

    `rate` is AdamW's highest learning rate, reached after `warmup` (share of all steps) and brought to 0 along a
    cosine. A step takes `batch` times `accumulate` conversations. `steps` wins over `epochs`. `validation` is the share
    of conversations held back; the run ends early when their loss was not lower `patience` times in a row. `evaluate`
    is the number of steps between two looks at it (None: ten looks in a run).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rank: int = Field(default=8, ge=1, le=256)
    alpha: float = Field(default=16, gt=0)
    dropout: float = Field(default=0.05, ge=0, lt=1)
    targets: tuple[str, ...] = LINEAR
    rate: float = Field(default=4e-4, gt=0, le=1)
    warmup: float = Field(default=0.05, ge=0, le=1)
    decay: float = Field(default=0.0, ge=0, le=1)
    epochs: float = Field(default=1.0, gt=0, le=1000)
    steps: int | None = Field(default=None, ge=1)
    batch: int = Field(default=4, ge=1, le=1024)
    accumulate: int = Field(default=1, ge=1, le=1024)
    max_tokens: int = Field(default=1024, ge=8)
    validation: float = Field(default=0.05, ge=0, lt=1)
    patience: int = Field(default=3, ge=1)
    evaluate: int | None = Field(default=None, ge=1)
    seed: int = Field(default=42, ge=0, lt=2**31)
    threads: int = Field(default=2, ge=1, le=256)

    @classmethod
    def of(cls, **given: Any) -> Options:
        """Return the options; raises TrainingInvalid naming the one that makes no sense."""
        try:
            return cls(**given)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise TrainingInvalid(f"{name}: {first['msg']}", place=f"option {name}") from error

    def steps_in(self, batches: int) -> int:
        """Return how many steps a run has, with this number of batches in an epoch."""
        return self.steps or max(1, math.ceil(self.epochs * batches / self.accumulate))

    def rate_at(self, step: int, steps: int) -> float:
        """Return the learning rate of a step, counted from 0: a straight line up, then half a cosine down."""
        warm = round(self.warmup * steps)
        if step < warm:
            return self.rate * (step + 1) / warm
        return self.rate * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(steps - warm, 1)))

    def evaluates_after(self, steps: int) -> int:
        """Return the number of steps between two looks at the validation loss."""
        return self.evaluate or max(1, steps // 10)
