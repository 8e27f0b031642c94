"""What each way of running the default model makes of the same notes, beside one prompt after another in float32."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.figures import Figure
from generator.model import EngineName
from generator.models.adapters import merged, shipped_adapter
from generator.models.local import LocalModel
from generator.models.resolve import resolve_model
from generator.models.weights import BUILT_IN, BUILT_IN_SHA256, find_weights
from generator.prompt import Message, Prompt, Sampling

# How many prompts are written; float32 one by one writes every fourth of them, and each width as many as it takes.
NOTES: Final = 32
NAIVE_EACH: Final = 4
WIDTHS: Final = (1, 8, 32)
ALONE: Final = 4
# What is left of a start when there is next to nothing to read.
_SHORT: Final = Prompt((Message("user", "Name one symptom of a cold."),))
# A copy of this many numbers is read through to see how fast the memory is: far above every cache.
_READ_NUMBERS: Final = 128 * 1024 * 1024
_READS: Final = 3
# Tokens that a row is written on to time a token by itself.
_TIMED: Final = 48


@dataclass(frozen=True, slots=True)
class Asked:
    """Prompts as the recipes make them, each with its seed."""

    prompts: Sequence[Prompt]
    seeds: Sequence[int]
    options: Sampling

    def first(self, count: int) -> Asked:
        """Return the first few."""
        return Asked(self.prompts[:count], self.seeds[:count], self.options)

    def each(self, step: int) -> Asked:
        """Return one of so many."""
        return Asked(self.prompts[::step], self.seeds[::step], self.options)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock and of the processor."""

    clock: float
    cpu: float

    def shared(self, count: int) -> Took:
        """Return what each of so many took."""
        return Took(self.clock / count, self.cpu / count)


def compare(asked: Asked, cache_dir: Path, threads: int) -> list[Figure]:
    """Return figures of each engine and width over the same prompts, and how many times naive they are."""
    figures: list[Figure] = []
    some = asked.each(NAIVE_EACH)
    plain = _naive(some, cache_dir)
    told = f"{len(some.prompts)} of the notes, plain generate, the adapter in its weights too"
    figures.append(Figure("naive: float32, one by one", plain.clock, "s/note", told))
    gigabytes = memory_speed(threads)
    figures.append(Figure("memory", gigabytes, "GB/s", f"read by {threads} threads, far above every cache"))
    engines: tuple[EngineName, ...] = ("transformers", "fast")
    for engine in engines:
        for prompt in (_SHORT, asked.prompts[0]):
            first = _first_token(prompt, cache_dir, engine, threads)
            words = sum(len(message.content.split()) for message in prompt.messages)
            cpu = f"{first.cpu:.1f} s of CPU; libraries are imported"
            figures.append(
                Figure(f"{engine}: warm start to the first token, {words} words of prompt", first.clock, "s", cpu)
            )
        for width in WIDTHS:
            model = _model(cache_dir, engine, threads, width)
            _timed(lambda: model.generate(asked.prompts[:1], [0], Sampling(max_new_tokens=1)))  # noqa: B023
            some = asked.first(ALONE if width == 1 else max(width, 8))
            took = _timed(lambda: model.generate(some.prompts, some.seeds, some.options))  # noqa: B023
            each = took.shared(len(some.prompts))
            # The clock also counts what else the machine does; both are told.
            times = f"{plain.clock / each.clock:.1f} x naive by the clock, {plain.cpu / each.cpu:.1f} x by CPU"
            figures.append(
                Figure(f"{engine}: width {width}", each.clock, "s/note", f"{times}; {len(some.prompts)} notes")
            )
        figures.append(_share(asked, cache_dir, engine, threads, gigabytes))
    return figures


def _model(cache_dir: Path, engine: EngineName, threads: int, width: int) -> LocalModel:
    model = resolve_model(cache_dir=cache_dir, engine=engine, threads=threads, width=width)
    assert isinstance(model, LocalModel)
    return model


