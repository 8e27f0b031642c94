"""A row names each thing it was given once."""

from __future__ import annotations

from collections.abc import Sequence

from generator.models.blocklist import Spelled
from generator.models.telling import Telling

FEVER, COUGH = ("fever", "pyrexia"), ("dry cough", "cough")


def encode(text: str) -> list[int]:
    """Each character is a token of its own."""
    return [ord(letter) for letter in text]


def decode(tokens: Sequence[int]) -> str:
    return "".join(map(chr, tokens))


def telling(*given: Sequence[str]) -> Telling:
    return Telling(given, Spelled(lambda texts: [encode(text) for text in texts]), encode, decode)


def banned(told: Telling, text: str) -> set[str]:
    """Ask after every token, as writing does."""
    tokens = encode(text)
    return {chr(token) for token in [told.banned_after(tokens[:at]) for at in range(len(tokens) + 1)][-1]}


def test_what_was_named_is_not_named_again_by_any_of_its_names() -> None:
    told = telling(FEVER, COUGH)
    assert "r" not in banned(told, "He has feve")
    assert "r" in banned(told, "He has fever, feve")
    assert "a" in banned(told, "He has fever, pyrexi")
    assert "h" not in banned(told, "He has fever, coug")


def test_a_name_counts_once_it_is_whole() -> None:
    assert "r" in banned(telling(FEVER), "He has Pyrexia, feve")
    assert "r" not in banned(telling(FEVER), "He is feverish, feve")


def test_a_name_within_one_that_is_to_come_may_be_written() -> None:
    told = telling(("pain",), ("pain on walking",))
    assert "n" not in banned(told, "She has pain; also pai")
    assert "n" in banned(told, "She has pain on walking and pain; also pai")


def test_each_writing_begins_anew() -> None:
    told = telling(FEVER)
    banned(told, "Fever. ")
    told.begin()
    assert "r" not in banned(told, "feve")


def test_without_anything_given_nothing_is_banned() -> None:
    assert banned(telling(), "He has fever.") == set()
