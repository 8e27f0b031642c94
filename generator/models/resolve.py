"""From the name of a model to the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from generator.model import Model
from generator.models.http import HttpModel
from generator.models.local import LocalModel
from generator.models.weights import BUILT_IN, find_weights


def _say_nothing(_: str) -> None:
    pass


def resolve_model(
    name: str = BUILT_IN,
    url: str | None = None,
    *,
    cache_dir: Path,
    api_key: str | None = None,
    timeout: float = 120.0,
    threads: int = 2,
    notify: Callable[[str], None] = _say_nothing,
) -> Model:
    """Return the model of that name: at a server when `url` is given, in this process otherwise.

    `name` is `smollm2`, a folder or a GGUF file; at a server it is what the server calls it. `timeout` is in seconds
    for one text. `notify` is told what takes long. Nothing is loaded yet. Raises ModelMissing and ModelRefused.
    """
    if url is not None:
        return HttpModel(url, name, api_key=api_key, timeout=timeout)
    return LocalModel(find_weights(name, cache_dir), cache_dir, threads=threads, notify=notify)
