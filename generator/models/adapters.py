"""Low-rank adapters: read from a folder of safetensors, tied to one base model, and merged into its weights."""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from generator.errors import ModelMissing, ModelRefused
from generator.models.libraries import as_refusal, libraries
from generator.models.weights import Weights

CONFIG: Final = "adapter_config.json"
WEIGHTS: Final = "adapter_model.safetensors"
SHIPPED: Final = Path(__file__).parents[1] / "adapters"
# `revision` is where peft keeps which state of the base model an adapter belongs to.
REVISION: Final = "sha256:"

_MAX_CONFIG: Final = 1024 * 1024
# What may lie in the folder: weights, tables and prose. Anything else may be code, or run code when it is loaded.
_SAFE_ENDINGS: Final = frozenset({".safetensors", ".json", ".jsonl", ".md", ".txt", ".csv", ".yaml"})
_KEY: Final = re.compile(r"^base_model\.model\.(?P<module>[A-Za-z0-9_.]+)\.lora_(?P<side>[AB])\.weight$")


def _absent(value: object) -> object:
    """Take what peft writes for a feature that is not used for absent, whatever the feature's type."""
    if value not in (None, False, [], {}, "none"):
        raise ValueError("adapters that use it are not supported; train one with LoRA alone")
    return value


_Unused = Annotated[object, BeforeValidator(_absent)]


