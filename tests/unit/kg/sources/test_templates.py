from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.sources.templates import slug, template
from kg.values import check_curie


def test_columns_are_filled_in_and_the_rest_stays() -> None:
    made = template("ICD10:{code|upper} of {МКБ-10}")
    assert made.columns == ("code", "МКБ-10")
    assert made.filled({"code": "j20", "МКБ-10": "бронхит"}) == "ICD10:J20 of бронхит"


def test_one_empty_cell_empties_the_text() -> None:
    made = template("{a}:{b}")
    assert made.filled({"a": "x", "b": ""}) == ""
    assert made.empty_column({"a": "x", "b": ""}) == "b"


def test_text_without_braces_is_a_constant() -> None:
    assert template("unknown").filled({}) == "unknown"


@pytest.mark.parametrize(
    ("text", "told"), [("{a", "brace"), ("a}", "brace"), ("{}", "brace"), ("{a|title}", "unknown change")]
)
def test_a_template_that_makes_no_sense_is_refused(text: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        template(text)


def test_what_a_cell_holds_is_never_read_as_a_template() -> None:
    assert template("{a}").filled({"a": "{b}", "b": "secret"}) == "{b}"


@pytest.mark.parametrize(
    ("text", "made"),
    [("Chest pain", "chest_pain"), ("  cough (dry) ", "cough_dry"), ("кашель", slug("Кашель")), ("pain 5+", "pain_5")],
)
def test_a_slug_is_plain(text: str, made: str) -> None:
    assert slug(text) == made


@given(st.text(min_size=1).filter(str.strip))
def test_a_slug_is_always_the_local_part_of_an_id(text: str) -> None:
    assert check_curie(f"OWN:{slug(text)}")
