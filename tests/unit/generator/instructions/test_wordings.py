"""The sentences: as many as promised, the same in both languages, and every slot of each is filled."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from generator.instructions.builders import BUILDERS
from generator.instructions.run import Ready
from generator.instructions.wordings import FEWEST, wordings

TEXTS = wordings()


@pytest.mark.parametrize("language", TEXTS.languages)
def test_each_builder_is_asked_in_six_ways_or_more(language: str) -> None:
    names = TEXTS.names(language)
    assert {name.partition(".")[0] for name in names} == set(BUILDERS)
    for name in names:
        wording = TEXTS.of(language, name)
        assert len(set(wording.ask)) >= FEWEST, name
        assert wording.tell, name


def test_both_languages_have_the_same_things_to_say() -> None:
    assert TEXTS.names("en") == TEXTS.names("ru")
    for name in TEXTS.names("en"):
        assert TEXTS.of("en", name).slots == TEXTS.of("ru", name).slots, name
    english, russian = (TEXTS._by_language[language] for language in ("en", "ru"))
    for part in ("words", "statements", "hypotheses"):
        assert english[part].keys() == russian[part].keys(), part


def test_russian_wordings_are_russian_and_english_ones_are_not() -> None:
    for language, foreign in (("en", "[а-яё]"), ("ru", r"\b[a-z]{3,}\b")):
        for name in TEXTS.names(language):
            wording = TEXTS.of(language, name)
            for text in (*wording.ask, *wording.tell, wording.input):
                assert not re.search(foreign, re.sub(r"\{\w+\}", "", text), re.IGNORECASE), text


def test_no_way_to_ask_and_no_hypothesis_stands_twice() -> None:
    for language in TEXTS.languages:
        for name in TEXTS.names(language):
            asked = TEXTS.of(language, name).ask
            assert len(set(asked)) == len(asked), name
        for kind in ("symptom", "drug", "diagnosis"):
            affirmed, denied = (set(TEXTS.hypotheses(language, f"{kind}.{way}")) for way in ("affirmed", "denied"))
            assert len(affirmed) == len(denied) == 6
            assert not affirmed & denied


@pytest.mark.parametrize("name", ["yes_no", "five_choice", "correction", "unanswerable", "drug_purpose", "long_answer"])
def test_every_way_to_ask_can_be_filled(ready_for: Callable[..., Ready], name: str) -> None:
    ready = ready_for(name, count=120, wordings_per_case=6)
    planner = ready.planner()
    rows = [ready.row(planner, planned, 0) for planned in planner.plan().rows]
    assert not any(re.search(r"[{}]", row["instruction"] + row["input"] + row["output"]) for row in rows)
