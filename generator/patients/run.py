"""A run: exactly as many different patients as were asked for, in a file that survives any kill, or a loud error."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from generator.errors import OutputRefused, TooFewPatients
from generator.jsonl import Row, RowFile
from generator.patients.alike import content_of
from generator.patients.chance import Chance
from generator.patients.demography import Demography
from generator.patients.draw import draw
from generator.patients.flat import write_flat
from generator.patients.group import Group
from generator.patients.limits import TABLES
from generator.patients.order import Order, Part, Prepared, prepare
from generator.patients.pool import Pool
from generator.patients.population import DATA
from generator.patients.rows import RowWriter
from generator.seeds import derive
from generator.source import Asks

TRIES: Final = 1000
"""How often one row is drawn anew before the run gives up: each time it repeated a patient or had no symptom."""

BATCH: Final = 500  # rows that go to the disk together

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PatientSummary:
    """What a run came to. `rows` is the JSONL file, `table` the CSV; `redrawn` counts draws that were thrown away.

    `reused` says that the file was there already, `resumed` how many of its rows were.
    """

    rows: Path
    table: Path | None
    patients: int
    diseases: int
    redrawn: int
    questions: int
    release: str
    resumed: int
    reused: bool


async def generate_patients(
    graph: Asks,
    demography: Demography,
    order: Order,
    out: Path,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
    batch: int = BATCH,
) -> PatientSummary:
    """Write exactly the patients of an order to a file, no two of them alike (`alike.content_of`).

    The same graph, tables, order and seed give the same bytes, whatever the batch, in one go or resumed. `progress` is
    called after each batch with the patients done and in all. Raises what `prepare` and `write_patients` raise.
    """
    ready = await prepare(graph, demography, order)
    return write_patients(ready, demography, order, out, progress, overwrite=overwrite, batch=batch)


def write_patients(
    ready: Prepared,
    demography: Demography,
    order: Order,
    out: Path,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
    batch: int = BATCH,
) -> PatientSummary:
    """Draw and write the patients of an order; asks the graph nothing more.

    Raises TooFewPatients with how many there were, OutputRefused.
    """
    rows = out.with_name(f"{out.name}.jsonl") if order.table else out
    if order.table and out.exists() and not rows.exists() and not overwrite:
        raise OutputRefused(
            "the table is there without its rows",
            place=f"file {out}",
            hint="Take another name with --out, or --overwrite to replace it.",
        )
    run = _identity(ready.pool, demography, order)
    with RowFile(rows, run, order.count, overwrite=overwrite, keep=_kept) as file:
        resumed, reused = len(file.rows), file.finished
        redrawn = 0 if reused else _fill(file, ready, demography, order, batch, progress)
        diseases = len({row["disease"] for row in file.rows})
    if order.table and not (reused and out.exists()):
        write_flat(rows, out, list(order.languages), subcodes=order.options.subcodes)
    return PatientSummary(
        rows=rows,
        table=out if order.table else None,
        patients=order.count,
        diseases=diseases,
        redrawn=redrawn,
        questions=ready.pool.questions,
        release=ready.pool.release,
        resumed=resumed,
        reused=reused,
    )


def _fill(
    file: RowFile, ready: Prepared, demography: Demography, order: Order, batch: int, progress: Progress | None
) -> int:
    """Write the rows that are missing, and return how many draws were thrown away."""
    writer = RowWriter(order.languages, demography.population.name, order.options, ready.pool.release)
    seen = {row["content"] for row in file.rows}
    resumed = len(file.rows)
    redrawn = 0
    waiting: list[Row] = []
    for index, (part, group) in enumerate(_places(order, ready.groups)):
        if index < resumed:
            continue
        row = _new_patient(ready.pool, group, demography, order, part, index, writer, seen)
        redrawn += row["attempt"]
        waiting.append(row)
        if len(waiting) >= batch or index + 1 == order.count:
            file.extend(waiting)
            waiting.clear()
            if progress is not None:
                progress(index + 1, order.count)
    file.finish()
    return redrawn


def _kept(row: Row) -> Row:
    """What stays in memory of a row: enough to know it again."""
    return {"content": content_of(row), "disease": row["disease_id"]}


def _places(order: Order, groups: Sequence[Group]) -> Iterator[tuple[Part, Group]]:
    for part, group in zip(order.parts, groups, strict=True):
        for _ in range(part.count):
            yield part, group


def _new_patient(
    pool: Pool,
    group: Group,
    demography: Demography,
    order: Order,
    part: Part,
    index: int,
    writer: RowWriter,
    seen: set[str],
) -> Row:
    impossible = 0
    for attempt in range(TRIES):
        seed = derive(order.seed, "patient", index, attempt)
        drawn = draw(pool, group, demography, order.options, Chance(seed), seed)
        if drawn is None:
            impossible += 1
            continue
        row = writer.row(drawn, index, attempt)
        content = content_of(row)
        if content not in seen:
            seen.add(content)
            return row
    raise _too_few(group, part, order, index, impossible)


def _too_few(group: Group, part: Part, order: Order, index: int, impossible: int) -> TooFewPatients:
    begun = sum(earlier.count for earlier in order.parts[: order.parts.index(part)])
    named = f" with {', '.join(part.codes)}" if part.codes else ""
    limits = [illness.limit for illness in group.illnesses]
    low, high = min(limit.low for limit in limits), max(limit.high for limit in limits)
    sexes = " and ".join(sorted({sex for limit in limits for sex in limit.sexes}))
    symptoms = len({link.node.id for illness in group.illnesses for link in illness.symptoms})
    return TooFewPatients(
        f"{index - begun:,} different patients{named} could be drawn and {part.count:,} were asked for: "
        f"of {TRIES:,} more draws {TRIES - impossible:,} repeated one that was there "
        f"and {impossible:,} had no symptom that fits sex and age",
        place=f"diseases: {len(group.illnesses)}; {sexes}; {low} to {high} years; {symptoms} symptoms",
        hint="Ask for fewer, allow more with --max-symptoms or --temperature, or name more codes; "
        "--overwrite takes the place of what was written.",
    )


def _identity(pool: Pool, demography: Demography, order: Order) -> Row:
    return {
        "of": "patients",
        "parts": [[list(part.codes) if part.codes is not None else None, part.count] for part in order.parts],
        "seed": order.seed,
        "languages": list(order.languages),
        "options": asdict(order.options),
        "ages": [demography.youngest, demography.oldest],
        "population": demography.population.name,
        "population_hash": demography.population.hash,
        "limits_hash": hashlib.sha256(b"\x00".join((DATA / name).read_bytes() for name in TABLES)).hexdigest(),
        "graph_release": pool.release,
    }
