"""Names and blocks of a template that nothing fills, found by reading it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from jinja2 import TemplateError, meta, nodes

from generator.recipe.layer import Layer
from generator.recipe.problems import Problem
from generator.recipe.template import BLOCKS, ENVIRONMENT

ALWAYS: Final = ("kind", "length", "hidden", "style", "words")
OF_SYSTEM: Final = ("examples",)
OF_USER: Final = ("patient", "age", "by_sex", "life", "facts", "names", "details")
_KNOWN: Final = {*ALWAYS, *OF_SYSTEM, *OF_USER}


def unknown_names(layer: Layer, layers: Sequence[Layer]) -> Iterator[Problem]:
    """Yield each name in the layer's template that has no value, and each block that no block calls for."""
    tree = _parsed(layer)
    if tree is None:
        return
    unknown = meta.find_undeclared_variables(tree) - _KNOWN - set(ENVIRONMENT.globals)
    seen: set[str] = set()
    for node in tree.find_all(nodes.Name):
        if node.name in unknown and node.name not in seen:
            seen.add(node.name)
            told = f"the template's {node.name!r} has no value"
            yield Problem(layer.file, layer.above + node.lineno, told, f"Names: {', '.join(sorted(_KNOWN))}.")
    called = {*BLOCKS, *_blocks(layer, inner=True)}
    for other in layers:
        if other is not layer:
            called |= _blocks(other, inner=False)
    for block in tree.find_all(nodes.Block):
        if block.name not in called:
            told = f"the block {block.name!r} stands in no other block and in nothing that is extended"
            yield Problem(layer.file, layer.above + block.lineno, told, f"Blocks: {', '.join(sorted(called))}.")


def _blocks(layer: Layer, *, inner: bool) -> set[str]:
    """Return the blocks of a layer; `inner` are those within another."""
    tree = _parsed(layer)
    if tree is None:
        return set()
    outer = tree.find_all(nodes.Block)
    if not inner:
        return {block.name for block in outer}
    return {within.name for block in outer for part in block.body for within in _found(part)}


def _found(part: nodes.Node) -> Iterator[nodes.Block]:
    if isinstance(part, nodes.Block):
        yield part
    yield from part.find_all(nodes.Block)


def _parsed(layer: Layer) -> nodes.Template | None:
    try:
        return ENVIRONMENT.parse(layer.template)
    except TemplateError:
        return None
