"""From the name of a model to the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from generator.errors import ModelRefused
from generator.model import EngineName, Model
from generator.models.adapters import Adapter, read_adapter, shipped_adapter
from generator.models.http import HttpModel
from generator.models.libraries import LOCAL, LOCAL_HINT, check_installed
from generator.models.weights import BUILT_IN, Weights, find_weights

# What says that the weights are to be used as they are.
NO_ADAPTER: Final = "none"


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
    width: int = 1,
    engine: EngineName = "transformers",
    adapter: str = "",
    notify: Callable[[str], None] = _say_nothing,
) -> Model:
    """Return the model of that name: at a server when `url` is given, in this process otherwise.

    `name` is `smollm2`, a folder or a GGUF file; at a server it is what the server calls it. `timeout` is in seconds
    for one text. `width` is how many texts are written at once. `adapter` is the folder of a LoRA adapter, `none`, or
    empty for the one that belongs to the model, if one does. `notify` is told what takes long. Nothing is loaded yet.
    Raises ModelMissing and ModelRefused.
    """
    if url is not None:
        if adapter not in ("", NO_ADAPTER):
            raise ModelRefused(
                "a model at a server takes no adapter from here",
                place="setting MKG_MODEL_ADAPTER",
                hint="Have the server load it, or unset MKG_MODEL_URL.",
            )
        return HttpModel(url, name, api_key=api_key, timeout=timeout, width=width)
    weights = find_weights(name, cache_dir)
    check_installed(LOCAL, "a local model", LOCAL_HINT)
    # Brought in here, since numpy comes with the packages of a local model alone.
    from generator.models.local import LocalModel

    return LocalModel(
        weights,
        cache_dir,
        threads=threads,
        width=width,
        engine=engine,
        adapter=_adapter(adapter, weights),
        notify=notify,
    )


def _adapter(name: str, weights: Weights) -> Adapter | None:
    if name == NO_ADAPTER:
        return None
    return read_adapter(Path(name)) if name else shipped_adapter(weights)
