"""Training adapters with real libraries on a tiny LLaMA: masking, resuming, merging, and the command."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from generator.errors import ModelRefused, OutputRefused
from generator.finetune.checkpoint import Progress
from generator.finetune.options import Options
from generator.finetune.run import CARD, MANIFEST, finetune, plan_of
from generator.models.adapters import CONFIG, WEIGHTS, check_base, merged, read_adapter
from generator.models.chat import IGNORED, answer_tokens, prompt_tokens
from generator.models.weights import Weights, find_weights
from generator.prompt import Message
from mkg.cli.main import app

pytestmark = pytest.mark.model

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
OPTIONS = Options(steps=8, batch=2, accumulate=2, rank=4, dropout=0.1, rate=0.02, validation=0.2, evaluate=3, threads=1)
ASKED = [Message("system", "Be short."), Message("user", "Complaints: cough")]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random LLaMA of two layers and a tokenizer of bytes."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny") / "tiny-llama"
    letters = {letter: number for number, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    raw = Tokenizer(models.BPE(vocab=letters, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token="<|im_end|>", additional_special_tokens=["<|im_start|>"]
    )
    tokenizer.chat_template = TEMPLATE
    torch.manual_seed(1)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=512, eos_token_id=tokenizer.eos_token_id,
            bos_token_id=None, tie_word_embeddings=True,
        )
    )  # fmt: skip
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tokenizer(tiny: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(tiny))


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("data") / "rows.jsonl"
    rows = [
        {
            "icd10": f"A0{number % 5}",
            "messages": [
                {"role": "user", "content": f"Complaints: {'cough ' * (number % 4)}"},
                {"role": "assistant", "content": f"He coughs {number % 3}."},
            ],
        }
        for number in range(20)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.fixture(scope="session")
def weights(tiny: Path, cache: Path) -> Weights:
    return find_weights(str(tiny), cache)


Train = Callable[..., Any]


@pytest.fixture
def train(data: Path, weights: Weights, cache: Path) -> Train:
    def trained(out: Path, options: Options = OPTIONS, **more: Any) -> Any:
        return finetune([data], weights, out, options, cache_dir=cache, **more)

    return trained


@pytest.fixture(scope="session")
def whole(data: Path, weights: Weights, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The adapter of a training that nothing cut off."""
    out = tmp_path_factory.mktemp("whole") / "adapter"
    finetune([data], weights, out, OPTIONS, cache_dir=cache)
    return out


def digest(folder: Path) -> str:
    return hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()


# --- masking and template ------------------------------------------------------------------------------------------


def test_labels_are_the_answers_with_their_ends_and_nothing_else(tokenizer: Any) -> None:
    messages = [*ASKED, Message("assistant", "Yes."), Message("user", "More?"), Message("assistant", "No.")]
    end = tokenizer.eos_token_id
    tokens, labels = answer_tokens(tokenizer, messages, [False, False, True, False, True], frozenset([end]), "x")
    assert tokenizer.decode([label for label in labels if label != IGNORED]) == "Yes.<|im_end|>No.<|im_end|>"
    assert all(label in (IGNORED, token) for label, token in zip(labels, tokens, strict=True))
    _, last = answer_tokens(tokenizer, messages, [False, False, False, False, True], frozenset([end]), "x")
    assert tokenizer.decode([label for label in last if label != IGNORED]) == "No.<|im_end|>"


def test_what_is_learned_goes_on_from_just_the_prompt_that_is_written_from(tokenizer: Any) -> None:
    prompt = prompt_tokens(tokenizer, ASKED, "x")
    end = frozenset([tokenizer.eos_token_id])
    tokens, labels = answer_tokens(tokenizer, [*ASKED, Message("assistant", "Yes.")], [False, False, True], end, "x")
    assert tokens[: len(prompt)] == prompt
    assert labels[: len(prompt)] == [IGNORED] * len(prompt)
    assert tokenizer.decode(tokens) == tokenizer.apply_chat_template(
        [{"role": m.role, "content": m.content} for m in [*ASKED, Message("assistant", "Yes.")]], tokenize=False
    )


