"""A model in a few lines for tests: what it writes is a function of prompt and seed."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from generator.errors import ModelStopped, ModelUnavailable
from generator.model import Stop, Tell
from generator.phrases import REPAIR
from generator.prompt import Prompt, Sampling

AGAIN = tuple(words["again"] for words in REPAIR.values())


def is_repair(prompt: Prompt) -> bool:
    """Say whether the model is told to mend what it wrote."""
    return prompt.messages[-1].content.startswith(AGAIN)


def given(prompt: Prompt) -> dict[str, str]:
    """Return the lines of the turn that has the facts, by what stands before the colon."""
    turn = prompt.messages[-3 if is_repair(prompt) else -1]
    return dict(line.split(": ", 1) for line in turn.content.splitlines())


def retold(prompt: Prompt, seed: int) -> str:
    """Say the facts of the last turn in one sentence each, as a good model would."""
    lines = given(prompt)
    drugs = lines["Drugs"].replace(", ", " and ")
    return f"A {lines['Patient']} has {lines['Complaints']}. The diagnosis is {lines['Diagnosis']}. We give {drugs}."


@dataclass
class Scribe:
    """Keeps the seeds it was given and how many prompts it had at once; pulls the plug after `stop_after` of them."""

    write: Callable[[Prompt, int], str] = retold
    name: str = "scribe"
    fingerprint: str = "f00d"
    width: int = 1
    seeds: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    stop_after: int | None = None
    slow: bool = False
    told: threading.Event = field(default_factory=threading.Event)

    def generate(self, prompts: Sequence[Prompt], seeds: Sequence[int], options: Sampling) -> list[str]:
        self.seeds += seeds
        self.batches.append(len(prompts))
        if self.stop_after is not None and len(self.seeds) > self.stop_after:
            raise ModelUnavailable("the plug was pulled")
        return [self.write(prompt, seed) for prompt, seed in zip(prompts, seeds, strict=True)]

    def stream(self, prompt: Prompt, seed: int, options: Sampling, tell: Tell, stop: Stop) -> str:
        (text,) = self.generate([prompt], [seed], options)
        for word in re.findall(r"\s*\S+", text):
            if stop():
                raise ModelStopped("stopped")
            tell(word)
            self.told.set()
            if self.slow:
                time.sleep(0.01)
        return text
