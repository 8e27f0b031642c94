"""The doorway to peft: puts a low-rank adapter into a model and takes its tensors out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generator.errors import ModelRefused
from generator.finetune.options import Options
from generator.models.adapters import WEIGHTS, write_config
from generator.models.libraries import check_installed, libraries, quiet
from generator.models.weights import Weights

_NAME: Final = "default"


@dataclass(frozen=True, slots=True)
class Adapted:
    """A model with an adapter in it, of which the adapter alone is trained, in float32."""

    model: Any
    base: Any

    def parameters(self) -> dict[str, Any]:
        """Return what is trained, by name."""
        return {name: value for name, value in self.model.named_parameters() if value.requires_grad}

    def load(self, tensors: Mapping[str, Any]) -> None:
        """Put tensors as `parameters` names them into the model."""
        torch = libraries().torch
        with torch.no_grad():
            for name, value in self.parameters().items():
                value.copy_(tensors[name])

    def save(self, folder: Path, base: Weights) -> None:
        """Write the adapter as peft has it, its weights in bfloat16, tied to the base model's digest."""
        from safetensors.torch import save_file

        torch = libraries().torch
        tensors = {
            name.replace(f".{_NAME}.", "."): value.detach().to("cpu", torch.bfloat16).contiguous()
            for name, value in self.parameters().items()
        }
        save_file(tensors, str(folder / WEIGHTS), metadata={"format": "pt"})
        write_config(folder, self.model.peft_config[_NAME].to_dict(), base=base)


def check_peft() -> None:
    """Raise ModelMissing unless everything that training needs is installed."""
    check_installed(
        ("torch", "transformers", "peft", "safetensors"), "fine-tuning", "Install mkg[finetune], or the package peft."
    )


def adapted(model: Any, options: Options, place: str) -> Adapted:
    """Return the model with an adapter that changes nothing yet, drawn from the seed; raises ModelRefused."""
    torch = libraries().torch
    with quiet():
        import peft

        config = peft.LoraConfig(
            r=options.rank,
            lora_alpha=options.alpha,  # pyright: ignore[reportArgumentType]  # a float does as well
            lora_dropout=options.dropout,
            target_modules=sorted(options.targets),
            task_type="CAUSAL_LM",
        )
        torch.manual_seed(options.seed)
        try:
            made: Any = peft.get_peft_model(model, config, adapter_name=_NAME)
        except ValueError as error:
            raise ModelRefused(
                f"the adapter does not fit the model: {error}",
                place=place,
                hint="Name modules of the model with --targets, such as q_proj and v_proj.",
            ) from error
    return Adapted(made, made.get_base_model())