class _Config(BaseModel):
    """What of peft's adapter_config.json has a say in the weights; what would change them otherwise is refused."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    peft_type: Literal["LORA"]
    r: int = Field(ge=1, le=1024)
    lora_alpha: float = Field(gt=0)
    use_rslora: bool = False
    base_model_name_or_path: str | None = None
    revision: str | None = None
    alora_invocation_tokens: _Unused = None
    alpha_pattern: _Unused = None
    auto_mapping: _Unused = None
    bias: _Unused = None
    fan_in_fan_out: _Unused = None
    layer_replication: _Unused = None
    lora_bias: _Unused = None
    modules_to_save: _Unused = None
    rank_pattern: _Unused = None
    target_parameters: _Unused = None
    trainable_token_indices: _Unused = None
    use_dora: _Unused = None
    use_qalora: _Unused = None


@dataclass(frozen=True, slots=True)
class Adapter:
    """A checked folder with a LoRA adapter.

    `digest` is the SHA-256 in hex of its configuration and weights, `base` that of the model that it was trained on
    (`Weights.digest`), `base_name` what that model was called. `scale` is what the product of its two halves is
    multiplied by.
    """

    path: Path
    digest: str
    base: str
    base_name: str
    rank: int
    scale: float


def read_adapter(folder: Path) -> Adapter:
    """Return the adapter in a folder, its files checked but its weights not loaded.

    Raises ModelMissing when there is none, ModelRefused for one that is unsafe, not supported or says no base model.
    """
    folder = folder.expanduser()
    if not folder.is_dir():
        raise ModelMissing(
            f"there is no adapter folder {str(folder)!r}",
            place="setting MKG_MODEL_ADAPTER",
            hint=f"Give a folder with {CONFIG} and {WEIGHTS}; `mkg finetune` writes one.",
        )
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.suffix.lower() not in _SAFE_ENDINGS:
            raise _refused(file, "this kind of file does not belong to an adapter", "Keep safetensors and remove it.")
    config_file, weights_file = folder / CONFIG, folder / WEIGHTS
    try:
        if config_file.stat().st_size > _MAX_CONFIG:
            raise _refused(config_file, "the file is too large", "At most 1 MB is read.")
        content = config_file.read_bytes()
        config = _Config.model_validate_json(content)
        with weights_file.open("rb") as opened:
            weights_digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        missing = Path(str(error.filename)).name if error.filename else CONFIG
        raise _refused(folder / missing, f"it cannot be read: {error.strerror}", "Save the adapter again.") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        told = f"{where}: {fault['msg'].removeprefix('Value error, ')}" if where else fault["msg"]
        raise _refused(config_file, f"the adapter cannot be used: {told}", "Save a LoRA adapter with peft.") from error
    revision = config.revision or ""
    if not re.fullmatch(rf"{REVISION}[0-9a-f]{{64}}", revision):
        raise _refused(
            config_file,
            "the adapter does not say which bytes of a base model it belongs to",
            f'Set "revision" to "{REVISION}" and the digest that `mkg finetune --dry-run --json` prints for the model.',
        )
    return Adapter(
        path=folder,
        digest=hashlib.sha256(f"{hashlib.sha256(content).hexdigest()}\n{weights_digest}".encode()).hexdigest(),
        base=revision.removeprefix(REVISION),
        base_name=config.base_model_name_or_path or "a model without a name",
        rank=config.r,
        scale=config.lora_alpha / (math.sqrt(config.r) if config.use_rslora else config.r),
    )


def shipped_adapter(weights: Weights) -> Adapter | None:
    """Return the adapter that comes with the generator for just these weights, or None when there is none."""
    if not SHIPPED.is_dir():
        return None
    found = (read_adapter(folder) for folder in sorted(SHIPPED.iterdir()) if (folder / CONFIG).is_file())
    return next((adapter for adapter in found if adapter.base == weights.digest), None)


def check_base(adapter: Adapter, weights: Weights) -> None:
    """Raise ModelRefused, naming both models, unless the adapter was trained on just these weights."""
    if adapter.base != weights.digest:
        raise ModelRefused(
            f"the adapter belongs to {adapter.base_name} (SHA-256 {adapter.base}), "
            f"not to {weights.name} (SHA-256 {weights.digest})",
            place=f"file {adapter.path / CONFIG}",
            hint="Take the model that it was trained on, or train one for this model with `mkg finetune`.",
        )


def merged(model: Any, adapter: Adapter) -> Any:
    """Return the model with the adapter's products added to its weights, in place; the model has no trace of it after.

    The sum is taken in float32 and rounded once to the type of the weights. Whether the model is the right one is
    for `check_base` to say. Raises ModelRefused for weights that do not fit.
    """
    torch = libraries().torch
    file = adapter.path / WEIGHTS
    from safetensors.torch import load_file

    with as_refusal(file):
        halves = _halves(load_file(str(file)), file)
    modules: dict[str, Any] = dict(model.named_modules())
    with torch.no_grad():
        for name, (down, up) in halves.items():
            weight = getattr(modules.get(name), "weight", None)
            if weight is None or (down.shape, up.shape) != (
                (adapter.rank, weight.shape[-1]),
                (weight.shape[0], adapter.rank),
            ):
                raise _refused(file, f"{name} does not fit the model", "Take the adapter that was made for this model.")
            # New memory, not a copy into the old: that lies in the file, and each page of it would be copied first.
            weight.data = (weight.float() + adapter.scale * (up.float() @ down.float())).to(weight.dtype)
    return model


def _halves(tensors: dict[str, Any], file: Path) -> dict[str, tuple[Any, Any]]:
    """Return by module the matrix that goes down to the rank and the one that goes up again."""
    sides: dict[str, dict[str, Any]] = {}
    for key, tensor in tensors.items():
        match = _KEY.match(key)
        if match is None or tensor.ndim != 2:
            raise _refused(file, f"{key!r} is no half of a LoRA matrix", "Save a LoRA adapter with peft.")
        sides.setdefault(match["module"], {})[match["side"]] = tensor
    half = next((name for name, found in sides.items() if set(found) != {"A", "B"}), None)
    if half is not None or not sides:
        raise _refused(file, f"{half or 'the file'} lacks a half of its matrix", "Save the adapter again.")
    return {name: (found["A"], found["B"]) for name, found in sides.items()}


def _refused(path: Path, message: str, hint: str) -> ModelRefused:
    return ModelRefused(message, place=f"file {path}", hint=hint)


def write_config(folder: Path, config: dict[str, Any], *, base: Weights) -> None:
    """Write peft's configuration with the base model's name and digest in it."""
    tied = {
        **config,
        "base_model_name_or_path": base.name,
        "revision": f"{REVISION}{base.digest}",
        "auto_mapping": None,
    }
    (folder / CONFIG).write_text(json.dumps(tied, indent=1, sort_keys=True, default=sorted) + "\n", encoding="utf-8")
