"""A row names each thing it was given, and names it once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from generator.models.blocklist import Spelled
from generator.models.telling import Telling
from generator.prompt import Given

FEVER, COUGH = ("fever", "pyrexia"), ("dry cough", "cough")


def encode(text: str) -> list[int]:
    """Each character is a token of its own."""
    return [ord(letter) for letter in text]


def many(texts: Sequence[str]) -> list[list[int]]:
    return [encode(text) for text in texts]


def decode(tokens: Sequence[int]) -> str:
    return "".join(map(chr, tokens))


def telling(*symptoms: tuple[str, ...], drugs: Sequence[tuple[str, ...]] = ()) -> Telling:
    given = [Given(kind, names) for kind, some in (("symptom", symptoms), ("drug", drugs)) for names in some]
    return Telling(given, Spelled(many), many, decode)


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


def test_another_sentence_may_name_a_drug_again_but_not_a_symptom() -> None:
    told = telling(FEVER, drugs=[("aspirin",)])
    assert "n" in banned(told, "Fever: aspirin, aspiri")
    assert "n" not in banned(told, "Fever: aspirin. On aspiri")
    assert "n" in banned(told, "Fever: aspirin. On aspirin, aspiri")
    assert "r" in banned(told, "He has fever. No more feve")


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


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("", False),
        ("He has fever", True),
        ("He has fever and a cough", False),
        ("He has pyrexia. He is at work", False),
        ("He has no idea. He has a dry cough", True),
        ("He has fever. Ibuprofen", True),
        ("He has fever and coughs. Ibuprofen and paracetamol", False),
        ("He is feverish", False),
    ],
)
def test_a_list_is_half_told_when_its_sentence_ends_before_all_of_a_kind_are_named(text: str, half: bool) -> None:
    told = telling(FEVER, COUGH, drugs=[("ibuprofen",), ("paracetamol",)])
    assert told.is_half_told(encode(text)) == half


def test_where_nothing_is_given_no_list_is_half_told() -> None:
    assert not telling().is_half_told(encode("He has fever"))


def test_a_token_goes_on_with_a_name_that_was_begun() -> None:
    told = telling(FEVER, COUGH)
    assert told.is_within_name(encode("He has fe"), ord("v"))
    assert told.is_within_name(encode("Fe"), ord("v"))
    assert not told.is_within_name(encode("He has fe"), ord("l"))
    assert not told.is_within_name(encode("He has "), ord("x"))
    assert not told.is_within_name([], ord("f"))


def test_something_is_left_until_all_is_named() -> None:
    told = telling(FEVER, drugs=[("ibuprofen",)])
    assert told.is_anything_left(encode("He has fever"))
    assert not told.is_anything_left(encode("He has fever: ibuprofen"))
    assert not telling().is_anything_left([])


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("He takes Ibuprofen", True),
        ("He takes ibuprofe", False),
        ("He takes dexibuprofen", False),
        ("He has fever", False),
        ("He takes ибупрофен", False),
        ("", False),
    ],
)
def test_the_name_of_a_drug_is_whole_where_it_ends(text: str, whole: bool) -> None:
    told = telling(FEVER, drugs=[("ibuprofen", "ибупрофен")])
    assert told.is_name_whole(encode(text)) == whole
