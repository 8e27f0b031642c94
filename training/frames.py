"""A grammar of note frames: rules by name, alternatives drawn at random, facts put in as they are named."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from generator.details import Circumstance
from generator.facts import Fact
from generator.patient import Patient

_SLOT: Final = re.compile(r"\{([^{}]*)\}")
_DEEPEST: Final = 12
_CHILD, _PUPIL, _GROWN, _OLD = 13, 6, 18, 65
_BETWEEN: Final = {"S": ("and", "and", "and", "as well as", "plus", "with"), "R": ("and", "and", "and", "plus")}
_BEFORE_LAST: Final = ("and", "and", "and", ", and", ", plus", "as well as", "along with", "split")
_SECOND_PART: Final = ("with", "as well as", "also", "besides")
_LIFE: Final = {"never married": "has never married", **{word: f"is {word}" for word in (
    "married", "widowed", "divorced", "pregnant")}}  # fmt: skip
# Circumstances that frames make up themselves, and their places in short plans.
_OWN: Final = frozenset(
    f"{{{name}}}" for name in ("course", "more", "look", "close", "tdur", "tseen", "tend", "look2", "before", "talk")
)
_ICD10: Final = re.compile(r" \(([^()]*)\)$")


class Missing(LookupError):
    """A frame asks for a fact that the note does not have."""


@dataclass(frozen=True, slots=True)
class Frames:
    """The rules of one language; a rule `name.kind` is preferred to `name` in notes of that kind."""

    rules: Mapping[str, tuple[str, ...]]

    def note(
        self,
        plan: str,
        kind: str,
        patient: Patient,
        facts: Sequence[Fact],
        draw: random.Random,
        details: Sequence[Circumstance] = (),
    ) -> str:
        """Return a note by one of the plans under this name; raises Missing when its frames have no facts for a slot.

        It tells whatever the drawn frames have a place for: whether that is every fact is for the check to say.
        Circumstances that are given take the place of those of the frames.
        """
        ages = "child" if patient.age < _GROWN else "old" if patient.age >= _OLD else "adult"
        values = {**_of_patient(patient), **_of_facts(facts, draw)}
        chosen = draw.choice(self._named(plan))
        if details:
            chosen = _with_details(chosen, details, draw)
            values |= {f"+{detail.aspect}": detail.text for detail in details}
        if "L" in values:
            # How the patient lives stands behind the first sentence.
            chosen = chosen.replace(".", ". {life}.", 1)
        return tidy(self._filled(chosen, values, (ages, kind), draw, 0))

    def _named(self, name: str, endings: Sequence[str] = ()) -> tuple[str, ...]:
        for ending in endings:
            if f"{name}.{ending}" in self.rules:
                return self.rules[f"{name}.{ending}"]
        if name not in self.rules:
            raise Missing(name)
        return self.rules[name]

    def _filled(
        self, text: str, values: Mapping[str, str], endings: Sequence[str], draw: random.Random, depth: int
    ) -> str:
        if depth > _DEEPEST:
            raise RecursionError(f"the frames go in circles at {text!r}")

        def slot(match: re.Match[str]) -> str:
            name = match.group(1)
            if "|" in name:
                return self._filled(draw.choice(name.split("|")), values, endings, draw, depth + 1)
            if name in values:
                return values[name]
            return self._filled(draw.choice(self._named(name, endings)), values, endings, draw, depth + 1)

        return _SLOT.sub(slot, text)


@cache
def frames(language: str) -> Frames:
    """Return the frames of a language."""
    text = (resources.files("training") / "frames" / f"{language}.yaml").read_text(encoding="utf-8")
    rules: dict[str, list[Any]] = yaml.safe_load(text)
    return Frames({name: tuple(str(one) for one in group) for name, group in rules.items()})


def tidy(text: str) -> str:
    """Return the text with capitals at the start of sentences, the right article, and no doubled marks."""
    text = re.sub(r",\s*(?=[,.;:])", "", text)
    text = re.sub(r"\b([Aa]) (?=(?:8\d?|11|18)\b)", r"\1n ", text)
    text = re.sub(r"\b([Aa]) (?=[aei]|un[^i]|o[^n])", r"\1n ", text)
    return re.sub(r"(^|[.!?]\s+|\n)([a-z])", lambda match: match.group(1) + match.group(2).upper(), text)


# How a circumstance is told in prose; in lists and fragments it stands alone.
_BEFORE: Final = (
    "{he} {+before}", "{he} {+before}", "{he} {+before}", "the patient {+before}", "{+before}",
)  # fmt: skip


def _with_details(plan: str, details: Sequence[Circumstance], draw: random.Random) -> str:
    """Return the plan with places for the circumstances, and without those of its own."""
    aspects = {detail.aspect for detail in details}
    ends = "\n" if "\n" in plan else " "
    parts = [part for part in plan.split(ends) if part.strip(".;,") not in _OWN]
    prose = ends == " " and not any(part.startswith("{t") and not part.startswith("{tale") for part in parts)
    if "before" in aspects:
        said = draw.choice(_BEFORE) if prose else "{+before}"
        # Who it is about comes first, unless the diagnosis or the drugs lead up to it.
        at = min(draw.choice((1, 1, 2)), len(parts))
        parts[at - 1] = f"{parts[at - 1].rstrip('.;,')}. {said}."
    if "after" in aspects:
        # Before the drugs at the earliest.
        at = draw.choice((len(parts), len(parts), max(len(parts) - 1, 1)))
        parts[at - 1] = f"{parts[at - 1].rstrip('.;,')}. {{+after}}."
    return ends.join(parts)


def _of_patient(patient: Patient) -> dict[str, str]:
    female = patient.sex == "female"
    words = ("woman", "she", "her", "her") if female else ("man", "he", "his", "him")
    if patient.age < _CHILD:
        words = ("girl" if female else "boy", *words[1:])
    told: dict[str, str] = dict(zip(("man", "he", "his", "him"), words, strict=True))
    if patient.age < _PUPIL:
        told["job1"] = words[0]
    if life := patient.life("en"):
        told["L"] = " and ".join(_LIFE.get(words, words) for words in life)
    return {**told, "age": str(patient.age), "sex": patient.sex, "MF": "F" if female else "M"}


def _of_facts(facts: Sequence[Fact], draw: random.Random) -> dict[str, str]:
    """Return the facts as they are put in: in a drawn order, joined in a drawn way, whole and in two parts."""
    named: dict[str, list[str]] = {}
    for fact in facts:
        named.setdefault(fact.kind, []).append(fact.name)
    values: dict[str, str] = {}
    for letter, kind in (("S", "symptom"), ("R", "drug")):
        names = named.get(kind, [])
        draw.shuffle(names)
        if names:
            many = len(names) > 1
            values |= {letter: _listed(names, letter, draw), f"{letter}s": "" if many else "s"}
            values |= {f"{letter}ies": "y" if many else "ies", f"{letter}oes": "" if many else "es"}
            values |= {
                f"{letter}was": "were" if many else "was",
                f"{letter}is": "are" if many else "is",
                f"{letter}have": "have" if many else "has",
            }
        if len(names) > 1:
            at = draw.randint(1, len(names) - 1)
            values |= {f"{letter}1": _listed(names[:at], letter, draw), f"{letter}2": _listed(names[at:], letter, draw)}
    for name in named.get("diagnosis", []):
        bare = _ICD10.sub("", name)
        code = _ICD10.search(name)
        ways = [name] * 6 + [f"{bare}, ICD-10 {code.group(1)}," if code else name] + [bare]
        values["D"] = draw.choice(ways)
    return values


def _listed(names: Sequence[str], letter: str, draw: random.Random) -> str:
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return f"{names[0]} {draw.choice(_BETWEEN[letter])} {names[1]}"
    head, last = ", ".join(names[:-1]), names[-1]
    way = draw.choice(_BEFORE_LAST)
    if way == "split":
        return f"{names[0]} and {names[1]}, {draw.choice(_SECOND_PART)} {', '.join(names[2:])}"
    return f"{head}{'' if way.startswith(',') else ' '}{way} {last}"
