"""A style: rules that a model reads, and the traits that its texts have."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from generator.recipe.front import LENGTHS
from generator.recipe.layer import place_in, read_yaml
from generator.recipe.problems import Problem, refusal
from generator.recipe.shelf import STYLE, Shelf
from generator.recipe.traits import Traits, measure

Range = tuple[float, float]
Pair = TypeVar("Pair", tuple[int, int], tuple[float, float])


class _Told(BaseModel):
    """What a style's file says for one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: str = Field(min_length=1)
    words: dict[str, tuple[int, int]]
    abbreviations: Range
    shorthand: Range
    sentence: Range
    lines: dict[str, tuple[int, int]]

    @field_validator("abbreviations", "shorthand", "sentence")
    @classmethod
    def _low_to_high(cls, value: Range) -> Range:
        return _ordered(value)

    @field_validator("words", "lines")
    @classmethod
    def _both_lengths(cls, value: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
        if set(value) != set(LENGTHS):
            raise ValueError(f"say it for each length: {', '.join(LENGTHS)}")
        return {length: _ordered(pair) for length, pair in value.items()}


def _ordered(pair: Pair) -> Pair:
    if not 0 <= pair[0] <= pair[1]:
        raise ValueError(f"from {pair[0]} to {pair[1]}: write the smaller number first, 0 or more")
    return pair


@dataclass(frozen=True, slots=True)
class Style:
    """A style in one language, for notes of one length. `ranges` are those of the traits, ends included."""

    name: str
    rules: str
    length: str
    ranges: Mapping[str, Range]
    hash: str

    @property
    def words(self) -> Range:
        """How many words a text has, from and to."""
        return self.ranges["words"]

    def departures(self, text: str) -> dict[str, float]:
        """Return the traits of the text that lie outside the style's ranges."""
        found = measure(text)
        return {name: value for name, value in found.as_row().items() if not self.allows(found, name)}

    def allows(self, found: Traits, name: str) -> bool:
        """Say whether one trait lies within its range."""
        low, high = self.ranges[name]
        return low <= getattr(found, name) <= high


def read_style(name: str, language: str, length: str, shelf: Shelf) -> Style | Problem:
    """Return a style by its name, or what is wrong with its file; the file is that of the recipe when there is none."""
    found = shelf.find(name, STYLE)
    if found is None:
        names = ", ".join(shelf.names(STYLE))
        return Problem(
            "", 1, f"there is no style {name!r}", f"Styles: {names}; or write {name}{STYLE} beside the recipe."
        )
    values, tree, problems = read_yaml(found.content.decode(errors="replace"), found.file, 1)
    if values is None or problems:
        return problems[0]
    if language not in values:
        return Problem(found.file, 1, f"the style has nothing for {language!r}", f"Add a part {language}: to it.")
    try:
        told = _Told.model_validate(_tuples(values[language]))
    except ValidationError as error:
        first = error.errors()[0]
        loc = (language, *first["loc"])
        where = ".".join(map(str, loc))
        return Problem(found.file, place_in(tree, loc, 1)[1], f"{where}: {first['msg'].removeprefix('Value error, ')}")
    ranges: dict[str, Range] = {
        "words": told.words[length],
        "abbreviations": told.abbreviations,
        "shorthand": told.shorthand,
        "sentence": told.sentence,
        "lines": told.lines[length],
    }
    return Style(name, " ".join(told.rules.split()), length, ranges, hashlib.sha256(found.content).hexdigest())


@cache
def shipped_style(name: str, language: str, length: str) -> Style:
    """Return a style that comes with the project; raises RecipeInvalid."""
    style = read_style(name, language, length, Shelf())
    if isinstance(style, Problem):
        raise refusal([style])
    return style


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _tuples(part) for name, part in value.items()}
    return tuple(value) if isinstance(value, list) else value
