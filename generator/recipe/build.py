"""From the bytes of a file to a recipe, or to all that is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from generator.recipe.chain import chain_of
from generator.recipe.front import Front
from generator.recipe.layer import Layer
from generator.recipe.layering import contradiction, inherited, laid_over
from generator.recipe.problems import Problem
from generator.recipe.questions import read_question
from generator.recipe.recipe import Recipe
from generator.recipe.shelf import Shelf
from generator.recipe.style import Style, read_style
from generator.recipe.template import BLOCKS, Page, compiled
from kg.query.tree import Tree

Loc = Sequence[int | str]


def build(
    content: bytes, file: str, shelf: Shelf, variants: Sequence[str] = ()
) -> tuple[Recipe | None, tuple[Layer, ...], list[Problem]]:
    """Return the recipe with these variants, the files that it is made of, and what is wrong with them.

    `shelf` is where what it extends is looked for. A recipe that comes with problems is what could be read of it: good
    for finding more of them, and for nothing else.
    """
    layers, problems = chain_of(content, file, shelf)
    if not layers or problems:
        return None, layers, problems
    chosen = tuple(sorted(set(variants)))
    values = inherited([layer.values for layer in layers])
    said, problems = _varied(values, chosen, file)
    if problems:
        return None, layers, problems
    front, problems = _front(said, layers, chosen)
    pages, of_templates = _pages(layers)
    questions: dict[str, Tree] = {}
    style: Style | None = None
    if front is not None:
        questions, of_questions = _questions(front, layers, chosen)
        problems += of_questions
        if front.style is not None:
            style, of_style = _style(front.style, front, layers, chosen, shelf)
            problems += of_style
    problems += of_templates
    if front is None:
        return None, layers, problems
    recipe = Recipe(
        id="+".join((front.id, *chosen)),
        front=front,
        variants=chosen,
        questions=questions,
        style=style,
        hash=_hash(layers, chosen, style),
        pages=pages,
        files=tuple(layer.file for layer in layers),
    )
    return recipe, layers, problems


def _varied(values: Mapping[str, Any], chosen: Sequence[str], file: str) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values with the variants over them."""
    known: Any = values.get("variants")
    known = known if isinstance(known, dict) else {}
    for name in chosen:
        if not isinstance(known.get(name), dict):
            there = f"Variants: {', '.join(sorted(known))}." if known else "It has none."
            return {}, [Problem(file, 1, f"the recipe has no variant {name!r}", there)]
    changes = {name: {key: value for key, value in known[name].items() if key != "about"} for name in chosen}
    against = contradiction(changes)
    if against:
        one, other, path = against
        told = f"the variants {one!r} and {other!r} contradict each other: both set {path}"
        return {}, [Problem(file, 1, told, "Take one of the two.")]
    said = dict(values)
    for change in changes.values():
        said = laid_over(change, said)
    return said, []


def _front(
    said: Mapping[str, Any], layers: Sequence[Layer], chosen: Sequence[str]
) -> tuple[Front | None, list[Problem]]:
    """Return the front matter, without the values that are wrong if it can do without them, and what is wrong."""
    try:
        return Front.model_validate(said), []
    except ValidationError as error:
        # A misspelt name is told before the name that is missing for it.
        faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    problems = [_fault(fault["loc"], fault["msg"], layers, chosen) for fault in faults]
    rest = said
    for fault in faults:
        rest = _without(rest, fault["loc"])
    try:
        return Front.model_validate(rest), problems
    except ValidationError:
        return None, problems


def _without(values: Mapping[str, Any], loc: Loc) -> dict[str, Any]:
    """Return the values without the deepest part of `loc` that is there."""
    if not loc or loc[0] not in values:
        return dict(values)
    name = str(loc[0])
    inner = values[name]
    if len(loc) > 1 and isinstance(inner, dict) and loc[1] in inner:
        return {**values, name: _without(inner, loc[1:])}
    return {key: value for key, value in values.items() if key != name}


def _fault(loc: Loc, message: str, layers: Sequence[Layer], chosen: Sequence[str]) -> Problem:
    where = ".".join(str(part) for part in loc)
    told = message.removeprefix("Value error, ")
    file, line = place_of(loc, layers, chosen)
    return Problem(file, line, f"{where}: {told}" if where else told)


def place_of(loc: Loc, layers: Sequence[Layer], chosen: Sequence[str] = ()) -> tuple[str, int]:
    """Return the file and line that set a value: of a variant before the rest, of the nearest file first."""
    best: tuple[int, int] = (-1, 1)
    file = layers[0].file
    for above in (*(("variants", name) for name in chosen), ()):
        for layer in layers:
            depth, line = layer.line_of((*above, *loc))
            if depth - len(above) > best[0]:
                best, file = (depth - len(above), line), layer.file
    return file, best[1]


def _questions(front: Front, layers: Sequence[Layer], chosen: Sequence[str]) -> tuple[dict[str, Tree], list[Problem]]:
    questions: dict[str, Tree] = {}
    problems: list[Problem] = []
    for name, text in front.questions.items():
        read = read_question(text, front.draw)
        if isinstance(read, str):
            file, line = place_of(("questions", name), layers, chosen)
            problems.append(Problem(file, line, f"question {name!r}{read}", "docs/query-language.md has the language."))
        else:
            questions[name] = read
    return questions, problems


def _style(
    name: str, front: Front, layers: Sequence[Layer], chosen: Sequence[str], shelf: Shelf
) -> tuple[Style | None, list[Problem]]:
    read = read_style(name, front.language, front.length, shelf)
    if isinstance(read, Style):
        return read, []
    if read.file:
        return None, [read]
    file, line = place_of(("style",), layers, chosen)
    return None, [Problem(file, line, read.message, read.hint)]


def _pages(layers: Sequence[Layer]) -> tuple[tuple[Page, ...], list[Problem]]:
    pages: list[Page] = []
    problems: list[Problem] = []
    for layer in layers:
        page = compiled(layer)
        if isinstance(page, Problem):
            problems.append(page)
        else:
            pages.append(page)
    if not problems:
        there = {block for page in pages for block in page.template.blocks}
        own = layers[0]
        problems = [
            Problem(own.file, own.above + 1, f"the template has no block {block!r}")
            for block in BLOCKS
            if block not in there
        ]
    return tuple(pages), problems


def _hash(layers: Sequence[Layer], chosen: Sequence[str], style: Style | None) -> str:
    digests = [hashlib.sha256(layer.content).hexdigest() for layer in layers]
    if len(digests) == 1 and not chosen and style is None:
        return digests[0]
    parts = [*digests, *(f"+{name}" for name in chosen), f"style {style.hash}" if style else "no style"]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
