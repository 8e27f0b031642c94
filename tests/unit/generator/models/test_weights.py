"""A folder that could run anything, or is no LLaMA, is refused before a library sees it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import ModelMissing, ModelRefused
from generator.models import weights
from generator.models.weights import BUILT_IN, BUILT_IN_SHA256, Digests, check_folder, find_weights

CONFIG = {"model_type": "llama", "architectures": ["LlamaForCausalLM"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that passes, though nothing could be loaded from it."""
    path = tmp_path / "tiny-llama"
    path.mkdir()
    write(path, "config.json", CONFIG)
    write(path, "tokenizer.json", {})
    write(path, "tokenizer_config.json", {"chat_template": "{{ messages }}"})
    (path / "model.safetensors").write_bytes(b"weights")
    return path


def write(path: Path, name: str, value: object) -> None:
    (path / name).write_text(value if isinstance(value, str) else json.dumps(value))


def test_a_plain_folder_is_taken_and_its_digest_follows_its_content(folder: Path, tmp_path: Path) -> None:
    found = find_weights(str(folder), tmp_path / "cache")
    assert (found.name, found.is_gguf) == ("tiny-llama", False)
    assert find_weights(str(folder), tmp_path / "cache").digest == found.digest
    (folder / "model.safetensors").write_bytes(b"other weights")
    assert find_weights(str(folder), tmp_path / "cache").digest != found.digest


def put(name: str, content: object = "") -> Callable[[Path], None]:
    def change(path: Path) -> None:
        (path / name).parent.mkdir(exist_ok=True)
        write(path, name, content)

    return change


def remove(name: str) -> Callable[[Path], None]:
    return lambda path: (path / name).unlink()


HOSTILE: dict[str, Callable[[Path], None]] = {
    "pickled weights": put("pytorch_model.bin"),
    "a pickle by another name": put("optimizer.PT"),
    "a pickle": put("data.pkl"),
    "an exported program": put("model.pt2"),
    "code": put("modeling_llama.py", "raise SystemExit"),
    "code in a folder below": put("inner/modeling.py", "raise SystemExit"),
    "a shared library": put("kernel.so"),
    "code named in the config": put("config.json", CONFIG | {"auto_map": {"AutoModel": "modeling.Evil"}}),
    "code named in the tokenizer": put("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["evil.T", None]}}),
    "trust asked for in the config": put("config.json", CONFIG | {"trust_remote_code": True}),
    "an attention of its own": put("config.json", CONFIG | {"_attn_implementation_internal": "owner/kernel"}),
    "code named in the generation settings": put("generation_config.json", {"auto_map": {}}),
    "an adapter": put("adapter_config.json", {"base_model_name_or_path": "owner/model"}),
    "a template named like a path": put(
        "tokenizer_config.json", {"chat_template": [{"name": "../../x", "template": ""}]}
    ),
    "a template without a name": put("tokenizer_config.json", {"chat_template": [1]}),
    "shards elsewhere": put("model.safetensors.index.json", {"weight_map": {"a": "../../secret.safetensors"}}),
    "shards that are missing": put("model.safetensors.index.json", {"weight_map": {"a": "b.safetensors"}}),
    "shards that are no map": put("model.safetensors.index.json", {"weight_map": ["a"]}),
    "a quantized model": put("config.json", CONFIG | {"quantization_config": {"quant_method": "x"}}),
    "another kind of model": put("config.json", CONFIG | {"model_type": "gpt2"}),
    "another architecture": put("config.json", CONFIG | {"architectures": ["LlamaForSequenceClassification"]}),
    "a config that is not JSON": put("config.json", "{"),
    "a config nested without end": put("config.json", "[" * 100_000),
    "a config that is a list": put("config.json", []),
    "no config": remove("config.json"),
    "no weights": remove("model.safetensors"),
    "no tokenizer": remove("tokenizer.json"),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_folder_is_refused_with_the_file(folder: Path, change: Callable[[Path], None]) -> None:
    check_folder(folder)
    change(folder)
    with pytest.raises(ModelRefused) as caught:
        check_folder(folder)
    assert str(folder) in (caught.value.place or "")
    assert caught.value.hint


def test_a_folder_of_many_files_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_MAX_FILES", 3)
    with pytest.raises(ModelRefused, match="more than 3 files"):
        check_folder(folder)


def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"PK\x03\x04")
    with pytest.raises(ModelRefused, match="not a GGUF file"):
        find_weights(str(tmp_path / "model.gguf"), tmp_path / "cache")


def test_an_unknown_name_is_missing_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="no model 'llama-9'") as caught:
        find_weights("llama-9", tmp_path)
    assert BUILT_IN in (caught.value.hint or "")


def test_the_built_in_model_is_missing_without_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "BUILT_IN_WHEEL", "no-such-package")
    with pytest.raises(ModelMissing, match="not installed"):
        find_weights(BUILT_IN, tmp_path)


def test_the_built_in_weights_are_refused_when_their_bytes_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "model.gguf"
    other.write_bytes(b"GGUF")
    monkeypatch.setattr(weights, "_built_in_file", lambda: other)
    with pytest.raises(ModelRefused, match="not the expected ones") as caught:
        find_weights(BUILT_IN, tmp_path / "cache")
    assert BUILT_IN_SHA256 in (caught.value.hint or "")


def test_a_digest_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    file, store = tmp_path / "file", tmp_path / "cache" / "digests.json"
    file.write_bytes(b"one")
    first = Digests(store).of(file)
    stamp = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert Digests(store).of(file) == first
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
    assert Digests(store).of(file) != first


def test_a_damaged_memory_of_digests_costs_nothing_but_time(tmp_path: Path) -> None:
    file, store = tmp_path / "file", tmp_path / "digests.json"
    file.write_bytes(b"one")
    first = Digests(store).of(file)
    store.write_text('{"a": 1}')
    assert Digests(store).of(file) == first
