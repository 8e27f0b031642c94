"""Deals circumstances out to the rows of a run, so that few of them come up twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml

from generator.patient import Patient
from generator.seeds import between, derive

# What stands before the diagnosis, how the patient lives and how it began, and what stands behind it: findings, plan.
ASPECTS: Final = ("before", "after")
SOURCE: Final = "ours, not clinically reviewed, no fact of the graph"
_OLDEST: Final = 150
_DRAWN: Final = re.compile(r"\{([^{}]+)\}")
_OF_SEX: Final = {
    "female": {"his": "her", "him": "her", "himself": "herself"},
    "male": {"his": "his", "him": "him", "himself": "himself"},
}


@dataclass(frozen=True, slots=True)
class Detail:
    """A circumstance, and for whom and for which kinds of note it fits; without kinds it fits all."""

    aspect: str
    text: str
    ages: tuple[int, int]
    kinds: frozenset[str]

    def fits(self, patient: Patient, kind: str | None) -> bool:
        """Say whether it can be said of the patient in a note of this kind."""
        return self.ages[0] <= patient.age <= self.ages[1] and (not self.kinds or kind in self.kinds)

    def said(self, patient: Patient, *seed: str | int) -> str:
        """Return it in words for the patient's sex ({him}, or {a/b} for a man and a woman), one of each {a|b} drawn."""

        def drawn(match: re.Match[str]) -> str:
            if "/" in match.group(1):
                man, woman = match.group(1).split("/")
                return man if patient.sex == "male" else woman
            ways = match.group(1).split("|")
            if len(ways) == 1:
                return _OF_SEX[patient.sex][ways[0]]
            return ways[derive(*seed, "way", match.start()) % len(ways)]

        return _DRAWN.sub(drawn, self.text)


@lru_cache
def details(language: str) -> tuple[Detail, ...]:
    """Return all circumstances in a language: none where nobody has written any."""
    file = resources.files("generator.details") / f"{language}.yaml"
    if not file.is_file():
        return ()
    groups: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return tuple(_read(groups))


@dataclass(frozen=True, slots=True)
class Circumstance:
    """A detail as one note is given it."""

    aspect: str
    text: str


def deal_details(
    language: str, count: tuple[int, int], patient: Patient, kind: str | None, *, run_seed: int, row: int
) -> tuple[Circumstance, ...]:
    """Return as many circumstances for a row as the pair allows, drawn, and of each aspect one at most.

    The run's seed shuffles those of an aspect, and each row takes the one at its own place among those that fit it:
    rows about people of like age have different ones until the pack is through, and none depends on the rows beside it.
    """
    wanted = min(between(*count, run_seed, "details", row), len(ASPECTS))
    order = sorted(ASPECTS, key=lambda aspect: derive(run_seed, "aspect", row, aspect))[:wanted]
    told: list[Circumstance] = []
    for aspect in (aspect for aspect in ASPECTS if aspect in order):
        fitting = [detail for detail in _shuffled(language, aspect, run_seed) if detail.fits(patient, kind)]
        if fitting:
            told.append(Circumstance(aspect, fitting[row % len(fitting)].said(patient, run_seed, row)))
    return tuple(told)


@lru_cache(maxsize=64)
def _shuffled(language: str, aspect: str, run_seed: int) -> tuple[Detail, ...]:
    pack = [detail for detail in details(language) if detail.aspect == aspect]
    return tuple(sorted(pack, key=lambda one: (derive(run_seed, "detail", one.text), one.text)))


def _read(groups: Sequence[dict[str, Any]]) -> Iterator[Detail]:
    for group in groups:
        low, high = group.get("ages", (0, _OLDEST))
        for text in group["say"]:
            yield Detail(group["aspect"], text, (low, high), frozenset(group.get("kinds", ())))
