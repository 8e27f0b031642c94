"""Pieces of a growing text add up to the text as it ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.pieces import Pieces


def told(*grown: str, whole: str) -> list[str]:
    """Return what is told of a text that grows like this."""
    heard: list[str] = []
    pieces = Pieces(heard.append)
    for text in grown:
        pieces.grown(text)
    pieces.whole(whole)
    return heard


def test_each_piece_is_told_once() -> None:
    assert told("Cough", "Cough and", "Cough and fever.", whole="Cough and fever.") == ["Cough", " and", " fever."]


def test_white_space_at_the_end_waits_for_what_follows_and_is_dropped_when_nothing_does() -> None:
    assert told("Cough ", "Cough \n", whole="Cough") == ["Cough"]
    assert told("Cough ", "Cough  and", whole="Cough  and") == ["Cough", "  and"]


def test_half_a_letter_waits_for_the_other_half() -> None:
    assert told("Каш\ufffd", "Кашель", whole="Кашель") == ["Каш", "ель"]


def test_a_text_that_is_taken_back_is_followed_no_further() -> None:
    assert told("do n", "don't", whole="don't") == ["do n"]


@given(st.lists(st.text()))
def test_the_pieces_add_up_to_the_stripped_text(parts: list[str]) -> None:
    grown = ["".join(parts[: number + 1]) for number in range(len(parts))]
    whole = "".join(parts).strip()
    # A tokenizer writes the sign for half a letter only where one is.
    if "\ufffd" not in whole:
        assert "".join(told(*grown, whole=whole)) == whole
