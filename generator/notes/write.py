"""Has the model write: one note that may be listened to, or a group of notes side by side."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from generator.linking.vocabulary import Vocabulary
from generator.model import Model, Tell
from generator.notes.attempts import Asked, Trial
from generator.notes.prepare import Prepared, prepare
from generator.notes.row import Written, row_of
from generator.notes.subject import Subject
from generator.prompt import Prompt, Sampling
from generator.recipe import Recipe
from generator.runs.groups import Ticket
from generator.runs.part import Row
from generator.source import Asks

# Hears each piece of a text while it is written, with the number of the attempt it belongs to. Called in the thread
# that writes, so it must be quick.
Hear = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Asking:
    """What the prompts of a run have in common: recipes take turns, row by row.

    Without a vocabulary no names are kept from the model.
    """

    recipes: tuple[Recipe, ...]
    seed: int
    vocabulary: Vocabulary | None = None

    def recipe(self, place: int) -> Recipe:
        """Return the recipe of the row at this place of the run."""
        return self.recipes[place % len(self.recipes)]


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the notes of one run have in common. `turn` sees to it that the model writes one group at a time."""

    asking: Asking
    model: Model
    vocabulary: Vocabulary
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


async def write_note(
    graph: Asks,
    model: Model,
    recipe: Recipe,
    subject: Subject,
    index: int,
    seed: int,
    vocabulary: Vocabulary,
    hear: Hear | None = None,
    *,
    place: int | None = None,
) -> Row:
    """Return one row: the note, what it was made from, and what the check says of it.

    The row depends on graph, model, recipe, disease, `index` and `seed` alone, and on `place`, its number in the whole
    run (`index` when it is not given): two rows side by side are never shown the same example. A text that does not
    pass is written again with another seed; then the model is told what to mend, if the recipe says so; the best is
    kept. What it leaves out is then said in plain sentences of our own if the recipe says so, and told apart by
    `completed`. A row that does not pass even so has the status `rejected`; `step` says which step the text is from.

    With `hear` the model's pieces are told while it writes, and the row is the same; what `hear` is told of one
    attempt adds up to what the model wrote, before the check. When the task is cancelled, the model stops within a
    token.
    """
    ready = await prepare(graph, recipe, subject, index, seed, vocabulary, place=place)
    trial = Trial(ready, vocabulary)
    while (asked := trial.asks()) is not None:
        tell = None if hear is None else partial(hear, asked.number)
        response = await _response(model, asked.prompt, asked.seed, recipe.options.sampling, tell)
        await asyncio.to_thread(trial.take, asked, response)
    kept = await asyncio.to_thread(trial.kept)
    return row_of(model, Written(index, ready, trial.attempts, kept))


async def write_group(desk: Desk, rows: Sequence[tuple[int, Prepared]], ticket: Ticket) -> list[Row]:
    """Return the rows of notes that the model writes side by side, each given by its index and what it is written from.

    All first attempts are one call of the model, then the next attempts of those which did not pass, and so on; which
    rows are side by side follows from the group alone. `ticket` is the group's place among those at the model: its
    first attempts come after those of the groups before it.
    """
    trials = [Trial(ready, desk.vocabulary) for _, ready in rows]
    while asked := [(trial, step) for trial in trials if (step := trial.asks()) is not None]:
        await ticket.turn()
        async with desk.turn:
            ticket.passed()
            texts = await asyncio.to_thread(_answers, desk.model, asked)
        await asyncio.to_thread(_take, asked, texts)
    return await asyncio.to_thread(_finished, desk, rows, trials)


def _answers(model: Model, asked: Sequence[tuple[Trial, Asked]]) -> list[str]:
    """Return what the model writes; recipes that have words drawn otherwise are calls of their own."""
    texts: dict[int, str] = {}
    for options in dict.fromkeys(trial.sampling for trial, _ in asked):
        places = [at for at, (trial, _) in enumerate(asked) if trial.sampling == options]
        steps = [asked[at][1] for at in places]
        found = model.generate([step.prompt for step in steps], [step.seed for step in steps], options)
        texts.update(zip(places, found, strict=True))
    return [texts[at] for at in range(len(asked))]


def _take(asked: Sequence[tuple[Trial, Asked]], texts: Sequence[str]) -> None:
    for (trial, step), text in zip(asked, texts, strict=True):
        trial.take(step, text)


def _finished(desk: Desk, rows: Sequence[tuple[int, Prepared]], trials: Sequence[Trial]) -> list[Row]:
    return [
        row_of(desk.model, Written(index, ready, trial.attempts, trial.kept()))
        for (index, ready), trial in zip(rows, trials, strict=True)
    ]


async def _response(model: Model, prompt: Prompt, seed: int, sampling: Sampling, tell: Tell | None) -> str:
    if tell is None:
        (response,) = await asyncio.to_thread(model.generate, [prompt], [seed], sampling)
        return response
    stop = threading.Event()
    try:
        return await asyncio.to_thread(model.stream, prompt, seed, sampling, tell, stop.is_set)
    finally:
        # A task that was cancelled leaves its thread behind; this is how the thread learns of it.
        stop.set()
