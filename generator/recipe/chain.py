"""A file and those that it extends, one behind another."""

from __future__ import annotations

from generator.recipe.layer import Layer, read_layer
from generator.recipe.problems import Problem
from generator.recipe.shelf import RECIPE, Shelf


def chain_of(content: bytes, file: str, shelf: Shelf) -> tuple[tuple[Layer, ...], list[Problem]]:
    """Return the file and those it extends, nearest first, and what is wrong with them."""
    layer, faults = read_layer(content, file)
    problems = list(faults)
    if layer is None:
        return (), problems
    layers = [layer]
    while isinstance(name := layer.values.get("extends"), str):
        _, line = layer.line_of(("extends",))
        used = {one.content for one in layers}
        found = shelf.find(name, RECIPE, used)
        if found is None:
            known = ", ".join(shelf.names(RECIPE))
            why = (
                f"{name!r} extends itself in the end"
                if shelf.find(name, RECIPE)
                else f"there is no recipe {name!r} to extend"
            )
            return tuple(layers), [*problems, Problem(layer.file, line, why, f"Recipes: {known}.")]
        above, faults = read_layer(found.content, found.file)
        problems += faults
        if above is None:
            return tuple(layers), problems
        language = layer.values.get("language", above.values.get("language"))
        if language != above.values.get("language", language):
            _, line = layer.line_of(("language",))
            told = f"the language is {language!r}, but that of {name} is {above.values['language']!r}"
            problems.append(Problem(layer.file, line, told, "Extend a recipe of the same language."))
        layers.append(above)
        layer = above
    return tuple(layers), problems
