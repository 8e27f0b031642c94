"""A recipe: which questions are asked, and how their answers become a prompt; one file, YAML above a template."""

from generator.recipe.find import find_by_name, find_recipe, parse_recipe, read_recipe, shipped_recipes
from generator.recipe.front import Options
from generator.recipe.recipe import Recipe
from generator.recipe.shelf import SHIPPED

__all__ = [
    "SHIPPED",
    "Options",
    "Recipe",
    "find_by_name",
    "find_recipe",
    "parse_recipe",
    "read_recipe",
    "shipped_recipes",
]
