"""Example notes that show a model the style: ours, not clinically reviewed."""

from generator.examples.draw import Wish, draw_examples
from generator.examples.library import SIMPLE, SOURCE, Example, example_notes, shipped_examples

__all__ = [
    "SIMPLE",
    "SOURCE",
    "Example",
    "Wish",
    "draw_examples",
    "example_notes",
    "shipped_examples",
]
