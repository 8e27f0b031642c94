"""Slots take what was given for them, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from kg.errors import UnknownWord
from kg.query.bind import bind, slots
from kg.query.parse import parse
from kg.query.plan import plan
from kg.query.spell import to_text

QUESTION = "disease $codes | symptoms where weight >= $w and source in ($sources) top $n as of $cs"


def test_slots_are_listed_with_what_they_stand_for() -> None:
    assert slots(parse(QUESTION)) == {"codes": "name", "w": "value", "sources": "value", "n": "number", "cs": "name"}


def test_each_slot_takes_its_value_and_a_list_where_there_can_be_several() -> None:
    given = {"codes": ["J20", 'a"b'], "w": 0.5, "sources": ["x", "y"], "n": 3, "cs": "CS:1"}
    assert to_text(bind(parse(QUESTION), given)) == (
        'disease "J20", "a\\"b" | symptoms where weight >= 0.5 and source in (x, y) top 3 as of "CS:1"'
    )


@pytest.mark.parametrize(
    ("text", "given", "message", "at"),
    [
        ("disease $code", {}, "Nothing was given for $code", 8),
        ('disease "a"', {"code": "J20"}, "The question has no slot $code", None),
        ("disease $code", {"code": 5}, "$code stands for a name, and was given 5", 8),
        ("disease $code", {"code": []}, "$code stands for a name, and was given []", 8),
        ('disease "a" | symptoms top $n', {"n": "3"}, "$n stands for a whole number, and was given '3'", 27),
        ('disease "a" | symptoms top $n', {"n": True}, "$n stands for a whole number", 27),
        ('disease "a" | drugs where purpose = $p', {"p": None}, "$p stands for a value, and was given None", 36),
        ('disease "a" | symptoms sample 2 temperature $t seed 1', {"t": "hot"}, "$t stands for a number", 44),
        ('disease "a" as of $cs', {"cs": ["a", "b"]}, "$cs stands for one name, and was given 2", 18),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(text: str, given: dict[str, Any], message: str, at: int) -> None:
    with pytest.raises(UnknownWord) as caught:
        bind(parse(text), given, text)
    assert caught.value.message.startswith(message)
    assert caught.value.at == at
    assert caught.value.hint


def test_a_question_with_open_slots_is_not_planned() -> None:
    for text in ("disease $a", 'disease "a" | symptoms top $n', 'disease "a" | drugs where purpose = $p'):
        with pytest.raises(UnknownWord, match="Nothing was given"):
            plan(parse(text), text)


def test_a_given_temperature_of_one_is_none_at_all() -> None:
    tree = bind(parse('disease "a" | symptoms sample 2 temperature $t seed 1'), {"t": 1})
    assert tree == parse('disease "a" | symptoms sample 2 seed 1')
