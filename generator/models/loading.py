"""From a checked folder, and an adapter if there is one, to a tokenizer and an engine in memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from generator.models.adapters import Adapter, merged
from generator.models.conversion import is_whole, make_folder
from generator.models.fast_engine import FastEngine, save_fast
from generator.models.fast_graph import graph_of
from generator.models.libraries import as_refusal, libraries, quiet
from generator.models.torch_engine import ATTENTION, TorchEngine, attend

# What transformers calls a tokenizer that has nothing of its own beside its file, in versions 5 and 4.
_PLAIN: Final = ("TokenizersBackend", "PreTrainedTokenizerFast")


def load_transformers(folder: Path, adapter: Adapter | None, threads: int) -> tuple[Any, TorchEngine]:
    """Return tokenizer and engine of transformers; raises ModelRefused."""
    library = libraries()
    library.torch.set_num_threads(threads)
    library.transformers.AttentionInterface.register(ATTENTION, attend)
    tokenizer, model = load_tokenizer(folder), load_model(folder, adapter, ATTENTION)
    return tokenizer, TorchEngine(model, ends_of(model.generation_config.eos_token_id, tokenizer))


def load_fast(folder: Path, adapter: Adapter | None, converted: Path, threads: int) -> tuple[Any, FastEngine]:
    """Return tokenizer and engine of OpenVINO; the first time, weights in 8 bits are written to `converted`."""
    tokenizer = load_tokenizer(folder)
    if not is_whole(converted):

        def fill(temporary: Path) -> None:
            model = load_model(folder, adapter, "eager")
            with as_refusal(folder):
                save_fast(
                    graph_of(model),
                    temporary,
                    limit=int(model.config.max_position_embeddings),
                    vocabulary=int(model.config.vocab_size),
                    ends=ends_of(model.generation_config.eos_token_id, tokenizer),
                )

        make_folder(converted, folder.name, fill)
    with quiet(), as_refusal(converted):
        return tokenizer, FastEngine(converted, threads)


def load_tokenizer(folder: Path) -> Any:
    """Return the tokenizer of a folder as transformers knows it; raises ModelRefused."""
    transformers = libraries().transformers
    # AutoTokenizer reads tokenizer.json several times more to come to the same class.
    kind = transformers.PreTrainedTokenizerFast if _is_plain(folder) else transformers.AutoTokenizer
    with quiet(), as_refusal(folder):
        return kind.from_pretrained(str(folder), local_files_only=True)


def _is_plain(folder: Path) -> bool:
    """Return whether the tokenizer is all in its file, as that of each converted model is."""
    try:
        told: Any = json.loads((folder / "tokenizer_config.json").read_bytes())
    except (OSError, ValueError):
        return False
    named = isinstance(told, dict) and told.get("tokenizer_class") in _PLAIN
    return named and (folder / "tokenizer.json").is_file()


def load_model(folder: Path, adapter: Adapter | None, attention: str) -> Any:
    """Return the LLaMA of a folder with the adapter in its weights; raises ModelRefused."""
    library = libraries()
    with quiet(), as_refusal(folder):
        model = library.transformers.LlamaForCausalLM.from_pretrained(
            str(folder),
            local_files_only=True,
            dtype=library.torch.bfloat16,
            use_safetensors=True,
            attn_implementation=attention,
        )
    return (merged(model, adapter) if adapter else model).eval()


def ends_of(told: int | list[int] | None, tokenizer: Any) -> frozenset[int]:
    """Return the tokens that end a text, by the model's own settings and by its tokenizer's."""
    ends = {*(told if isinstance(told, list) else [told]), tokenizer.eos_token_id}
    return frozenset(end for end in ends if end is not None)
