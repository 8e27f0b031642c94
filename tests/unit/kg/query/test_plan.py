"""Every word is looked up in the schema; a wrong one is answered with its place and the nearest right one."""

from __future__ import annotations

import pytest

from kg.errors import QueryTooLarge, UnknownWord
from kg.query.parse import parse
from kg.query.plan import Join, Plan, Start, Stride, plan


def planned(text: str) -> Plan:
    return plan(parse(text), text)


def test_a_path_is_planned_in_the_order_it_is_walked() -> None:
    parts = planned('disease "J20" | symptoms top 5 | diseases').parts
    assert [type(part) for part in parts] == [Start, Stride, Stride]
    assert [part.source for part in parts if isinstance(part, Stride)] == [0, 1]


def test_a_join_knows_its_two_sides() -> None:
    parts = planned('(disease "a" | symptoms & disease "b" | symptoms) | diseases').parts
    assert isinstance(parts[4], Join)
    assert (parts[4].left, parts[4].right) == (1, 3)


def test_a_repeated_step_takes_the_role_of_each_kind_on_the_way() -> None:
    stride = planned('drug "DB00945" | in_class 1..3').parts[1]
    assert isinstance(stride, Stride)
    assert [role.start for role in stride.roles] == ["Drug", "DrugClass", "DrugClass"]


@pytest.mark.parametrize(
    ("text", "at", "message", "hint"),
    [
        ('diseas "DOID:9352" | symptoms', 0, "A question cannot start with diseas", "Did you mean disease?"),
        ('disease "DOID:9352" | symptms top 5', 22, "A disease has no step symptms", "Did you mean symptoms?"),
        (
            'disease "a" | drugs where purpos = symptomatic',
            26,
            "Neither TREATS nor Drug has purpos",
            "Did you mean purpose?",
        ),
        (
            'disease "a" | drugs where purpose = symptomtic',
            26,
            "purpose is never symptomtic",
            "Did you mean symptomatic?",
        ),
        (
            'disease "a" | symptoms top 5 by wieght',
            23,
            "HAS_SYMPTOM and Symptom have no number wieght to order by",
            "Did you mean weight?",
        ),
        (
            'disease "a" | symptoms & drug "b"',
            23,
            "& joins symptoms with drugs",
            "Both sides must end at the same kind",
        ),
        ('disease "a" | symptoms via TREATS', 14, "symptoms does not go via TREATS", "Here can stand: HAS_SYMPTOM."),
        ('disease "a" | symptoms 1..2', 14, "A symptom has no step symptoms", "Here can stand: diseases"),
        ('disease "a" | symptoms as x | diseases as x', 30, "two steps are called x", "Give each its own name."),
        ('disease "a" | symptoms where weight = high', 29, "weight is compared with a number", "How typical"),
        ('disease "a" | symptoms where source > "x"', 29, "source can only be compared with =", "Write source ="),
        ('disease "a" | symptoms where language = fr', 29, "There is no language fr", "Here can stand: en, ru."),
        ('disease " "', 8, "This name is empty", "Write an id"),
    ],
)
def test_a_wrong_word_is_answered_with_its_place_and_the_nearest(text: str, at: int, message: str, hint: str) -> None:
    with pytest.raises(UnknownWord) as caught:
        planned(text)
    assert caught.value.at == at
    assert caught.value.message.startswith(message)
    assert (caught.value.hint or "").startswith(hint)


@pytest.mark.parametrize(
    "text",
    [
        'disease "a" | parents 1..9',
        'disease "a" | parents 2..1',
        'disease "a" | parents 0..1',
        'disease "a"' + " | symptoms | diseases" * 5,
        'disease "a" | symptoms top 0',
        'disease "a" | symptoms top 100000',
        'disease "a" | symptoms shared >= 0',
        'disease "a" | symptoms sample 2 seed 99999999999999999999',
        "disease " + ", ".join(['"a"'] * 101),
        'disease "a" | symptoms as ' + "x" * 65,
    ],
)
def test_a_question_beyond_a_limit_is_refused(text: str) -> None:
    with pytest.raises(QueryTooLarge) as caught:
        planned(text)
    assert caught.value.hint
