"""A row that went back before a blocked name is what it is alone, beside others, and to whoever hears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from generator.errors import ModelStopped
from generator.model import EngineName
from generator.models.local import LocalModel
from generator.models.resolve import resolve_model
from generator.models.retreat import Retreat
from generator.prompt import Message, Prompt, Sampling

pytestmark = pytest.mark.model
DRAWN = Sampling(max_new_tokens=40, temperature=0.7, top_p=0.95)


def asked(what: str) -> Prompt:
    return Prompt(
        (Message("system", "You write short clinical notes."), Message("user", f"Write a note about {what}."))
    )


@pytest.fixture(params=["transformers", "fast"])
def model(request: pytest.FixtureRequest, smollm2: LocalModel, cache: Path) -> LocalModel:
    smollm2.generate([asked("a cold")], [1], replace(DRAWN, max_new_tokens=1))
    engine: EngineName = request.param
    found = resolve_model(cache_dir=cache, engine=engine, width=4, adapter="none")
    assert isinstance(found, LocalModel)
    return found


@pytest.fixture
def went_back(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """By how many tokens the text went back, each time."""
    steps: list[int] = []
    real = Retreat.back

    def back(self: Retreat, written: Sequence[int], banned: set[int], begun: int) -> int | None:
        place = real(self, written, banned, begun)
        if place is not None:
            steps.append(len(written) - place)
        return place

    monkeypatch.setattr(Retreat, "back", back)
    return steps


def test_a_row_that_goes_back_depends_on_nobody(model: LocalModel, went_back: list[int]) -> None:
    plain = [asked(what) for what in ("a cough and a fever", "pain in the chest", "a rash after a walk")]
    texts = model.generate(plain, [1, 2, 3], DRAWN)
    assert went_back == []
    # What it would like to say is blocked, two words each.
    names = tuple({f"{one} {other}" for text in texts for one, other in pairwise(text.split()) if one.isalpha()})
    blocked = [replace(prompt, blocked=names) for prompt in plain]
    together = model.generate(blocked, [1, 2, 3], DRAWN)
    assert went_back
    assert max(went_back) >= 1
    assert all(new != old for new, old in zip(together, texts, strict=True))
    for at in range(3):
        pieces: list[str] = []
        heard = model.stream(blocked[at], at + 1, DRAWN, pieces.append, lambda: False)
        assert "".join(pieces) == heard == together[at]
        assert len(pieces) > 10
    assert model.generate([blocked[2], plain[0], blocked[0]], [3, 1, 1], DRAWN) == [together[2], texts[0], together[0]]


def test_whoever_leaves_ends_it_within_a_token_though_nothing_was_told_yet(model: LocalModel) -> None:
    asked_whether = 0

    def stop() -> bool:
        nonlocal asked_whether
        asked_whether += 1
        return asked_whether == 4

    told: list[str] = []
    with pytest.raises(ModelStopped):
        model.stream(replace(asked("a cold"), blocked=("runny nose",)), 1, DRAWN, told.append, stop)
    assert (asked_whether, told) == (4, [])
