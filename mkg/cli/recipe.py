"""`mkg recipe`: which recipes there are, what is wrong with one, what it makes of a code, how two differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from generator.errors import RecipeInvalid
from generator.recipe import Recipe
from generator.recipe.difference import differences, prompt_difference
from generator.recipe.find import look_up, usable
from generator.recipe.lint import lint
from generator.recipe.problems import READ_THE_PAGE, Problem
from generator.recipe.samples import WOMAN, sample_facts
from generator.recipe.shelf import RECIPE, STYLE, shelf_of
from generator.settings import load_generator_settings
from kg.query.spell import to_text
from mkg.cli.console import out, say, show_json
from mkg.cli.prompt_shown import heading, prepared, prepared_json, show_prepared, show_turns
from mkg.cli.session import JsonOption
from mkg.writing import recipe_of

app = typer.Typer(no_args_is_help=True, help="List, check, show and compare recipes.")

NameArgument = Annotated[str, typer.Argument(help="Name or file of a recipe, variants behind a plus.")]


@app.command("list")
def list_recipes(json: JsonOption = False) -> None:
    """List the recipes that notes can be written from, with their variants."""
    folder = load_generator_settings().recipes
    found = [recipe_of(name, folder) for name in usable(shelf_of(folder))]
    if json:
        show_json([_summary(recipe) for recipe in found])
        return
    table = Table(box=None, pad_edge=False)
    for column in ("recipe", "language", "kind", "length", "style", "about"):
        table.add_column(column)
    for one in found:
        row = (one.id, one.language, one.front.kind or "", one.front.length, one.front.style or "", one.about)
        table.add_row(*map(escape, row))
    out.print(table)
    variants: dict[str, str] = {}
    for one in sorted(found, key=lambda recipe: recipe.language):
        for variant, told in one.front.variants.items():
            variants.setdefault(variant, told.about)
    if variants:
        heading("Variants, behind a plus: emergency-en+long+hidden")
        for name, about in variants.items():
            out.print(escape(f"+{name}  {about}"))


@app.command("lint")
def lint_recipes(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Names or files; all there are otherwise.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check recipes and styles without a graph: every problem at once, with file, line and what to do."""
    folder = load_generator_settings().recipes
    shelf = shelf_of(folder)
    every = [*shelf.names(RECIPE), *(f"{name}{STYLE}" for name in shelf.names(STYLE))]
    problems: dict[Problem, None] = {}
    for name in names or every:
        try:
            named = look_up(name, folder)
        except RecipeInvalid as error:
            problems[Problem(name, 1, error.message, error.hint or READ_THE_PAGE)] = None
        else:
            problems.update(dict.fromkeys(lint(named.found, named.shelf, named.variants)))
    if json:
        show_json([{"file": one.file, "line": one.line, "message": one.message, "hint": one.hint} for one in problems])
    else:
        for one in problems:
            out.print(escape(str(one)))
            out.print(f"    {escape(one.hint)}", style="dim")
        say(f"{len(names or every)} checked, {len(problems)} problems")
    if problems:
        raise typer.Exit(1)


@app.command("show")
def show_recipe(
    name: NameArgument,
    icd10: Annotated[str | None, typer.Option(help="Code, id or name of a disease.", show_default=False)] = None,
    seed: Annotated[int, typer.Option(help="That of the run.")] = 7,
    index: Annotated[int, typer.Option(min=0, help="Number of the row in its run.")] = 0,
    json: JsonOption = False,
) -> None:
    """Show a recipe; with a code, the prompt of a row and the part of the graph that feeds it. No model is asked."""
    recipe = recipe_of(name, load_generator_settings().recipes)
    if icd10 is None:
        _show_alone(recipe, json=json)
        return
    ready = prepared(recipe, [(icd10, index, index)], seed)[0]
    if json:
        show_json(prepared_json(ready))
    else:
        show_prepared(ready)


@app.command("diff")
def diff_recipes(left: NameArgument, right: NameArgument, json: JsonOption = False) -> None:
    """Compare two recipes, with all that they inherit: what they set, and the prompts they make."""
    folder: Path | None = load_generator_settings().recipes
    one, other = recipe_of(left, folder), recipe_of(right, folder)
    found, lines = differences(one, other), prompt_difference(one, other)
    if json:
        values = [{"name": each.name, "left": each.left, "right": each.right} for each in found]
        show_json({"left": one.id, "right": other.id, "values": values, "prompt": lines})
        return
    for each in found:
        out.print(escape(f"{each.name}: {_or_nothing(each.left)} → {_or_nothing(each.right)}"))
    for line in lines:
        out.print(escape(line))
    if one.hash == other.hash:
        say("They are the same.")


def _or_nothing(value: str | None) -> str:
    return "nothing" if value is None else value


def _show_alone(recipe: Recipe, *, json: bool) -> None:
    """Show a recipe with made-up facts in its prompt."""
    messages = (
        recipe.system(examples=bool(recipe.options.examples)),
        recipe.user(WOMAN, sample_facts()),
    )
    turns = [{"role": message.role, "content": message.content} for message in messages]
    told = {**_summary(recipe), "prompt": turns}
    if json:
        show_json(told)
        return
    for name, value in told.items():
        if name != "prompt":
            out.print(escape(f"{name}: {_one_line(value)}"))
    show_turns(turns)


def _one_line(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_one_line(part)}" for name, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _summary(recipe: Recipe) -> dict[str, Any]:
    front = recipe.front
    return {
        "recipe": recipe.label,
        "recipe_hash": recipe.hash,
        "files": list(recipe.files),
        "language": recipe.language,
        "kind": front.kind,
        "length": front.length,
        "style": front.style,
        "hidden": front.hidden,
        "about": recipe.about,
        "variants": {name: variant.about for name, variant in front.variants.items()},
        "questions": {name: to_text(question) for name, question in recipe.questions.items()},
        "options": front.options.model_dump(),
    }
