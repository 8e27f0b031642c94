"""An editor is told what may follow, from the grammar and from the schema."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.query.complete import completions
from kg.query.parse import parse
from kg.query.plan import plan

QUESTION = '(disease "J20" | symptoms where not weight >= 0.5 top 5 by weight & disease "J45" | symptoms) | diseases'


def words(text: str) -> list[str]:
    return [item.text for item in completions(text)]


@pytest.mark.parametrize(
    ("text", "there", "absent"),
    [
        ("", ["disease", "drug_class", "between", "("], ["symptoms", "top"]),
        ("dis", ["disease"], ["drug"]),
        ('disease "J20" | ', ["symptoms", "drugs", "codes"], ["diseases", "disease"]),
        ('disease "J20" | symptoms | di', ["diseases"], ["drugs"]),
        ('disease "J20" | symptoms ', ["where", "top", "sample", "as of", "|", "&"], ["seed", "symptoms"]),
        ('disease "J20" | drugs where ', ["purpose", "atc", "source", "language", "not"], ["weight"]),
        ('disease "J20" | drugs where purpose = ', ["symptomatic", "unknown"], ["purpose"]),
        ('disease "J20" | drugs where purpose in (', ["symptomatic"], ["purpose"]),
        ('disease "J20" | symptoms where language = ', ["en", "ru"], []),
        ('disease "J20" | symptoms top 3 by ', ["weight", "score", "shared", "name"], ["language"]),
        ('disease "J20" | symptoms via ', ["HAS_SYMPTOM"], ["TREATS"]),
        ('disease "J20" | symptoms without ', ["diseases", "children"], ["drugs"]),
        ('between disease "a" and ', ["drug", "disease"], ["symptoms"]),
        ('between disease "a" and drug "b" up to 4 via T', ["TREATS"], ["CAUSES"]),
        ('between disease "a" and drug "b" up to 4 | ', ["side_effects"], ["symptoms"]),
        ('(disease "a" | symptoms) | ', ["diseases"], ["drugs"]),
        ('disease "a" | symptoms & ', ["disease", "symptom"], ["symptoms"]),
    ],
)
def test_what_may_follow(text: str, there: list[str], absent: list[str]) -> None:
    found = words(text)
    assert set(there) <= set(found)
    assert not set(absent) & set(found)


def test_nothing_follows_a_mistake() -> None:
    assert words('disease | "J20" ') == []


def test_a_place_inside_the_text_looks_at_what_stands_before_it() -> None:
    assert [item.text for item in completions('disease "J20" | sy | drugs', 18)] == ["symptoms"]


@given(st.integers(0, len(QUESTION)))
def test_no_place_of_a_question_is_too_hard(at: int) -> None:
    completions(QUESTION, at)


@given(st.text(max_size=30))
def test_no_text_is_too_strange(text: str) -> None:
    completions(text)


def test_every_role_that_is_offered_can_be_taken() -> None:
    for start in words("")[:6]:
        for role in words(f'{start} "x" | '):
            question = f'{start} "x" | {role}'
            try:
                plan(parse(question), question)
            except QueryError as error:
                pytest.fail(f"{question}: {error}")
