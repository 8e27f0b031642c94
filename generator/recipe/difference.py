"""How two recipes differ: in what they say, and in the prompts they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

from generator.recipe.recipe import Recipe
from generator.recipe.samples import WOMAN, sample_facts
from kg.query.spell import to_text


@dataclass(frozen=True, slots=True)
class Difference:
    """One value by its name; None stands for one that is not there."""

    name: str
    left: str | None
    right: str | None


def differences(left: Recipe, right: Recipe) -> list[Difference]:
    """Return every value in which two recipes differ, with all that they inherit, sorted by name."""
    one, other = _said(left), _said(right)
    return [
        Difference(name, one.get(name), other.get(name))
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]


def prompt_difference(left: Recipe, right: Recipe) -> list[str]:
    """Return the lines of a unified diff of both prompts, for one patient and a fact of each kind."""
    return list(unified_diff(_prompt(left), _prompt(right), left.id, right.id, lineterm=""))


def _said(recipe: Recipe) -> dict[str, str]:
    values = recipe.front.model_dump(exclude={"variants", "questions", "abstract", "extends"})
    values["questions"] = {name: to_text(tree) for name, tree in recipe.questions.items()}
    return dict(_flat(values))


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        elif isinstance(value, list | tuple):
            yield f"{above}{name}", ", ".join(map(str, value))
        elif value is not None:
            yield f"{above}{name}", str(value).lower() if isinstance(value, bool) else str(value)


def _prompt(recipe: Recipe) -> list[str]:
    shown = bool(recipe.options.examples)
    return [
        *recipe.system(examples=shown).content.splitlines(),
        "",
        *recipe.user(WOMAN, sample_facts()).content.splitlines(),
    ]
