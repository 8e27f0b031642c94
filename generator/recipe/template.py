"""The templates of a recipe and of those it extends: compiled alone, their blocks laid over one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.recipe.layer import Layer
from generator.recipe.problems import Problem

BLOCKS: Final = ("system", "user")

ENVIRONMENT: Final = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # the prompt is no HTML; graph text was cleaned by `as_data`
)


@dataclass(frozen=True, slots=True)
class Page:
    """The template of one file; `above` is the number of lines before it."""

    file: str
    above: int
    template: Template


def compiled(layer: Layer) -> Page | Problem:
    """Return a file's template, or what is wrong with it."""
    return _compiled(layer.template, layer.file, layer.above)


@lru_cache(maxsize=128)
def _compiled(text: str, file: str, above: int) -> Page | Problem:
    try:
        code = ENVIRONMENT.compile(text, file, file)
    except TemplateSyntaxError as error:
        return Problem(file, above + error.lineno, f"the template: {error.message}")
    return Page(file, above, Template.from_code(ENVIRONMENT, code, ENVIRONMENT.make_globals(None)))


def fill(pages: Sequence[Page], name: str, data: Mapping[str, Any]) -> str | Problem:
    """Return a block filled with data: that of the first page that has it, `super()` being the next page's.

    It is a problem when a name does not exist or the template asks for what it may not.
    """
    context = pages[0].template.new_context(dict(data))
    for page in pages[1:]:
        for block, render in page.template.blocks.items():
            context.blocks.setdefault(block, []).append(render)
    try:
        text = "".join(context.blocks[name][0](context))
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        file, line = _where(pages, error.__traceback__)
        hint = f"docs/recipes.md tells what a template may use in the block {name!r}."
        return Problem(file, line, f"the template's block {name!r} cannot be filled: {error}", hint)
    return text.strip()


def _where(pages: Sequence[Page], trace: TracebackType | None) -> tuple[str, int]:
    """Return the file and the line of the template that the error rose from."""
    by_file = {page.file: page for page in pages}
    found = pages[0].file, pages[0].above + 1
    while trace is not None:
        page = by_file.get(trace.tb_frame.f_code.co_filename)
        if page is not None:
            found = page.file, page.above + page.template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return found
