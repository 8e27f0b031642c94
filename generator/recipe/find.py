"""Recipes by name, by file and by variant: `emergency-en+long`, `mine.recipe+hidden`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import RecipeInvalid
from generator.recipe.build import build
from generator.recipe.layer import read_layer
from generator.recipe.problems import refusal
from generator.recipe.recipe import Recipe
from generator.recipe.shelf import RECIPE, STYLE, Found, Shelf, read_file, shelf_of


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for: a file, where to look for what it extends, and variants."""

    found: Found
    shelf: Shelf
    variants: tuple[str, ...]


def shipped_recipes() -> list[str]:
    """Return the names of the recipes that come with the project and can be written from."""
    return usable(Shelf())


def usable(shelf: Shelf) -> list[str]:
    """Return the names of the recipes that are more than something to extend, in order."""
    names: list[str] = []
    for name in sorted(shelf.names(RECIPE)):
        found = shelf.find(name, RECIPE)
        layer = read_layer(found.content, found.file)[0] if found else None
        if layer is None or layer.values.get("abstract") is not True:
            names.append(name)
    return names


def look_up(name: str, folder: Path | None = None) -> Named:
    """Return what a name or a path stands for, from `folder` first and then from what is shipped.

    A recipe needs no ending, a style does (`plain.style`). Raises RecipeInvalid when there is none.
    """
    shelf = shelf_of(folder)
    if name.endswith(STYLE):
        found = shelf.find(name.removesuffix(STYLE), STYLE) if Path(name).name == name else None
        return Named(found or _read(Path(name)), shelf_of(Path(name).parent, folder), ())
    path, dot, rest = name.partition(RECIPE)
    if dot:
        return Named(_read(Path(path + dot)), shelf_of(Path(path).parent, folder), _variants(rest))
    base, *variants = name.split("+")
    # A name with a stroke would leave the folder.
    found = shelf.find(base, RECIPE) if base and Path(base).name == base else None
    if found is None:
        raise RecipeInvalid(
            f"there is no recipe {base!r}",
            place=f"folder {folder}" if folder else None,
            hint=f"Recipes: {', '.join(usable(shelf))}; or give the path of a .recipe file.",
        )
    return Named(found, shelf, tuple(variants))


def find_by_name(name: str, folder: Path | None = None) -> Recipe:
    """Return a recipe by its name alone: for names that came over the network, where nothing may open a file by path.

    Raises as `find_recipe`.
    """
    if RECIPE in name or STYLE in name or Path(name).name != name:
        raise RecipeInvalid(
            f"there is no recipe {name[:80]!r}", hint=f"Recipes: {', '.join(usable(shelf_of(folder)))}."
        )
    return find_recipe(name, folder)


def find_recipe(name: str, folder: Path | None = None) -> Recipe:
    """Return a recipe by its name, from `folder` first and then from those that are shipped, or by a file's path.

    Variants stand behind a plus. Raises RecipeInvalid when there is none, or one is not whole or breaks a rule.
    """
    named = look_up(name, folder)
    recipe = parse_recipe(named.found.content, named.found.file, named.shelf, named.variants)
    if recipe.front.abstract:
        raise RecipeInvalid(
            f"the recipe {recipe.front.id!r} is there to be extended, not to be written from",
            place=f"file {named.found.file}",
            hint=f"Recipes: {', '.join(usable(named.shelf))}.",
        )
    return recipe


def read_recipe(path: Path, variants: Sequence[str] = ()) -> Recipe:
    """Return the recipe in a file; raises RecipeInvalid with file and line."""
    return parse_recipe(_read(path).content, str(path), shelf_of(path.parent), variants)


def parse_recipe(content: bytes, file: str, shelf: Shelf | None = None, variants: Sequence[str] = ()) -> Recipe:
    """Return the recipe with these bytes; `file` names it in errors, `shelf` has what it may extend.

    Raises RecipeInvalid with the first problem.
    """
    recipe, _, problems = build(content, file, shelf or Shelf(), variants)
    if recipe is None or problems:
        raise refusal(problems)
    return recipe


def _variants(rest: str) -> tuple[str, ...]:
    return tuple(part for part in rest.split("+") if part)


def _read(path: Path) -> Found:
    return read_file(path, str(path))
