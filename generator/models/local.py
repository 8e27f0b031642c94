"""A LLaMA in this process."""

from __future__ import annotations

import gc
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import psutil

from generator.errors import ModelError, ModelRefused
from generator.model import Stop, Tell
from generator.models.blocklist import Blocklist, Spelled
from generator.models.libraries import Libraries, as_refusal, check_installed, libraries, quiet
from generator.models.listener import Listener
from generator.models.weights import Weights, check_folder
from generator.prompt import Message, Prompt, Sampling

_PACKAGES: Final = ("torch", "transformers", "accelerate", "gguf")
_RECEIPT: Final = "converted.json"
_PART: Final = re.compile(r"^\.part-(\d+)-")

# One load at a time in a process: seeding and the number of threads are global to torch.
_TORCH_LOCK = threading.Lock()


def _say_nothing(_: str) -> None:
    pass


class LocalModel:
    """Writes one row after another in bfloat16, which is what makes a row's bytes independent of its neighbours.

    A batch would be faster, but its matrix products round differently from those of a single row. Weights are loaded
    at the first text, so that `name` and `fingerprint` cost nothing. The fingerprint takes in the weights' digest,
    the number of threads and the versions of torch and transformers: each may change how a product is rounded.
    """

    def __init__(
        self, weights: Weights, cache_dir: Path, *, threads: int = 2, notify: Callable[[str], None] = _say_nothing
    ) -> None:
        check_installed(
            _PACKAGES,
            "a local model",
            "Run `uv sync --group model` or install mkg[llm]; or set MKG_MODEL_URL to a server.",
        )
        self._weights = weights
        self._cache = cache_dir / "models"
        self._threads = threads
        self._notify = notify
        self._loaded: _Loaded | None = None

    @property
    def name(self) -> str:
        """What people call the model."""
        return self._weights.name

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex of everything that has a say in the text."""
        versions = [f"{package} {importlib.metadata.version(package)}" for package in ("torch", "transformers")]
        parts = [self._weights.digest, "bfloat16", f"threads {self._threads}", *versions]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def generate(self, prompts: Sequence[Prompt], seeds: Sequence[int], options: Sampling) -> list[str]:
        """Return one text for each prompt; the first call loads the weights and may convert them."""
        with _TORCH_LOCK:
            loaded = self._ready()
            return [loaded.write(prompt, seed, options) for prompt, seed in zip(prompts, seeds, strict=True)]

    def stream(self, prompt: Prompt, seed: int, options: Sampling, tell: Tell, stop: Stop) -> str:
        """Return the text that `generate` would write, telling it token by token; raises ModelStopped when told so."""
        with _TORCH_LOCK:
            loaded = self._ready()
            return loaded.write(prompt, seed, options, Listener(loaded.decoded, tell, stop))

    def _ready(self) -> _Loaded:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def _load(self) -> _Loaded:
        folder = self._weights.path
        if self._weights.is_gguf:
            folder = self._cache / self._weights.digest
            if not _is_whole(folder):
                self._notify(f"converting {self.name} once; this takes about a minute")
                convert(self._weights.path, folder)
        check_folder(folder)
        self._notify(f"loading {self.name}")
        return _Loaded(folder, self._threads)


def convert(gguf: Path, folder: Path) -> None:
    """Turn a GGUF file into a folder with bfloat16 safetensors; the folder is there whole or not at all.

    Raises ModelRefused when the file is damaged or not a LLaMA.
    """
    library = libraries()
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder.parent)
    temporary = Path(tempfile.mkdtemp(prefix=f".part-{os.getpid()}-", dir=folder.parent))
    try:
        with quiet(), as_refusal(gguf):
            _write_folder(library, gguf, temporary)
        check_folder(temporary)
        sizes = {file.name: file.stat().st_size for file in sorted(temporary.iterdir())}
        (temporary / _RECEIPT).write_text(json.dumps({"gguf": gguf.name, "sizes": sizes}, indent=1), encoding="utf-8")
        if folder.exists() and not _is_whole(folder):
            shutil.rmtree(folder)
        try:
            temporary.rename(folder)
        except OSError:
            # Another process was faster; what it wrote is as good.
            if not _is_whole(folder):
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write_folder(library: Libraries, gguf: Path, folder: Path) -> None:
    source = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name, "local_files_only": True}
    config = library.transformers.AutoConfig.from_pretrained(**source)
    if config.model_type != "llama":
        raise ModelRefused(
            f"the model is a {config.model_type!r}, not a LLaMA",
            place=f"file {gguf}",
            hint="Serve it with vLLM, llama.cpp or Ollama and set MKG_MODEL_URL.",
        )
    tokenizer = library.transformers.AutoTokenizer.from_pretrained(**source)
    model = library.transformers.LlamaForCausalLM.from_pretrained(**source, dtype=library.torch.bfloat16)
    # A model that came from GGUF counts as quantized and refuses to be saved, although its weights are plain by now.
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    del model
    gc.collect()


def _is_whole(folder: Path) -> bool:
    try:
        sizes: dict[str, int] = json.loads((folder / _RECEIPT).read_bytes())["sizes"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _sweep(parent: Path) -> None:
    """Remove what conversions left behind that were killed."""
    for entry in parent.iterdir():
        owner = _PART.match(entry.name)
        if owner and not psutil.pid_exists(int(owner.group(1))):
            shutil.rmtree(entry, ignore_errors=True)


class _Loaded:
    """Weights and tokenizer in memory."""

    def __init__(self, folder: Path, threads: int) -> None:
        library = libraries()
        self._torch = library.torch
        self._transformers = library.transformers
        self._torch.set_num_threads(threads)
        with quiet(), as_refusal(folder):
            source = {"pretrained_model_name_or_path": str(folder), "local_files_only": True}
            self._tokenizer = self._transformers.AutoTokenizer.from_pretrained(**source)
            self._model = self._transformers.LlamaForCausalLM.from_pretrained(
                **source, dtype=self._torch.bfloat16, use_safetensors=True, attn_implementation="sdpa"
            )
            self._model.eval()
        if not self._tokenizer.chat_template:
            raise ModelRefused(
                "the model has no chat template, so it was not made to follow instructions",
                place=f"file {folder}",
                hint="Take the Instruct or Chat variant of the model.",
            )
        self._place = f"file {folder}"
        self._spelled = Spelled(self._data)

    def write(self, prompt: Prompt, seed: int, options: Sampling, listener: Listener | None = None) -> str:
        """Return the text for one prompt; a listener hears its tokens and changes none of them."""
        tokens = self._encode(prompt.messages)
        limit = self._model.config.max_position_embeddings
        if len(tokens) + options.max_new_tokens > limit:
            raise ModelError(
                f"{len(tokens)} tokens of prompt and {options.max_new_tokens} of text are above the model's {limit}",
                place=self._place,
                hint="Lower token_budget, examples or max_new_tokens in the recipe.",
            )
        ids = self._torch.tensor([tokens])
        with quiet(), self._torch.inference_mode(), self._torch.random.fork_rng(devices=[]):
            self._torch.manual_seed(seed)
            written = self._model.generate(
                inputs=ids,
                attention_mask=self._torch.ones_like(ids),
                generation_config=self._generation(options),
                logits_processor=[self._blocker(prompt, len(tokens))] if prompt.blocked else [],
                streamer=listener,
            )
        return self.decoded(written[0][len(tokens) :].tolist())

    def decoded(self, tokens: list[int]) -> str:
        """Return the text of these tokens, without special tokens and white space around it."""
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True)).strip()

    def _generation(self, options: Sampling) -> Any:
        ends = self._model.generation_config.eos_token_id
        stops = sorted({*(ends if isinstance(ends, list) else [ends]), self._tokenizer.eos_token_id} - {None})
        drawn = (
            {"temperature": options.temperature, "top_p": options.top_p, "top_k": 0} if options.temperature > 0 else {}
        )
        return self._transformers.GenerationConfig(
            max_new_tokens=options.max_new_tokens,
            do_sample=options.temperature > 0,
            eos_token_id=stops,
            pad_token_id=stops[0] if stops else None,
            **drawn,
        )

    def _blocker(self, prompt: Prompt, prompt_length: int) -> Callable[[Any, Any], Any]:
        block = Blocklist(self._spelled.runs(prompt.blocked), needed=self._data(prompt.messages[-1].content))

        def process(ids: Any, scores: Any) -> Any:
            banned = block.banned_after(ids[0, prompt_length:].tolist())
            scores[0, sorted(banned)] = float("-inf")
            return scores

        return process

    def _encode(self, messages: Sequence[Message]) -> list[int]:
        """Return the conversation in tokens; only the template's own markers become special tokens.

        The template is filled with stand-ins first, so that no text of the graph is ever read as a marker.
        """
        turns = [{"role": message.role, "content": f"@@{number}@@"} for number, message in enumerate(messages)]
        try:
            frame = self._tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        except Exception as error:
            raise ModelRefused(
                f"the model's chat template cannot be filled: {error}",
                place=self._place,
                hint="It must take a system turn and turns of user and assistant.",
            ) from error
        tokens: list[int] = []
        used: list[int] = []
        for index, part in enumerate(re.split(r"@@(\d+)@@", frame)):
            if index % 2:
                used.append(int(part))
                tokens += self._data(messages[int(part)].content)
            elif part:
                tokens += self._tokenizer(part, add_special_tokens=False)["input_ids"]
        if used != list(range(len(messages))):
            raise ModelRefused(
                "the model's chat template leaves a turn out",
                place=self._place,
                hint="It must take a system turn and turns of user and assistant.",
            )
        return tokens

    def _data(self, text: str) -> list[int]:
        return list(self._tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"])
