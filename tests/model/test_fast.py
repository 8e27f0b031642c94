"""The fast engine keeps the same promises as the slow one, and its weights are converted once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.errors import ModelStopped
from generator.models.adapters import WEIGHTS, write_config
from generator.models.local import LocalModel
from generator.models.resolve import resolve_model
from generator.models.weights import BUILT_IN_SHA256, find_weights
from generator.prompt import Message, Prompt, Sampling

pytestmark = pytest.mark.model
DRAWN = Sampling(max_new_tokens=24, temperature=1.0, top_p=0.95)
RULES = Message("system", "You are a doctor who writes short clinical notes.")


def asked(number: int) -> Prompt:
    return Prompt((RULES, Message("user", "Tell of " + ", ".join(["a cough", "a fever", "a rash"] * (1 + 6 * number)))))


@pytest.fixture(scope="session")
def fast(smollm2: LocalModel, cache: Path) -> LocalModel:
    smollm2.generate([asked(0)], [1], replace(DRAWN, max_new_tokens=1))
    model = resolve_model(cache_dir=cache, engine="fast", width=4, adapter="none")
    assert isinstance(model, LocalModel)
    return model


def test_a_text_depends_neither_on_how_many_are_written_at_once_nor_on_which(fast: LocalModel, cache: Path) -> None:
    prompts, seeds = [asked(number) for number in range(5)], [20, 21, 22, 23, 24]
    alone = [fast.stream(*row, DRAWN, lambda _: None, lambda: False) for row in zip(prompts, seeds, strict=True)]
    assert len(set(alone)) == 5
    for order in ([0, 1, 2, 3, 4], [4, 2, 1], [2, 2, 3]):
        assert fast.generate([prompts[at] for at in order], [seeds[at] for at in order], DRAWN) == [
            alone[at] for at in order
        ]
    # Nothing is known of any prompt here.
    fresh = resolve_model(cache_dir=cache, engine="fast", width=2, adapter="none")
    assert fresh.generate(prompts[3:], seeds[3:], DRAWN) == alone[3:]


def test_it_says_what_the_model_says(fast: LocalModel, smollm2: LocalModel) -> None:
    greedy = Sampling(max_new_tokens=12, temperature=0.0)
    far = Prompt((Message("system", "You name a common symptom of a cold: cough."), Message("user", "Name it.")))
    assert fast.generate([far], [1], greedy) == smollm2.generate([far], [1], greedy)
    blocked = replace(far, blocked=("cough", "coughing"))
    assert "cough" not in fast.generate([blocked], [1], greedy)[0].lower()


def test_it_stops_within_a_token_and_keeps_to_a_schema(fast: LocalModel) -> None:
    heard: list[str] = []
    with pytest.raises(ModelStopped):
        fast.stream(asked(1), 7, DRAWN, heard.append, lambda: len(heard) == 3)
    assert len(heard) == 3
    schema = {"type": "object", "properties": {"ill": {"type": "boolean"}}, "required": ["ill"]}
    (text,) = fast.generate([replace(asked(0), schema=schema)], [1], DRAWN)
    assert text in ('{"ill": true}', '{"ill": false}')


def test_weights_are_converted_once_and_the_fingerprint_tells_the_engine(
    fast: LocalModel, smollm2: LocalModel, cache: Path
) -> None:
    fast.generate([asked(0)], [1], replace(DRAWN, max_new_tokens=1))
    folder = cache / "models" / f"fast1-{BUILT_IN_SHA256}"
    assert {path.name for path in folder.iterdir()} == {
        "openvino_model.xml",
        "openvino_model.bin",
        "facts.json",
        "converted.json",
    }
    assert fast.fingerprint != smollm2.fingerprint


@pytest.fixture
def adapter(cache: Path, tmp_path: Path) -> Path:
    """An adapter of random numbers, large enough to be heard."""
    import torch
    from safetensors.torch import save_file

    folder = tmp_path / "adapter"
    folder.mkdir()
    chance = torch.Generator().manual_seed(1)
    halves = {"A": (1, 1536), "B": (576, 1)}
    save_file(
        {
            f"base_model.model.model.layers.{layer}.mlp.down_proj.lora_{side}.weight": torch.randn(
                shape, generator=chance
            )
            for layer in range(10, 20)
            for side, shape in halves.items()
        },
        folder / WEIGHTS,
    )
    config = {"peft_type": "LORA", "r": 1, "lora_alpha": 0.1}
    write_config(folder, config, base=find_weights("smollm2", cache))
    return folder


def test_an_adapter_is_merged_into_the_weights_of_either_engine(
    fast: LocalModel, smollm2: LocalModel, cache: Path, adapter: Path
) -> None:
    greedy = Sampling(max_new_tokens=8, temperature=0.0)
    plain = smollm2.generate([asked(0)], [1], greedy)
    for name, bare in (("transformers", smollm2), ("fast", fast)):
        model = resolve_model(cache_dir=cache, engine=name, adapter=str(adapter))  # pyright: ignore[reportArgumentType]
        assert model.fingerprint != bare.fingerprint
        assert model.generate([asked(0)], [1], greedy) != plain
