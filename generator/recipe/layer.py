"""One file of a recipe, taken apart: YAML above, a template below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from generator.recipe.problems import Problem

_FRONT = re.compile(r"\A---\r?\n(.*?)^---\r?\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Layer:
    """A file as it was written; `above` is the number of lines before its template."""

    file: str
    content: bytes
    values: dict[str, Any]
    tree: yaml.Node | None
    template: str
    above: int

    def line_of(self, loc: Sequence[int | str]) -> tuple[int, int]:
        """Return how deep `loc` leads in the front matter, and the line of its deepest part that is there."""
        # Line 1 of the file is the first ---, so line n of the front matter is line n + 1 of the file.
        return place_in(self.tree, loc, 2)


def place_in(tree: yaml.Node | None, loc: Sequence[int | str], first: int) -> tuple[int, int]:
    """Return how deep `loc` leads in a tree, and the line of its deepest part that is there; the tree's is `first`."""
    line, depth = first, 0
    for part in loc:
        if not isinstance(tree, yaml.MappingNode):
            break
        found = next(((key, value) for key, value in tree.value if key.value == part), None)
        if found is None:
            break
        line, depth, tree = found[0].start_mark.line + first, depth + 1, found[1]
    return depth, line


@lru_cache(maxsize=128)
def read_layer(content: bytes, file: str) -> tuple[Layer | None, tuple[Problem, ...]]:
    """Return a file's parts, None when it has none, and what is wrong with its form."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, (Problem(file, line, "the file is not UTF-8", "Save it as UTF-8."),)
    parts = _FRONT.match(text)
    if parts is None:
        return None, (Problem(file, 1, "the file does not begin with front matter between two lines of ---"),)
    values, tree, problems = read_yaml(parts.group(1), file, 2)
    if values is None:
        return None, problems
    return Layer(file, content, values, tree, text[parts.end() :], text[: parts.end()].count("\n")), problems


def read_yaml(text: str, file: str, first: int) -> tuple[dict[str, Any] | None, yaml.Node | None, tuple[Problem, ...]]:
    """Return a mapping and its tree, and what is wrong with them; `first` is the line where the text begins."""
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        values = SafeConstructor().construct_document(tree) if tree is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first if error.problem_mark else 1
        return None, None, (Problem(file, line, f"the front matter is not YAML: {error.problem}"),)
    except (yaml.YAMLError, ValueError) as error:
        return None, None, (Problem(file, first, f"the front matter is not YAML: {error}"),)
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        return None, None, (Problem(file, first, "the front matter is not a list of names with values"),)
    twice = tuple(
        Problem(file, line + first, f"{name} stands twice", "Keep one of the two.") for name, line in _repeated(tree)
    )
    return values, tree, twice


def _repeated(tree: yaml.Node | None) -> Iterator[tuple[str, int]]:
    if isinstance(tree, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in tree.value:
            if key.value in seen:
                yield str(key.value), key.start_mark.line
            if isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
            yield from _repeated(value)
