"""Queries of the full-text index are made of words alone, and codes are read in any spelling."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError
from kg.reading.lucene import cleaned, codes_for, ids_for, loose_query_for, phrase_for, query_for, words


@given(st.text(max_size=200))
def test_a_query_holds_only_words_and_our_own_signs(text: str) -> None:
    assert (query_for(text) is None) == (loose_query_for(text) is None) == (not words(text))
    for word in words(text):
        assert not set(word) & set('+-&|!(){}[]^"~*?:\\/ ')
        assert word == word.lower()


def test_words_are_looked_for_as_typed_and_only_the_last_one_as_a_beginning() -> None:
    assert query_for("Short of bre") == "short^4 AND of^4 AND (bre^4 OR bre*)"
    assert query_for("боль", "ru") == "name_ru:((боль^4 OR боль*)) OR synonyms_ru:((боль^4 OR боль*))"


def test_a_loose_query_takes_beginnings_of_all_words_and_wrong_letters_in_long_ones() -> None:
    assert loose_query_for("hart failure") == "(hart^4 OR hart* OR hart~1) AND (failure^4 OR failure* OR failure~1)"
    assert loose_query_for("of") == "(of^4 OR of*)"


@given(st.text(max_size=100))
def test_a_phrase_cannot_be_left(text: str) -> None:
    phrase = phrase_for(text)
    if phrase is not None:
        inner = phrase[1:-1]
        # Every quote inside has an odd number of backslashes before it.
        for at, sign in enumerate(inner):
            if sign == '"':
                before = sum(1 for _ in itertools.takewhile(lambda sign: sign == "\\", reversed(inner[:at])))
                assert before % 2 == 1


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("J20", ("ICD10:J20", "ICD10CM:J20")),
        ("j20.9", ("ICD10:J20.9", "ICD10CM:J20.9")),
        ("J209", ("ICD10:J20.9", "ICD10CM:J20.9")),
        ("ICD10CM:j20", ("ICD10CM:J20",)),
        ("J20-J22", ("ICD10:J20-J22", "ICD10CM:J20-J22")),
        ("X", ("ICD10:X", "ICD10CM:X")),
        ("DOID:2841", ()),
        ("cough", ()),
        ("", ()),
        ("MESH:J20", ()),
    ],
)
def test_a_code_is_read_in_any_spelling(text: str, ids: tuple[str, ...]) -> None:
    assert codes_for(text) == ids


def test_an_id_is_taken_as_it_stands() -> None:
    assert ids_for("DOID:2841") == ("DOID:2841",)
    assert ids_for("J20") == ("ICD10:J20", "ICD10CM:J20")
    assert ids_for("acute: bronchitis") == ()


@pytest.mark.parametrize("text", ["x" * 201, "a\x00b", "\u202eabc"])
def test_text_that_is_too_long_or_hides_signs_is_refused(text: str) -> None:
    with pytest.raises(KgError):
        cleaned(text)
