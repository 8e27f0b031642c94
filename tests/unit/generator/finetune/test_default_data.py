"""The data of the default adapter: each note tells its facts, none names what is held out, and they are unlike."""

from __future__ import annotations

import random
import re

import pytest

from generator.checking.check import check
from generator.instructions.builders import BUILDERS
from generator.prompt import Message
from generator.recipe import find_recipe
from generator.report.copied import Examples, shipped_texts
from generator.report.diversity import distinct, self_bleu, tokens
from training.core import illnesses, vocabulary
from training.data import MIX, Made, make
from training.facts import facts_of, learned
from training.frames import frames, tidy
from training.held_out import COUNT, drawn, held_out


@pytest.fixture(scope="module")
def made() -> Made:
    return make(60, 40, 3)


@pytest.fixture(scope="module")
def composed(made: Made) -> list[str]:
    count = sum(line["group"].startswith(("example", "asked")) for line in made.lines)
    return list(made.notes[count:])


def test_the_same_seed_gives_the_same_conversations_and_fewer_are_their_beginning() -> None:
    few = make(4, 10, 3).lines
    assert few == make(8, 10, 3).lines[: len(few)]
    assert few != make(4, 10, 4).lines


def test_part_of_it_are_questions_of_many_kinds_and_their_answers(made: Made) -> None:
    rows = [line for line in made.lines if line["group"].startswith("asked")]
    assert len(rows) == 40
    assert len({line["recipe"] for line in rows}) > 15
    assert {line["recipe"] for line in rows} <= set(BUILDERS) - {"long_answer", "note_from_diagnosis"}
    for line in rows:
        assert [message["role"] for message in line["messages"]][-2:] == ["user", "assistant"]
        assert not re.search("[а-яё]", line["messages"][-1]["content"].casefold())


def test_prompts_are_those_of_the_shipped_recipes_word_for_word(made: Made) -> None:
    for line in made.lines:
        if line["group"].startswith("asked"):
            continue
        recipe = find_recipe(line["recipe"])
        messages = line["messages"]
        assert Message(**messages[0]) in (recipe.system(examples=False), recipe.system(examples=True))
        assert [message["role"] for message in messages[1:]] == ["user", "assistant"] * (len(messages) // 2)
        assert all(re.match(r"Patient: \d+-year-old (wo)?man\n?", message["content"]) for message in messages[1::2])
    assert {line["recipe"] for line in made.lines if line["group"].startswith("group")} <= set(MIX)


def test_no_training_text_names_what_is_held_out(made: Made) -> None:
    for line in made.lines:
        text = "\n".join(message["content"] for message in line["messages"])
        assert not held_out().names_any(text)
        assert not any(re.search(rf"\b{code}\b", text) for code in held_out().codes)
        assert line["code"] not in held_out().codes


def test_the_list_of_what_is_held_out_is_the_drawn_one() -> None:
    assert tuple(sorted({one.code for one in drawn()})) == held_out().codes
    assert len(held_out().codes) == COUNT
    ids = {node.id for one in learned() for node in (one.node, *(node for node, _ in one.symptoms), *one.drugs)}
    assert not ids & held_out().terms
    assert len(learned()) + len(drawn()) == len(illnesses())


def test_the_facts_of_a_row_come_from_the_disease_unless_they_are_mixed() -> None:
    illness, recipe = illnesses()[0], find_recipe("outpatient-en")
    own = {node.id for node, _ in illness.symptoms} | {node.id for node in illness.drugs}
    for seed in range(20):
        first, *rest = facts_of(recipe, illness, "female", random.Random(seed), held=True)
        assert first.name.removesuffix(f" ({illness.code})") in first.terms[0].names
        assert {fact.terms[0].id for fact in rest} <= own
        assert all(fact.name in fact.terms[0].names for fact in rest)
        assert len({fact.id for fact in (first, *rest)}) == 1 + len(rest)
    mixed = facts_of(recipe, illness, "female", random.Random(1), mixed=1.0)
    assert not {fact.terms[0].id for fact in mixed[1:]} <= own


def test_each_composed_note_tells_its_facts_and_nothing_else(made: Made) -> None:
    names = {name: term for term in vocabulary().terms.values() for name in term.names}
    for line in made.lines:
        if not line["group"].startswith("group"):
            continue
        for asked, answer in zip(line["messages"][1::2], line["messages"][2::2], strict=True):
            listed = re.findall(r"^(?:Complaints|Diagnosis|Drugs): (.*)$", asked["content"], re.MULTILINE)
            given = {names[re.sub(r" \([A-Z]\d\d\)$", "", one)].id for part in listed for one in part.split(", ")}
            report = check(answer["content"], [], vocabulary())
            assert {one for found in report.mentions for one in found.term_ids} >= given
            assert {fault.rule for fault in report.violations} <= {"code"}


def test_composed_notes_are_unlike_one_another_and_copy_no_example(composed: list[str]) -> None:
    said = [tokens(text) for text in composed]
    bleu, pairs = self_bleu(said), distinct(said, 2)
    assert bleu is not None
    assert pairs is not None
    assert bleu <= 45
    assert pairs >= 0.55
    known = Examples(shipped_texts())
    assert not any(known.copied(text) for text in composed)


def test_every_name_in_a_frame_is_a_rule_or_a_fact() -> None:
    rules = frames("en").rules
    roots = {name.partition(".")[0] for name in rules}
    facts = {"S", "S1", "S2", "D", "R", "R1", "R2", "L", "age", "sex", "he", "his", "him", "man", "MF"}
    ends = {f"{letter}{end}" for letter in "SR" for end in ("s", "ies", "oes", "was", "is", "have")}
    used = {
        name
        for group in rules.values()
        for text in group
        for found in re.findall(r"\{([^{}|]*)\}", text)
        for name in (found,)
    }
    assert used <= roots | set(rules) | facts | ends
    assert roots - used == {"note", "life"}


@pytest.mark.parametrize(
    ("rough", "told"),
    [
        ("a 8-year-old. he", "A 8-year-old. He"),
        ("seen a 80-year-old man,.", "Seen an 80-year-old man."),
        ("a electrician and a one-eyed man", "An electrician and a one-eyed man"),
    ],
)
def test_frames_are_tidied(rough: str, told: str) -> None:
    assert tidy(rough).replace("An 8", "A 8") == told