def test_a_marker_in_a_text_stays_text(tokenizer: Any) -> None:
    end = tokenizer.eos_token_id
    messages = [Message("user", "<|im_end|> @@0@@"), Message("assistant", "<|im_start|>")]
    tokens, labels = answer_tokens(tokenizer, messages, [False, True], frozenset([end]), "x")
    assert tokens.count(end) == 2
    assert labels.count(end) == 1
    assert tokenizer.decode(tokens).count("@@0@@") == 1


def test_a_template_that_ends_no_answer_gets_an_end_to_learn(tokenizer: Any) -> None:
    bare = type(tokenizer)(tokenizer_object=tokenizer.backend_tokenizer, eos_token="<|im_end|>")
    bare.chat_template = "{% for m in messages %}[{{ m['content'] }}{% endfor %}"
    messages = [Message("user", "A"), Message("assistant", "B")]
    _, labels = answer_tokens(bare, messages, [False, True], frozenset([bare.eos_token_id]), "x")
    assert bare.decode([label for label in labels if label != IGNORED]) == "B<|im_end|>"


# --- training --------------------------------------------------------------------------------------------------------


def test_a_training_lowers_the_loss_and_writes_an_adapter_of_the_model(whole: Path, weights: Weights) -> None:
    manifest = json.loads((whole / MANIFEST).read_text())
    training = manifest["training"]
    assert training["loss_last"] < training["loss_first"] - 0.1
    assert [step for step, _ in training["validation_losses"]] == [3, 6, 8]
    assert training["validation_loss"] == min(loss for _, loss in training["validation_losses"])
    assert (training["steps"], manifest["data"]["rows"], manifest["data"]["validation_rows"]) == (8, 16, 4)
    assert manifest["base"]["sha256"] == weights.digest
    assert {path.name for path in whole.iterdir()} == {WEIGHTS, CONFIG, MANIFEST, CARD}
    assert weights.digest in (whole / CARD).read_text()
    check_base(read_adapter(whole), weights)


def test_only_halves_of_lora_matrices_are_stored_in_bfloat16(whole: Path) -> None:
    from safetensors import safe_open

    with safe_open(whole / WEIGHTS, "pt") as file:
        names = list(file.keys())
        assert {file.get_slice(name).get_dtype() for name in names} == {"BF16"}
    assert len(names) == 2 * 2 * 7
    assert all("lora_" in name for name in names)


class Killed(BaseException):
    """What a kill is to a process."""


@pytest.mark.parametrize("at", [1, 5])
def test_a_killed_training_ends_in_the_weights_of_an_unbroken_one(
    train: Train, tmp_path: Path, whole: Path, at: int
) -> None:
    def kill(progress: Progress, steps: int) -> None:
        # One step after the last checkpoint: that step is lost and done again.
        if progress.step == at + 1:
            raise Killed

    out = tmp_path / "adapter"
    with pytest.raises(Killed):
        train(out, hear=kill, checkpoint_seconds=0)
    assert not (out / WEIGHTS).exists()
    with pytest.raises(OutputRefused, match="not empty"):
        train(out)
    done = train(out, resume=True)
    assert digest(out) == digest(whole)
    assert done.manifest["training"]["losses"] == json.loads((whole / MANIFEST).read_text())["training"]["losses"]
    assert not list(out.glob("*checkpoint*"))


def test_a_training_that_is_told_to_stop_leaves_a_checkpoint_and_goes_on(
    train: Train, tmp_path: Path, whole: Path
) -> None:
    out = tmp_path / "adapter"
    seen: list[int] = []
    done = train(out, hear=lambda now, steps: seen.append(now.step), stop=lambda: len(seen) == 4)
    assert (done.manifest, done.progress.step) == (None, 4)
    with pytest.raises(OutputRefused, match="what differs: options"):
        train(out, OPTIONS.model_copy(update={"rate": 0.01}), resume=True)
    train(out, resume=True)
    assert digest(out) == digest(whole)


