"""Forms of a name: each is the name to the linker, and those that models write are among them."""

from __future__ import annotations

import pytest

from generator.linking.forms import forms_of
from generator.linking.words import words_of


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("weight gain", "weight gained"),
        ("headache", "headaches"),
        ("vomiting", "vomited"),
        ("vomiting", "vomits"),
        ("wheezing", "wheeze"),
        ("rash", "rashes"),
        ("палпитации", "палпитациями"),
        ("кашель", "кашля"),
        ("тошнота", "тошноту"),
    ],
)
def test_a_form_that_is_written_is_among_them(name: str, form: str) -> None:
    assert form in forms_of(name)


@pytest.mark.parametrize("name", ["weight gain", "headache", "vomiting", "sneezing", "кашель", "loss of smell"])
def test_each_form_is_the_same_name_to_the_linker(name: str) -> None:
    stems = [word.stem for word in words_of(name)]
    found = forms_of(name)
    assert found
    assert name not in found
    assert len(set(found)) == len(found)
    assert all([word.stem for word in words_of(form)] == stems for form in found)


@pytest.mark.parametrize("name", ["pain", "ED", "diabetes type 2", "головная боль", "a name of many words", ""])
def test_what_is_short_long_or_inflects_word_by_word_has_few_or_none(name: str) -> None:
    assert len(forms_of(name)) <= 4
