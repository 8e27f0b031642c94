"""The sentences that questions and answers are put in, in each language: data, read once and held to rules."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from generator.errors import RecipeInvalid

FEWEST: Final = 6
"""Different ways to ask that each builder has in each language."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How one kind of case is asked and answered: ways to ask, ways to answer, and what stands as input."""

    ask: tuple[str, ...]
    tell: tuple[str, ...]
    input: str

    @property
    def slots(self) -> frozenset[str]:
        """The names of the slots in it."""
        return frozenset(slot for text in (*self.ask, *self.tell, self.input) for slot in _slots(text))


@dataclass(frozen=True, slots=True)
class Wordings:
    """All wordings: of the builders, and the single words, statements, headings and hypotheses that fill them."""

    _by_language: Mapping[str, Mapping[str, Any]]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are, in order."""
        return tuple(self._by_language)

    def names(self, language: str) -> tuple[str, ...]:
        """Return the names of the wordings of builders."""
        return tuple(self._by_language[language]["builders"])

    def of(self, language: str, name: str) -> Wording:
        """Return one wording; a part behind a dot that has none of its own takes what stands before the dot."""
        held = self._by_language[language]["builders"]
        return _wording(held[name])

    def roles(self, language: str) -> tuple[str, ...]:
        """Return whom the model may be told to be."""
        return tuple(self._by_language[language]["roles"])

    def word(self, language: str, name: str) -> str:
        """Return a word or sentence by its name."""
        return self._by_language[language]["words"][name]

    def statements(self, language: str, relation: str) -> tuple[str, ...]:
        """Return the sentences that state a relation."""
        return tuple(self._by_language[language]["statements"][relation])

    def hypotheses(self, language: str, name: str) -> tuple[str, ...]:
        """Return the sentences that say of a patient that something is so, or is not (`symptom.denied`)."""
        kind, _, way = name.partition(".")
        return tuple(self._by_language[language]["hypotheses"][kind][way])


@cache
def wordings() -> Wordings:
    """Return the shipped wordings. Raises RecipeInvalid for a file that breaks a rule."""
    folder = resources.files("generator") / "instructions" / "wordings"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    held = {name.removesuffix(".yaml"): yaml.safe_load((folder / name).read_text("utf-8")) for name in names}
    for language, told in held.items():
        for name, wording in told["builders"].items():
            for fault in _faults(_wording(wording)):
                raise RecipeInvalid(fault, place=f"wordings/{language}.yaml, {name}", hint="See docs/instructions.md.")
    return Wordings(held)


def _faults(wording: Wording) -> Iterator[str]:
    if len(set(wording.ask)) < FEWEST:
        yield f"there are fewer than {FEWEST} ways to ask"
    if not wording.tell:
        yield "there is no way to answer"


def _wording(held: Mapping[str, Any]) -> Wording:
    return Wording(tuple(held["ask"]), tuple(held["tell"]), held.get("input", ""))


def _slots(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in string.Formatter().parse(text) if name)
