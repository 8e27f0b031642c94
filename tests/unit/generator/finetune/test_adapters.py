"""A folder with an adapter: what is read of it without loading its weights, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.errors import ModelMissing, ModelRefused
from generator.models.adapters import CONFIG, WEIGHTS, check_base, read_adapter, write_config
from generator.models.weights import Weights

BASE = Weights("tiny", Path("tiny"), "ab" * 32)
PLAIN: dict[str, Any] = {"peft_type": "LORA", "r": 8, "lora_alpha": 16, "bias": "none", "use_dora": False}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / WEIGHTS).write_bytes(b"weights")
    write_config(tmp_path, {**PLAIN, "target_modules": {"q_proj"}, "auto_mapping": {"x": 1}}, base=BASE)
    return tmp_path


def changed(folder: Path, **values: Any) -> Path:
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps({**config, **values}))
    return folder


def test_an_adapter_tells_its_base_its_scale_and_a_digest_of_all_that_counts(folder: Path) -> None:
    found = read_adapter(folder)
    assert (found.base, found.base_name, found.rank, found.scale) == (BASE.digest, "tiny", 8, 2.0)
    assert found == read_adapter(folder)
    (folder / "README.md").write_text("a card")
    assert read_adapter(folder).digest == found.digest
    (folder / WEIGHTS).write_bytes(b"other weights")
    assert read_adapter(folder).digest != found.digest


def test_rank_stabilised_adapters_have_their_own_scale(folder: Path) -> None:
    assert read_adapter(changed(folder, use_rslora=True)).scale == pytest.approx(16 / 8**0.5)


def test_an_adapter_is_refused_beside_another_model_and_both_are_named(folder: Path) -> None:
    found = read_adapter(folder)
    check_base(found, BASE)
    with pytest.raises(ModelRefused, match=rf"belongs to tiny \(SHA-256 {BASE.digest}\), not to big \(SHA-256 cd"):
        check_base(found, Weights("big", Path("big"), "cd" * 32))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"peft_type": "IA3"}, "peft_type"),
        ({"use_dora": True}, "use_dora"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"rank_pattern": {"q_proj": 4}}, "rank_pattern"),
        ({"bias": "all"}, "bias"),
        ({"r": 0}, "r: "),
        ({"auto_mapping": {"base_model_class": "X", "parent_library": "evil"}}, "auto_mapping"),
        ({"revision": None}, "which bytes of a base model"),
        ({"revision": "main"}, "which bytes of a base model"),
    ],
)
def test_what_would_change_the_weights_otherwise_is_refused(folder: Path, values: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelRefused) as refused:
        read_adapter(changed(folder, **values))
    assert said in refused.value.message
    assert refused.value.place == f"file {folder / CONFIG}"


@pytest.mark.parametrize("name", ["adapter_model.bin", "optimizer.pt", "modeling.py", "weights.pkl", "noending"])
def test_a_file_that_could_run_code_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    with pytest.raises(ModelRefused, match="does not belong to an adapter"):
        read_adapter(folder)


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelRefused) as refused:
        read_adapter(folder)
    assert refused.value.place == f"file {folder / name}"


def test_a_config_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / CONFIG).write_text("{")
    with pytest.raises(ModelRefused, match="cannot be used"):
        read_adapter(folder)


def test_a_folder_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="no adapter folder"):
        read_adapter(tmp_path / "none")
