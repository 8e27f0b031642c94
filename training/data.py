"""What the default adapter learns from: our example notes, instruction data, and notes composed for our recipes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

from generator.details import Circumstance, deal_details
from generator.examples import Example, example_notes
from generator.patient import Patient, draw_patient
from generator.prompt import Message
from generator.recipe import Recipe, find_recipe
from generator.seeds import derive
from training.asked import asked
from training.core import Illness
from training.facts import facts_of, learned
from training.held_out import held_out
from training.notes import Unwritable, Writer

# Recipes with their shares. The default recipe weighs most; `long` costs three times the tokens.
MIX: Final[Mapping[str, int]] = {
    "outpatient-en": 36, "outpatient-en+plain": 4, "outpatient-en+narrative": 3, "outpatient-en+telegraphic": 3,
    "outpatient-en+structured": 3, "outpatient-en+hidden": 3, "outpatient-en+code-only": 2, "outpatient-en+long": 3,
    "emergency-en": 6, "emergency-en+telegraphic": 3, "emergency-en+simple": 3, "emergency-en+long": 2,
    "emergency-en+narrative": 2, "emergency-en+hidden": 1, "emergency-en+structured": 1,
    "follow-up-en": 6, "follow-up-en+simple": 2, "follow-up-en+telegraphic": 2, "follow-up-en+structured": 1,
    "discharge-en": 5, "discharge-en+narrative": 2, "discharge-en+simple": 2, "discharge-en+structured": 2,
    "discharge-en+long": 2, "discharge-en+telegraphic": 1,
}  # fmt: skip
# How many notes one conversation has: later ones see earlier ones as they would see examples.
_TURNS: Final = ((1, 55), (2, 25), (3, 20))
# In this share of notes complaints and drugs are anybody's, so that a model learns to tell what it is given and not
# what usually goes with a disease.
_MIXED: Final = 0.45
# In this share of notes about the grown it is known whether the patient smokes and is married.
_WITH_LIFE: Final = 0.12
_GROWN: Final = 18
# In this share of notes circumstances are given; elsewhere the frames make up theirs.
_WITH_DETAILS: Final = 0.8
# Diseases are dealt out into so many groups; a conversation stays within one, so that a split by group is clean.
_GROUPS: Final = 20


@dataclass(frozen=True, slots=True)
class Made:
    """Conversations as lines of JSONL, and the notes in them."""

    lines: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]

    def write(self, path: Path) -> None:
        """Write the conversations, one a line."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in self.lines))


def make(conversations: int, questions: int, seed: int) -> Made:
    """Return that many composed conversations.

    Before them come every short example note that names nothing held out, and so many questions with their answers.
    The same seed gives the same bytes, and more conversations begin with those of fewer.
    """
    lines = [*_of_examples("en"), *asked(questions, seed)]
    notes = [line["messages"][-1]["content"] for line in lines]
    writer = Writer()
    dealer = _Dealer(seed)
    for number in range(conversations):
        draw = random.Random(derive(seed, "conversation", number))  # noqa: S311  # no secret
        line = _conversation(draw, dealer, writer, seed, number)
        lines.append(line)
        notes += [message["content"] for message in line["messages"] if message["role"] == "assistant"]
    return Made(tuple(lines), tuple(notes))


def _conversation(draw: random.Random, dealer: _Dealer, writer: Writer, seed: int, number: int) -> dict[str, Any]:
    name = draw.choices(list(MIX), weights=list(MIX.values()))[0]
    recipe = find_recipe(name)
    turns = draw.choices([count for count, _ in _TURNS], weights=[weight for _, weight in _TURNS])[0]
    if recipe.front.length == "long":
        turns = 1
    group = dealer.group()
    messages = [recipe.system(examples=turns > 1)]
    code = ""
    while turns:
        illness = dealer.illness(group)
        patient = _living(draw_patient(illness.node, derive(seed, "patient", number, turns)), illness, draw)
        facts = facts_of(recipe, illness, patient.sex, draw, mixed=_MIXED)
        details = _details(recipe, patient, derive(seed, "details", turns), number, draw)
        try:
            note = writer.note(recipe, patient, facts, illness.code, draw, details)
        except Unwritable:
            # A few names cannot be told by the frames of a style; another disease takes their place.
            continue
        code = illness.code
        messages += [recipe.user(patient, facts, details), Message("assistant", note)]
        turns -= 1
    return _line(messages, f"group {group}", name, code)


def _details(recipe: Recipe, patient: Patient, seed: int, row: int, draw: random.Random) -> Sequence[Circumstance]:
    """Return circumstances as a run would deal them, in most notes."""
    if draw.random() >= _WITH_DETAILS or recipe.options.diagnosis_alone:
        return ()
    return deal_details(recipe.language, (1, 2), patient, recipe.front.kind, run_seed=seed, row=row)


def _living(patient: Patient, illness: Illness, draw: random.Random) -> Patient:
    """Return the patient with what `mkg generate patients` knows of one as well, in a share of notes."""
    if draw.random() >= _WITH_LIFE or patient.age < _GROWN:
        return patient
    return replace(
        patient,
        smoker=draw.choice((True, False, None)),
        marital_state=draw.choice(("married", "never_married", "divorced", "widowed", None)),
        pregnant=True if illness.code.startswith("O") else None,
    )


class _Dealer:
    """Deals diseases out, so that each comes up as often as any other of its group."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(derive(seed, "dealer"))  # noqa: S311  # no secret
        order = sorted(learned(), key=lambda one: (derive(seed, "group", one.code), one.code, one.node.id))
        codes = sorted({one.code for one in order}, key=lambda code: derive(seed, "group", code))
        self._groups = [[one for one in order if codes.index(one.code) % _GROUPS == group] for group in range(_GROUPS)]
        self._left: list[list[Illness]] = [[] for _ in range(_GROUPS)]

    def group(self) -> int:
        return self._draw.randrange(_GROUPS)

    def illness(self, group: int) -> Illness:
        if not self._left[group]:
            self._left[group] = self._draw.sample(self._groups[group], len(self._groups[group]))
        return self._left[group].pop()


@cache
def _of_examples(language: str) -> tuple[dict[str, Any], ...]:
    return tuple(_examples(language))


def _examples(language: str) -> Iterator[dict[str, Any]]:
    for example in example_notes(language):
        told = " ".join((example.text, *(fact.name for fact in example.facts)))
        # A long one costs as much as five short ones, and its length is taught by the composed ones.
        if example.length == "long" or example.category in held_out().codes or held_out().names_any(told):
            continue
        recipe = find_recipe(_recipe_of(example, language))
        messages = [
            recipe.system(examples=False),
            recipe.user(example.patient, example.told),
            Message("assistant", example.text),
        ]
        # Groups go by code here; a code of theirs may be in a group of the composed ones as well.
        yield _line(messages, f"example {example.category}", recipe.id, example.category)


def _recipe_of(example: Example, language: str) -> str:
    variants = [example.style] if (example.kind, example.style) != ("outpatient", "simple") else []
    variants += ["hidden"] if example.hidden else []
    return "+".join([f"{example.kind}-{language}", *variants])


def _line(messages: Sequence[Message], group: str, recipe: str, code: str) -> dict[str, Any]:
    return {
        "group": group,
        "recipe": recipe,
        "code": code,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
    }
