"""Joins graph, recipe and model: what the command and the service need to have notes written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from generator.linking.vocabulary import Vocabulary
from generator.model import Model
from generator.models.resolve import resolve_model
from generator.models.weights import BUILT_IN
from generator.notes import Hear, subjects_of, write_note
from generator.recipe import Recipe, find_by_name, find_recipe
from generator.settings import GeneratorSettings, load_generator_settings
from kg.graph import Graph
from kg.settings import Settings

DEFAULT_RECIPE = "outpatient-en"


def model_of(settings: Settings, generator: GeneratorSettings, say: Callable[[str], None] = lambda _: None) -> Model:
    """Return the model that the settings mean; raises ModelError with the next step when there is none."""
    key = generator.model_api_key
    return resolve_model(
        generator.model,
        generator.model_url,
        cache_dir=settings.cache_dir,
        api_key=key.get_secret_value() if key else None,
        timeout=generator.model_timeout,
        threads=generator.model_threads,
        width=generator.model_batch,
        engine=generator.model_engine,
        adapter=generator.model_adapter,
        notify=say,
    )


def recipe_of(name: str | None, folder: Path | None) -> Recipe:
    """Return a recipe by name or path; raises RecipeInvalid."""
    return find_recipe(name or DEFAULT_RECIPE, folder)


def recipe_named(name: str | None, folder: Path | None) -> Recipe:
    """Return a recipe by its name, as clients of the service may give it; raises RecipeInvalid."""
    return find_by_name(name or DEFAULT_RECIPE, folder)


def recipes_named(names: str | None, folder: Path | None) -> tuple[Recipe, ...]:
    """Return the recipes that take turns, by their names with commas; raises RecipeInvalid."""
    return tuple(find_by_name(name.strip(), folder) for name in (names or DEFAULT_RECIPE).split(","))


def doubt_of(generator: GeneratorSettings, recipe: Recipe) -> str | None:
    """Return what is to be said when the model hardly knows the language of the recipe, or None."""
    if generator.model_url is not None or generator.model != BUILT_IN or recipe.language == "en":
        return None
    return (
        f"{BUILT_IN} learned English: notes of {recipe.id} will be poor, and many end as sentences of ours. "
        "Name a model that knows the language with --model, or a server with --model-url."
    )


class NoteWriter:
    """Writes one note for the service; the model is brought in by the first note and kept."""

    def __init__(self, graph: Graph, settings: Settings) -> None:
        self._graph = graph
        self._settings = settings
        self._generator = load_generator_settings()
        self._model: Model | None = None
        self._words: tuple[str, Vocabulary] | None = None

    async def __call__(
        self, disease: str, seed: int, recipe: str | None, *, index: int, place: int, share_out: bool, hear: Hear
    ) -> Mapping[str, Any]:
        """Return row `index` of those that `mkg generate notes` writes about the disease, row `place` of the run.

        `recipe` may name several with commas, which take turns, and so do the diseases of a code with `share_out`.
        `hear` is told the row's pieces.
        """
        recipes = recipes_named(recipe, self._generator.recipes)
        subjects = await subjects_of(self._graph, disease, share_out=share_out)
        subject = subjects[index % len(subjects)]
        if self._model is None:
            self._model = await asyncio.to_thread(model_of, self._settings, self._generator)
        # The words are those of one state of the graph; after a change set they are read again.
        if self._words is None or self._words[0] != subject.release:
            self._words = (subject.release, Vocabulary.of(await self._graph.vocabulary()))
        return await write_note(
            self._graph,
            self._model,
            recipes[place % len(recipes)],
            subject,
            index,
            seed,
            self._words[1],
            hear,
            place=place,
        )
