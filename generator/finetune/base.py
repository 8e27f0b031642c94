"""The model that an adapter is trained for, ready for training: weights, tokenizer, and what ends an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import ModelRefused
from generator.models.conversion import convert, is_whole
from generator.models.libraries import as_refusal, libraries, quiet
from generator.models.weights import Weights, check_folder


@dataclass(frozen=True, slots=True)
class Base:
    """A model in memory and its tokenizer; `ends` are the tokens that end an answer, `place` names it in errors."""

    model: Any
    tokenizer: Any
    ends: frozenset[int]
    longest: int
    place: str


def load_base(weights: Weights, cache_dir: Path, notify: Callable[[str], None]) -> Base:
    """Return the model in bfloat16, on the first GPU if there is one; raises ModelRefused.

    A GGUF file is converted once, as it is for writing.
    """
    folder = _folder(weights, cache_dir, notify)
    check_folder(folder)
    notify(f"loading {weights.name}")
    library = libraries()
    torch = library.torch
    with quiet(), as_refusal(folder):
        source = {"pretrained_model_name_or_path": str(folder), "local_files_only": True}
        tokenizer = library.transformers.AutoTokenizer.from_pretrained(**source)
        model = library.transformers.LlamaForCausalLM.from_pretrained(
            **source, dtype=torch.bfloat16, use_safetensors=True, attn_implementation="sdpa"
        )
    place = f"file {folder}"
    if not tokenizer.chat_template:
        raise ModelRefused(
            "the model has no chat template", place=place, hint="Take the Instruct or Chat variant of the model."
        )
    told = model.generation_config.eos_token_id
    ends = frozenset({*(told if isinstance(told, list) else [told]), tokenizer.eos_token_id} - {None})
    if not ends:
        raise ModelRefused("the model has no token that ends a text", place=place, hint="Set eos_token in its files.")
    if torch.cuda.is_available():
        model = model.to("cuda")
    return Base(model, tokenizer, ends, model.config.max_position_embeddings, place)


def _folder(weights: Weights, cache_dir: Path, notify: Callable[[str], None]) -> Path:
    if not weights.is_gguf:
        return weights.path
    folder = cache_dir / "models" / weights.digest
    if not is_whole(folder):
        notify(f"converting {weights.name} once; this takes about a minute")
        convert(weights.path, folder)
    return folder
