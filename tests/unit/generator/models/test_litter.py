"""Python does not look for garbage while names are spelled, and does again afterwards, whatever happened."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence

import pytest

from generator.models.blocklist import Spelled
from generator.models.litter import no_looking_for_garbage


@pytest.fixture(autouse=True)
def looking() -> Iterator[None]:
    assert gc.isenabled()
    yield
    gc.enable()


def test_names_are_spelled_without_looking_for_garbage() -> None:
    seen: list[bool] = []

    def encode(texts: Sequence[str]) -> list[list[int]]:
        seen.append(gc.isenabled())
        return [[1] for _ in texts]

    Spelled(encode).learn(["one", "two"])
    assert (seen, gc.isenabled()) == ([False], True)


def test_it_is_looked_for_again_after_an_error() -> None:
    with pytest.raises(KeyError), no_looking_for_garbage():
        raise KeyError
    assert gc.isenabled()


def test_who_had_turned_it_off_finds_it_off() -> None:
    gc.disable()
    with no_looking_for_garbage():
        assert not gc.isenabled()
    assert not gc.isenabled()
