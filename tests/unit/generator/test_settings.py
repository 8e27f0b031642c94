"""Settings of the generator come from the environment, and a bad one is named."""

from __future__ import annotations

import pytest

from generator.settings import load_generator_settings
from kg.errors import SettingsError


def test_settings_are_read_from_the_environment_and_options_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKG_MODEL", "folder")
    monkeypatch.setenv("MKG_MODEL_URL", "http://127.0.0.1:1")
    assert load_generator_settings().model == "folder"
    assert load_generator_settings(model="other", model_url=None).model == "other"
    assert load_generator_settings().model_url == "http://127.0.0.1:1"


def test_a_setting_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKG_MODEL_TIMEOUT", "soon")
    with pytest.raises(SettingsError) as caught:
        load_generator_settings()
    assert caught.value.place == "setting MKG_MODEL_TIMEOUT"


def test_the_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKG_MODEL_API_KEY", "s3cret")
    assert "s3cret" not in repr(load_generator_settings())
