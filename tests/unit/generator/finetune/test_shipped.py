"""The adapter that comes with the generator: small, safe, and of the built-in model."""

from __future__ import annotations

import json
from pathlib import Path

from generator.finetune.run import CARD, MANIFEST
from generator.models.adapters import CONFIG, SHIPPED, WEIGHTS, read_adapter, shipped_adapter
from generator.models.weights import BUILT_IN, BUILT_IN_SHA256, Weights
from training.default import CONVERSATIONS, OPTIONS
from training.held_out import held_out

FOLDERS = sorted(path for path in SHIPPED.iterdir() if path.is_dir())
BUILT_IN_WEIGHTS = Weights(BUILT_IN, Path("any.gguf"), BUILT_IN_SHA256)


def test_the_built_in_model_has_an_adapter_and_no_other_model_gets_it() -> None:
    found = shipped_adapter(BUILT_IN_WEIGHTS)
    assert found is not None
    assert (found.base, found.base_name) == (BUILT_IN_SHA256, BUILT_IN)
    assert shipped_adapter(Weights("other", Path("other"), "0" * 64)) is None


def test_a_shipped_adapter_is_at_most_6_mb_with_config_manifest_and_card() -> None:
    for folder in FOLDERS:
        assert {path.name for path in folder.iterdir()} == {WEIGHTS, CONFIG, MANIFEST, CARD}
        assert sum(path.stat().st_size for path in folder.iterdir()) <= 6_000_000
        assert read_adapter(folder).base == json.loads((folder / MANIFEST).read_text())["base"]["sha256"]


def test_it_was_trained_as_the_script_says_and_its_card_tells_what_was_held_out() -> None:
    found = shipped_adapter(BUILT_IN_WEIGHTS)
    assert found is not None
    manifest = json.loads((found.path / MANIFEST).read_text())
    assert manifest["options"] == OPTIONS.model_dump(mode="json")
    assert manifest["data"]["rows"] + manifest["data"]["validation_rows"] > CONVERSATIONS
    card = (found.path / CARD).read_text()
    assert ", ".join(held_out().codes) in card
    assert "not clinically reviewed" in card
