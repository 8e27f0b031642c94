"""Recipes that take turns in one run."""

from __future__ import annotations

import pytest

from generator.prompt import Prompt
from generator.recipe import find_recipe
from tests.unit.generator.notes.conftest import Written
from tests.unit.generator.scribe import Scribe

pytestmark = pytest.mark.anyio

NAMES = ("outpatient-en", "emergency-en+telegraphic", "outpatient-ru")
COOKED = tuple(find_recipe(name) for name in NAMES)


def any_language(prompt: Prompt, seed: int) -> str:
    """Write the same of everything: what becomes of the text is not looked at here."""
    return f"A note of {len(prompt.messages)} turns and of seed {seed}."


async def test_row_by_row_each_has_the_recipe_of_its_place(written: Written) -> None:
    _, rows = await written(Scribe(any_language), (("J20", 4), ("I10", 3)), cooked=COOKED)
    assert [row["recipe"].partition("@")[0] for row in rows] == [NAMES[place % 3] for place in range(7)]
    assert {row["language"] for row in rows} == {"en", "ru"}
    assert rows[1]["prompt"][0]["content"] != rows[0]["prompt"][0]["content"]


async def test_the_model_is_asked_apart_for_recipes_that_draw_words_otherwise(written: Written) -> None:
    long = find_recipe("outpatient-en+long")
    assert long.options.sampling != COOKED[0].options.sampling
    scribe = Scribe(width=4)
    _, rows = await written(scribe, (("J20", 4),), cooked=(COOKED[0], long))
    assert scribe.batches[:2] == [2, 2]
    assert [row["recipe"].partition("@")[0] for row in rows] == [COOKED[0].id, long.id] * 2


async def test_a_run_that_was_cut_off_goes_on_with_the_recipe_whose_turn_it_is(written: Written) -> None:
    _, whole = await written(Scribe(any_language), (("J20", 5),), cooked=COOKED, name="whole.jsonl")
    with pytest.raises(Exception, match="the plug was pulled"):
        await written(Scribe(any_language, stop_after=3), (("J20", 5),), cooked=COOKED, name="cut.jsonl")
    _, rows = await written(Scribe(any_language), (("J20", 5),), cooked=COOKED, name="cut.jsonl")
    assert rows == whole


async def test_other_recipes_are_another_run(written: Written) -> None:
    await written(Scribe(), (("J20", 2),), cooked=COOKED[:2])
    with pytest.raises(Exception, match=r"another run|belongs"):
        await written(Scribe(), (("J20", 2),), cooked=COOKED[:1])