def _timed(work: Callable[[], object]) -> Took:
    begun, used = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - begun, time.process_time() - used)


def _naive(asked: Asked, cache_dir: Path) -> Took:
    """Return the time of a note by transformers' own `generate` in float32, one after another."""
    from generator.models.libraries import libraries
    from generator.models.loading import load_tokenizer
    from generator.models.turns import Turns

    library = libraries()
    _model(cache_dir, "transformers", 2, 1).generate(asked.prompts[:1], [0], Sampling(max_new_tokens=1))
    folder = cache_dir / "models" / BUILT_IN_SHA256
    turns = Turns(load_tokenizer(folder), folder)
    model = library.transformers.LlamaForCausalLM.from_pretrained(
        str(folder), local_files_only=True, dtype=library.torch.float32
    ).eval()
    adapter = shipped_adapter(find_weights(BUILT_IN, cache_dir))
    assert adapter is not None, "the default model has an adapter"
    model = merged(model, adapter)
    drawn = {
        "do_sample": True,
        "temperature": asked.options.temperature,
        "top_p": asked.options.top_p,
        "min_p": asked.options.min_p,
        "max_new_tokens": asked.options.max_new_tokens,
    }

    def write() -> None:
        for prompt, seed in zip(asked.prompts, asked.seeds, strict=True):
            ids = library.torch.tensor([[token for turn in turns.encode(prompt.messages) for token in turn]])
            library.torch.manual_seed(seed)
            with library.torch.inference_mode():
                model.generate(inputs=ids, attention_mask=library.torch.ones_like(ids), **drawn)

    return _timed(write).shared(len(asked.prompts))


def _first_token(prompt: Prompt, cache_dir: Path, engine: EngineName, threads: int) -> Took:
    """Return the time from a model that is not loaded, its weights converted, to its first token."""
    once = Sampling(max_new_tokens=1)
    _model(cache_dir, engine, threads, 1).generate([prompt], [0], once)
    model = _model(cache_dir, engine, threads, 1)
    return _timed(lambda: model.generate([prompt], [0], once))


def _share(asked: Asked, cache_dir: Path, engine: EngineName, threads: int, gigabytes: float) -> Figure:
    """Return which share of the memory's speed the weights come through at, when one row is written."""
    model = _model(cache_dir, engine, threads, 1)
    options = replace(asked.options, max_new_tokens=_TIMED)
    told: list[float] = []

    def tell(_: str) -> None:
        told.append(time.perf_counter())

    for prompt, seed in zip(asked.prompts[:2], asked.seeds[:2], strict=True):
        model.stream(prompt, seed, options, tell, lambda: False)
    steps = np.diff(np.array(told))
    # What others do on the machine makes some steps long; the lower quartile is what the engine takes.
    seconds = float(np.quantile(steps[steps > 0], 0.25))
    read = _weights(cache_dir, engine) / 1e9
    return Figure(
        f"{engine}: share of the memory's speed, one row",
        read / seconds / gigabytes,
        "share",
        f"{read * 1e3:.0f} MB of weights in {seconds * 1e3:.1f} ms",
    )


def _weights(cache_dir: Path, engine: EngineName) -> int:
    """Return the bytes that are read for a token: all matrices once, the table of tokens as the last of them."""
    size = (cache_dir / "models" / BUILT_IN_SHA256 / "model.safetensors").stat().st_size
    # The fast engine keeps 8 bits of each 16.
    return size if engine == "transformers" else size // 2


def memory_speed(threads: int) -> float:
    """Return how many GB these threads read in a second, the best of a few times."""
    parts: list[Any] = [np.ones(_READ_NUMBERS // threads, np.float64) for _ in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        best = min(_timed(lambda: list(pool.map(np.sum, parts))).clock for _ in range(_READS))
    return sum(part.nbytes for part in parts) / best / 1e9
