"""What is wrong with a recipe: where, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from generator.errors import RecipeInvalid

READ_THE_PAGE: Final = "docs/recipes.md tells how a recipe is written."


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that a recipe or a style breaks; `line` counts from 1."""

    file: str
    line: int
    message: str
    hint: str = READ_THE_PAGE

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def refusal(problems: Sequence[Problem]) -> RecipeInvalid:
    """Return the first problem as an error; its hint says how many more there are."""
    first = problems[0]
    more = f" There are {len(problems) - 1} more: `mkg recipe lint`." if len(problems) > 1 else ""
    return RecipeInvalid(first.message, place=f"file {first.file}, line {first.line}", hint=first.hint + more)
