"""From a GGUF file to a folder of safetensors that loads in a second, made once and whole."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil

from generator.errors import ModelRefused
from generator.models.libraries import Libraries, as_refusal, libraries, quiet
from generator.models.weights import check_folder

_RECEIPT: Final = "converted.json"
_PART: Final = re.compile(r"^\.part-(\d+)-")


def convert(gguf: Path, folder: Path) -> None:
    """Turn a GGUF file into a folder with bfloat16 safetensors; the folder is there whole or not at all.

    Raises ModelRefused when the file is damaged or not a LLaMA.
    """
    library = libraries()

    def fill(temporary: Path) -> None:
        with quiet(), as_refusal(gguf):
            _write_folder(library, gguf, temporary)
        check_folder(temporary)

    make_folder(folder, gguf.name, fill)


def make_folder(folder: Path, source: str, fill: Callable[[Path], None]) -> None:
    """Have `fill` write the files of a folder that is there whole or not at all; `source` is what it came from."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder.parent)
    temporary = Path(tempfile.mkdtemp(prefix=f".part-{os.getpid()}-", dir=folder.parent))
    try:
        fill(temporary)
        sizes = {file.name: file.stat().st_size for file in sorted(temporary.iterdir())}
        (temporary / _RECEIPT).write_text(json.dumps({"gguf": source, "sizes": sizes}, indent=1), encoding="utf-8")
        if folder.exists() and not is_whole(folder):
            shutil.rmtree(folder)
        try:
            temporary.rename(folder)
        except OSError:
            # Another process was faster; what it wrote is as good.
            if not is_whole(folder):
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def is_whole(folder: Path) -> bool:
    """Return whether a folder has every file that was written into it, at its full size."""
    try:
        sizes: dict[str, int] = json.loads((folder / _RECEIPT).read_bytes())["sizes"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


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


def _sweep(parent: Path) -> None:
    """Remove what conversions left behind that were killed."""
    for entry in parent.iterdir():
        owner = _PART.match(entry.name)
        if owner and not psutil.pid_exists(int(owner.group(1))):
            shutil.rmtree(entry, ignore_errors=True)
