"""Queries of the full-text index are made of words alone, and codes are read in any spelling."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError
from kg.reading.lucene import (
    cleaned,
    closeness,
    codes_for,
    ids_for,
    likeness,
    loose_query_for,
    phrase_for,
    query_for,
    words,
)


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


def test_of_many_words_all_are_looked_for_and_the_first_ones_may_be_misspelt() -> None:
    text = "displaced segmental fracture of shaft of ulna right arm initial encounter"
    assert query_for(text) == " AND ".join(
        [*(f"{word}^4" for word in text.split()[:-1]), "(encounter^4 OR encounter*)"]
    )
    loose = loose_query_for(text)
    assert loose is not None
    assert "(right^4 OR right* OR right~1) AND arm^4 AND initial^4 AND encounter^4" in loose
    assert closeness(text, "Displaced segmental fracture of shaft of ulna, right arm") == 0
    assert closeness(text, "Displaced segmental fracture of shaft of ulna, right arm, initial encounter") == 3


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


def test_a_block_is_found_by_itself_and_a_chapter_with_its_system_alone() -> None:
    assert ids_for("r95-R99") == ("ICD10:R95-R99", "ICD10CM:R95-R99")
    assert ids_for("ICD10:X") == ("ICD10:X",)
    assert ids_for("vi") == ()


def test_a_misspelt_name_is_likest_to_the_one_that_was_meant_in_any_order_of_words() -> None:
    assert all(closeness("aymloidosis", name) == 0 for name in ("amyloidosis", "Finnish type amyloidosis"))
    assert likeness("aymloidosis", "amyloidosis") > likeness("aymloidosis", "Finnish type amyloidosis")
    assert (closeness("bronchitis acute", "acute bronchitis"), likeness("bronchitis acute", "acute bronchitis")) == (
        0,
        100,
    )


@pytest.mark.parametrize("text", ["x" * 201, "a\x00b", "\u202eabc"])
def test_text_that_is_too_long_or_hides_signs_is_refused(text: str) -> None:
    with pytest.raises(KgError):
        cleaned(text)
