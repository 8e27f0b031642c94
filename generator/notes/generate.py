"""From codes, a plan or patients to a file or a folder of notes that survives any kill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generator.errors import GraphChanged
from generator.linking.vocabulary import Vocabulary
from generator.model import Model
from generator.notes.order import Order, order_of_codes
from generator.notes.row import counts_of
from generator.notes.summary import Summary, summary_of
from generator.notes.write import Asking, Desk, write_group
from generator.recipe import Recipe
from generator.runs.groups import Line, groups, in_order
from generator.runs.part import Row
from generator.runs.shards import Shards
from generator.runs.sink import OneFile, Session, Sink
from generator.runs.versions import versions
from generator.source import Asks

# What a row of notes holds; two runs with other rows are not the same.
ROW_FORMAT: Final = 3

Progress = Callable[[int, int, Row], None]


@dataclass(frozen=True, slots=True)
class Target:
    """Where the notes go: one file, or a folder with `per_shard` rows to a shard."""

    out: Path
    per_shard: int | None = None
    overwrite: bool = False


async def generate_notes(
    graph: Asks,
    model: Model,
    recipe: Recipe | Sequence[Recipe],
    codes: Sequence[str],
    count: int,
    seed: int,
    out: Path,
    vocabulary: Vocabulary | None = None,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
) -> Summary:
    """Write `count` notes for each code to a JSONL file and return what came of it; see `write_notes`.

    A code is what a question may name a disease by: an ICD-10 code, an id or a name.
    """
    order = await order_of_codes(graph, [(code, count) for code in codes])
    target = Target(out, overwrite=overwrite)
    return await write_notes(graph, model, recipe, order, seed, target, vocabulary=vocabulary, progress=progress)


async def write_notes(
    graph: Asks,
    model: Model,
    recipe: Recipe | Sequence[Recipe],
    order: Order,
    seed: int,
    target: Target,
    *,
    vocabulary: Vocabulary | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Summary:
    """Write the notes of an order, by one recipe or by several in turns, and return what came of it.

    The same graph, model, recipe, order and seed give the same bytes, in one go or resumed: rows are written in groups
    of the model's width that follow from their places alone. `progress` is called after each row with the rows done,
    the rows in all, and the row. Once `stop` says so no further group is begun, those that were begun are finished,
    and the summary says that rows are missing. `vocabulary` is read from the graph when it is not given.

    Raises QueryError, NothingToTell, GraphChanged, ModelError, OutputRefused.
    """
    session = Session({"versions": versions(), **order.about})
    total, recipes = order.total, several(recipe)
    with sink_of(model, recipes, order, seed, target, session) as sink:
        resumed, reused = sink.done, sink.finished
        if not reused:
            known = vocabulary or Vocabulary.of(await graph.vocabulary())
            asking = Asking(recipes, seed, known)
            desk = Desk(asking, model, known)

            line = Line()

            async def make(places: range) -> list[Row]:
                ticket = line.join()
                return await write_group(desk, await order.prepared(graph, asking, places), ticket)

            wanted = groups(total, model.width, sink.per_file, sink.done)
            async for rows in in_order(wanted, make, stop):
                _refuse_another_state(rows, order.release, target.out)
                before = sink.done
                sink.extend(rows)
                if progress is not None:
                    for number, row in enumerate(rows, start=before + 1):
                        progress(number, total, row)
            if sink.done == total:
                sink.finish()
        seconds = None if reused else session.seconds
        return summary_of(target.out, sink.done, total, sink.counts, resumed=resumed, reused=reused, seconds=seconds)


def several(recipe: Recipe | Sequence[Recipe]) -> tuple[Recipe, ...]:
    """Return the recipes that take turns; raises ValueError for none."""
    recipes = (recipe,) if isinstance(recipe, Recipe) else tuple(recipe)
    if not recipes:
        raise ValueError("name at least one recipe")
    return recipes


def sink_of(model: Model, recipes: Sequence[Recipe], order: Order, seed: int, target: Target, session: Session) -> Sink:
    """Return where the rows go; opening it refuses what belongs to another run."""
    run = identity(model, recipes, order, seed)
    if target.per_shard is None:
        return OneFile(
            target.out,
            run,
            order.total,
            group=model.width,
            count=counts_of,
            session=session,
            overwrite=target.overwrite,
        )
    return Shards(
        target.out,
        run,
        order.total,
        per_file=target.per_shard,
        group=model.width,
        count=counts_of,
        twin=_parquet,
        session=session,
        overwrite=target.overwrite,
    )


def identity(model: Model, recipes: Sequence[Recipe], order: Order, seed: int) -> dict[str, Any]:
    """Return what has a say in the bytes of a run: two runs with the same of it write the same."""
    return {
        "of": "notes",
        "row_format": ROW_FORMAT,
        **order.identity,
        "seed": seed,
        "recipe": ",".join(recipe.label for recipe in recipes),
        "recipe_hash": ",".join(recipe.hash for recipe in recipes),
        "model": model.name,
        "model_fingerprint": model.fingerprint,
        "width": model.width,
        "graph_release": order.release,
    }


def _parquet(rows: Path, out: Path) -> None:
    # Arrow takes a third of a second to come up, which a run into one file need not wait for.
    from generator.exports.columns import FLAT
    from generator.exports.parquet import write_parquet
    from generator.exports.rows import read_notes

    write_parquet(read_notes(rows), out, FLAT)


def _refuse_another_state(rows: Sequence[Row], release: str, out: Path) -> None:
    for row in rows:
        if row["graph_release"] != release:
            raise GraphChanged(
                f"the graph went from {release} to {row['graph_release']} while notes were being written",
                place=f"{out}",
                hint="Start again with --overwrite: one data set tells of one state of the graph.",
            )
