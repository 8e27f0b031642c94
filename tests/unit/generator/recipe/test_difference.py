"""Two recipes are compared with all that they inherit."""

from __future__ import annotations

from generator.recipe import find_recipe
from generator.recipe.difference import Difference, differences, prompt_difference


def test_a_recipe_does_not_differ_from_itself() -> None:
    assert differences(find_recipe("emergency-en"), find_recipe("emergency-en")) == []
    assert prompt_difference(find_recipe("emergency-en"), find_recipe("emergency-en")) == []


def test_every_value_that_differs_is_named_and_one_that_is_not_there_is_none() -> None:
    found = differences(find_recipe("emergency-en"), find_recipe("emergency-en+code-only"))
    sample = "disease $disease | symptoms sample $symptoms by weight seed $seed as complaints"
    assert found == [
        Difference("options.details", "1, 2", "0, 0"),
        Difference("options.diagnosis_alone", "false", "true"),
        Difference("questions.drugs", "disease $disease | drugs sample $drugs seed $seed", None),
        Difference("questions.symptoms", sample, None),
    ]


def test_prompts_are_compared_line_by_line() -> None:
    lines = prompt_difference(find_recipe("emergency-en"), find_recipe("follow-up-en"))
    assert lines[:2] == ["--- emergency-en", "+++ follow-up-en"]
    assert "-Visit: emergency department" in lines
    assert "+Visit: follow-up" in lines
