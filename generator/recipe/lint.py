"""All that is wrong with a recipe, found without a graph and without a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from generator.facts import DIAGNOSIS
from generator.patient import Patient
from generator.phrases import FACT_KINDS
from generator.recipe.build import build, place_of
from generator.recipe.layer import Layer
from generator.recipe.names import unknown_names
from generator.recipe.problems import Problem
from generator.recipe.questions import kinds_of_facts, planned
from generator.recipe.recipe import Recipe
from generator.recipe.samples import BOY, MAN, SAMPLE_DETAILS, WOMAN, sample_facts, sample_name
from generator.recipe.shelf import RECIPE, STYLE, Found, Shelf
from generator.recipe.style import read_style
from generator.recipe.template import fill
from kg.errors import QueryError
from kg.query.bind import slots
from kg.schema import LANGUAGES


def lint(found: Found, shelf: Shelf, variants: Sequence[str] = ()) -> list[Problem]:
    """Return what is wrong with a recipe or a style, by file and line; nothing when all is well.

    A recipe is tried out as it is and with each of its variants alone, or with those that are named.
    """
    if found.file.endswith(STYLE):
        return _of_style(found, shelf)
    problems = list(_of_recipe(found, shelf, tuple(variants)))
    # What is wrong with the recipe itself would be found again with each variant.
    if not variants and not problems:
        recipe, _, _ = build(found.content, found.file, shelf)
        for name in recipe.front.variants if recipe else ():
            problems += _of_recipe(found, shelf, (name,))
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line, problem.message))


def _of_recipe(found: Found, shelf: Shelf, variants: tuple[str, ...]) -> Iterator[Problem]:
    recipe, layers, problems = build(found.content, found.file, shelf, variants)
    yield from problems
    unknown = [problem for layer in layers for problem in unknown_names(layer, layers)]
    yield from unknown
    if recipe is None:
        return
    yield from _of_questions(recipe, layers)
    if not problems:
        # What was found by reading the template is not told again by filling it.
        places = {(problem.file, problem.line) for problem in unknown}
        yield from (problem for problem in _of_prompt(recipe) if (problem.file, problem.line) not in places)
        yield from _of_facts(recipe, layers)
        yield from _of_details(recipe, layers)
    if not variants and not found.file.endswith(f"{recipe.id}{RECIPE}"):
        file, line = place_of(("id",), layers)
        told = f"the id is {recipe.id!r}, but the file is {PurePath(found.file).name}"
        yield Problem(file, line, told, "Give both the same name: a recipe is found by its file.")


def _of_questions(recipe: Recipe, layers: Sequence[Layer]) -> Iterator[Problem]:
    used: set[str] = set()
    for name, question in recipe.questions.items():
        used.update(slots(question))
        try:
            planned(question, recipe.front.draw)
        except QueryError as error:
            file, line = place_of(("questions", name), layers, recipe.variants)
            hint = error.hint or "docs/query-language.md has the language."
            yield Problem(file, line, f"question {name!r}: {error.message}", hint)
    if not recipe.variants and recipe.questions.keys() == recipe.front.questions.keys():
        for name in recipe.front.draw.keys() - used:
            file, line = place_of(("draw", name), layers)
            yield Problem(file, line, f"no question has the slot ${name}", "Use it, or take it out of draw.")


def _of_facts(recipe: Recipe, layers: Sequence[Layer]) -> Iterator[Problem]:
    """Yield the kinds of facts that a note must tell though its prompt does not."""
    try:
        plans = [planned(question, recipe.front.draw) for question in recipe.questions.values()]
    except QueryError:
        return
    asked = {DIAGNOSIS, *(kind for plan in plans for kind in kinds_of_facts(plan))} & set(recipe.options.required)
    shown = [kind for kind in FACT_KINDS if kind in asked and not (recipe.hidden and kind == DIAGNOSIS)]
    text = fill(recipe.pages, "user", recipe.user_data(WOMAN, sample_facts(shown)))
    if isinstance(text, Problem):
        return
    for kind in shown:
        if sample_name(kind) not in text:
            file, line = place_of(("options", "required"), layers, recipe.variants)
            told = f"a note must tell facts of kind {kind!r}, but the block 'user' does not show them"
            yield Problem(file, line, told, f'Write {{{{ names.{kind} | join(", ") }}}}, or take it out of required.')


def _of_details(recipe: Recipe, layers: Sequence[Layer]) -> Iterator[Problem]:
    """Yield that circumstances are drawn which no prompt shows."""
    if not recipe.options.details[1]:
        return
    text = fill(recipe.pages, "user", recipe.user_data(WOMAN, sample_facts(), SAMPLE_DETAILS))
    if not isinstance(text, Problem) and any(detail.text not in text for detail in SAMPLE_DETAILS):
        file, line = place_of(("options", "details"), layers, recipe.variants)
        told = "circumstances are drawn for a note, but the block 'user' does not show them"
        yield Problem(file, line, told, 'Write {{ details | join("; ") }}, or set details to [0, 0].')


def _of_prompt(recipe: Recipe) -> Iterator[Problem]:
    for examples in (True, False):
        system = fill(recipe.pages, "system", recipe.system_data(examples=examples))
        if isinstance(system, Problem):
            yield system
    tried: dict[Patient, str] = {}
    every = sample_facts()
    for patient in (WOMAN, MAN, BOY):
        for facts in (every, every[:1], (), *((fact,) for fact in every)):
            user = fill(recipe.pages, "user", recipe.user_data(patient, facts, SAMPLE_DETAILS))
            if isinstance(user, Problem):
                yield user
            else:
                tried[patient] = user
    if len(tried) == 3:
        page = recipe.pages[0]
        for what, one, other in (("sex", WOMAN, MAN), ("age", MAN, BOY)):
            if tried[one] == tried[other]:
                told = f"the block 'user' is the same whatever the patient's {what}"
                yield Problem(page.file, page.above + 1, told, "A note has to agree with it: use age and by_sex.")


def _of_style(found: Found, shelf: Shelf) -> list[Problem]:
    name = PurePath(found.file).name.removesuffix(STYLE)
    read = (read_style(name, language, length, shelf) for language in LANGUAGES for length in ("short", "long"))
    problems = [style for style in read if isinstance(style, Problem)]
    # A style of one language is whole.
    missing = [problem for problem in problems if "has nothing for" in problem.message]
    return list(dict.fromkeys(problems if len(missing) > len(LANGUAGES) else [p for p in problems if p not in missing]))
