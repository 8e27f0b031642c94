"""How fast the default model writes on this machine, and how much of what it was given it tells."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import orjson

from bench.engines import NOTES, Asked, compare
from bench.figures import Figure, Section
from generator.linking.vocabulary import Vocabulary
from generator.notes import find_subject, generate_notes, prepare
from generator.settings import load_generator_settings
from kg.graph import Graph
from kg.settings import Settings
from mkg.writing import model_of, recipe_of

CODES: Final = ("J20", "I10", "E11", "N30", "M54", "L20")
COUNT: Final = 2


async def measure(graph: Graph, settings: Settings, folder: Path) -> Section:
    """Write notes for a few codes; loading the weights is timed apart, by a first note."""
    model = model_of(settings, load_generator_settings())
    recipe = recipe_of(None, None)
    begun = time.perf_counter()
    await generate_notes(graph, model, recipe, ["J20"], 1, 1, folder / "first.jsonl")
    first = time.perf_counter() - begun
    begun = time.perf_counter()
    summary = await generate_notes(graph, model, recipe, CODES, COUNT, 7, folder / "notes.jsonl")
    seconds = time.perf_counter() - begun
    rows = [orjson.loads(line) for line in summary.out.read_bytes().splitlines()]
    written = sum(len(_tokens(settings, row["response"])) * row["attempts"] for row in rows)
    return Section(
        "Notes by the default model",
        (
            Figure("first note", first, "s", "imports, weights from the cache, one note"),
            Figure(
                "notes",
                len(rows) / seconds,
                "notes/s",
                f"{len(rows)} notes in {seconds:.0f} s, row by row, checks included",
            ),
            Figure(
                "tokens", written / seconds, "tokens/s", "the kept text times the attempts made, over the same time"
            ),
            Figure(
                "facts told by the model itself",
                summary.told_by_model / summary.facts,
                "share",
                f"{summary.facts} facts",
            ),
            Figure(
                "facts told after completion",
                summary.told / summary.facts,
                "share",
                f"{summary.completed} notes completed",
            ),
            Figure("terms invented", summary.invented, "terms"),
            Figure("notes rejected", summary.rejected, "notes"),
            *compare(await _asked(graph), settings.cache_dir, load_generator_settings().model_threads),
        ),
    )


async def _asked(graph: Graph) -> Asked:
    """Return the prompts of the default recipe over the codes, each with what it blocks."""
    recipe, vocabulary = recipe_of(None, None), Vocabulary.of(await graph.vocabulary())
    subjects = [await find_subject(graph, code) for code in CODES]
    ready = [
        await prepare(graph, recipe, subjects[index % len(subjects)], index, 7, vocabulary, place=index)
        for index in range(NOTES)
    ]
    return Asked([row.prompt for row in ready], [row.seed for row in ready], recipe.options.sampling)


def _tokens(settings: Settings, text: str) -> list[int]:
    from tokenizers import Tokenizer

    (path,) = (settings.cache_dir / "models").glob("*/tokenizer.json")
    return Tokenizer.from_file(str(path)).encode(text, add_special_tokens=False).ids