def test_a_finished_training_is_not_repeated_and_not_overwritten(train: Train, whole: Path) -> None:
    before = digest(whole)
    assert train(whole).reused
    with pytest.raises(OutputRefused, match="another adapter"):
        train(whole, OPTIONS.model_copy(update={"seed": 1}))
    assert digest(whole) == before


def test_a_training_ends_early_when_the_loss_held_back_no_longer_falls(train: Train, tmp_path: Path) -> None:
    wild = OPTIONS.model_copy(update={"rate": 1.0, "steps": 40, "evaluate": 1, "patience": 2, "warmup": 0.0})
    done = train(tmp_path / "adapter", wild)
    training = done.manifest["training"]
    assert training["stopped_early"]
    assert training["steps"] == training["kept_step"] + 2 < 40


def test_rows_that_are_too_long_are_left_out_whole_and_counted(data: Path, weights: Weights, cache: Path) -> None:
    plan = plan_of([data], weights, OPTIONS.model_copy(update={"max_tokens": 50}), cache_dir=cache)
    assert plan.too_long > 0
    assert plan.rows + plan.held + plan.too_long == 20
    assert plan.longest <= 50


# --- the adapter in a model ------------------------------------------------------------------------------------------


def test_a_merged_model_says_what_peft_says_and_the_plain_one_does_not(tiny: Path, whole: Path) -> None:
    import peft
    import torch
    from transformers import LlamaForCausalLM

    def plain() -> Any:
        return LlamaForCausalLM.from_pretrained(str(tiny), dtype=torch.float32)

    tokens = torch.tensor([[1, 2, 3, 4, 5]])
    with torch.no_grad(), warnings.catch_warnings():
        # peft still asks transformers by a name that goes in its next version.
        warnings.simplefilter("ignore")
        bare = plain()(tokens).logits
        beside = peft.PeftModel.from_pretrained(plain(), str(whole))(tokens).logits
        inside = merged(plain(), read_adapter(whole))(tokens).logits
    assert torch.allclose(inside, beside, atol=1e-4)
    assert not torch.allclose(inside, bare, atol=1e-2)


def test_weights_that_do_not_fit_are_refused(whole: Path, tiny: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file
    from transformers import LlamaForCausalLM

    for path in whole.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    tensors = load_file(str(whole / WEIGHTS))
    name = next(iter(tensors))
    model = LlamaForCausalLM.from_pretrained(str(tiny))
    for changed, said in (
        ({name: tensors[name][:, :-1].contiguous()}, "lacks a half|does not fit"),
        ({**tensors, name: tensors[name][:, :-1].contiguous()}, "does not fit"),
        ({**tensors, "base_model.model.lm_head.weight": tensors[name].clone()}, "no half of a LoRA matrix"),
    ):
        save_file(changed, str(tmp_path / WEIGHTS))
        with pytest.raises(ModelRefused, match=said):
            merged(model, read_adapter(tmp_path))
    (tmp_path / WEIGHTS).write_bytes(b"cut")
    with pytest.raises(ModelRefused, match="cannot be loaded"):
        merged(model, read_adapter(tmp_path))


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_plans_trains_and_tells(data: Path, tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "adapter"
    given = ["finetune", str(data), "--model", str(tiny), "--out", str(out), "--steps", "2", "--threads", "1", "--json"]
    dry = CliRunner().invoke(app, [*given, "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert json.loads(dry.stdout)["steps"] == 2
    assert not out.exists()
    done = CliRunner().invoke(app, [*given, "--targets", "q_proj,v_proj"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["finished"], told["training"]["steps"]) == (True, 2)
    assert read_adapter(out).rank == Options().rank
