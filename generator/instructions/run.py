"""A run: exactly as many different rows as were asked for, in a file that survives any kill, or a loud error."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Final

from generator.errors import SharesInvalid
from generator.exports.tally import hashes_of
from generator.instructions.builders import BUILDERS, Material
from generator.instructions.net import Net
from generator.instructions.nli import Triple, Triples
from generator.instructions.plan import Plan, Planned, Planner
from generator.instructions.reading import read_net
from generator.instructions.shares import Shares
from generator.instructions.texts import NoteText, note_texts
from generator.instructions.wordings import Wordings, wordings
from generator.jsonl import Row, RowFile
from generator.seeds import derive
from generator.source import Asks

BATCH: Final = 500  # rows that go to the disk together
FILE: Final = "instructions.jsonl"
"""The name of the rows in a folder."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. `notes` is a data set of notes to be used beside the example notes, `named` the `--only`."""

    shares: Shares
    count: int
    seed: int = 7
    notes: Path | None = None
    named: bool = False


@dataclass(frozen=True, slots=True)
class InstructionSummary:
    """What a run came to. `empty` and `short` as in `plan.Plan`; `dropped` counts sentences of notes by rule (NLI)."""

    rows: Path
    count: int
    builders: Mapping[str, int]
    languages: Mapping[str, int]
    hops: Mapping[str, int]
    empty: tuple[str, ...]
    short: Mapping[str, int]
    dropped: Mapping[str, int]
    questions: int
    release: str
    resumed: int
    reused: bool


class Ready:
    """The graph read and the words at hand: what rows are made from, and how each is written."""

    def __init__(self, net: Net, order: Order, texts: Wordings | None = None) -> None:
        self.net = net
        self.order = order
        self.wordings = texts or wordings()
        self.material = Material(net, order.seed, lambda: self.notes, lambda: self.triples)
        self._triples = Triples(net, self.wordings, order.seed)

    @cached_property
    def notes(self) -> Sequence[NoteText]:
        """The notes that rows are made from."""
        return note_texts(self.net, self.order.shares.languages, self.order.notes)

    @cached_property
    def triples(self) -> Sequence[Triple]:
        """The sentences of the notes, each with the three that are told of it."""
        return tuple(self._triples.of(self.notes))

    @property
    def dropped(self) -> Mapping[str, int]:
        """How many sentences of notes made no triple, by rule."""
        return self._triples.dropped

    def sizes(self) -> dict[str, int]:
        """Return how many cases each builder has in this graph; those that were named, or all."""
        names = self.order.shares.builders if self.order.named else BUILDERS
        return {name: sum(1 for _ in self.material.cases(BUILDERS[name])) for name in names}

    def planner(self) -> Planner:
        """Return what takes rows from the builders."""
        order = self.order
        return Planner(self.material, self.wordings, order.shares, order.count, order.seed, order.named)

    def row(self, planner: Planner, planned: Planned, index: int) -> Row:
        """Return one row as it stands in the file."""
        case, seed = planned.case, self.order.seed
        worded = planner.words(planned)
        assert worded is not None  # a case without words is not planned
        asked = f"{worded.instruction}\n\n{worded.input}" if worded.input else worded.instruction
        turns = [("system", worded.role), ("user", asked), ("assistant", worded.output)]
        content: Row = {
            "builder": case.builder,
            "language": planned.language,
            "hops": case.hops,
            "instruction": f"{worded.role} {worded.instruction}".strip(),
            "input": worded.input,
            "output": worded.output,
            "messages": [{"role": role, "content": text} for role, text in turns if text],
            "label": case.label,
            "questions": list(case.questions),
            "answer": list(case.answer),
            "read": case.read,
            "values": list(worded.values),
            "edges": [{"id": key, "evidence_ids": list(self.net.edges[key].evidence_ids)} for key in case.edges],
            "subject": case.subject,
            "source": case.source,
            "graph_release": self.net.release,
            "seed": derive(seed, case.builder, case.key, planned.language, planned.turn),
            "index": index,
        }
        told = "\x1f".join((content["builder"], content["instruction"], worded.input, worded.output, self.net.release))
        return {"id": hashlib.sha256(told.encode()).hexdigest()[:16], **content}


async def prepare(graph: Asks, order: Order) -> Ready:
    """Read the graph. Raises SharesInvalid for a count below 1, NothingToTell, GraphChanged, QueryError, StoreError."""
    if order.count < 1:
        raise SharesInvalid("no row was asked for", place="--count", hint="Give a count of at least 1.")
    return Ready(await read_net(graph), order)


async def generate_instructions(
    graph: Asks, order: Order, out: Path, progress: Progress | None = None, *, overwrite: bool = False
) -> InstructionSummary:
    """Write exactly the rows of an order to a file, or to `instructions.jsonl` in a folder; no two are alike.

    The same graph, order, shares and wordings give the same bytes, in one go or resumed. `progress` is called after
    each batch with the rows done and in all. Raises what `prepare` raises, TooFewRows, RowsInvalid, OutputRefused.
    """
    return write_rows(await prepare(graph, order), file_of(out), progress, overwrite=overwrite)


def write_rows(
    ready: Ready, out: Path, progress: Progress | None = None, *, overwrite: bool = False, batch: int = BATCH
) -> InstructionSummary:
    """Plan and write the rows; asks the graph nothing more."""
    planner = ready.planner()
    order = ready.order
    plan = planner.plan()
    with RowFile(out, _identity(ready), order.count, overwrite=overwrite, keep=_nothing) as file:
        resumed, reused = len(file.rows), file.finished
        for first in range(resumed, order.count, batch):
            planned = plan.rows[first : first + batch]
            file.extend(ready.row(planner, one, index) for index, one in enumerate(planned, start=first))
            if progress is not None:
                progress(first + len(planned), order.count)
        if not reused:
            file.finish()
    return summary_of(ready, plan, out, resumed=resumed, reused=reused)


def summary_of(ready: Ready, plan: Plan, out: Path, *, resumed: int = 0, reused: bool = False) -> InstructionSummary:
    """Return what a plan comes to."""
    return InstructionSummary(
        rows=out,
        count=len(plan.rows),
        builders=dict(sorted(plan.by_builder.items())),
        languages=dict(sorted(Counter(row.language for row in plan.rows).items())),
        hops={str(hops): n for hops, n in sorted(Counter(row.case.hops for row in plan.rows).items())},
        empty=plan.empty,
        short=plan.short,
        dropped=dict(sorted(ready.dropped.items())),
        questions=ready.net.questions,
        release=ready.net.release,
        resumed=resumed,
        reused=reused,
    )


def file_of(out: Path) -> Path:
    """Return the file that is meant by `--out`: itself when it ends with .jsonl, else one in that folder."""
    return out if out.suffix.lower() == ".jsonl" else out / FILE


def _nothing(row: Row) -> Row:
    return {"id": row["id"]}


def _identity(ready: Ready) -> Row:
    order = ready.order
    folder = resources.files("generator") / "instructions" / "wordings"
    words = b"\x00".join((folder / f"{language}.yaml").read_bytes() for language in ready.wordings.languages)
    return {
        "of": "instructions",
        "seed": order.seed,
        "shares": order.shares.model_dump(mode="json"),
        "notes": hashes_of(order.notes) if order.notes else None,
        "wordings_hash": hashlib.sha256(words).hexdigest(),
        "graph_release": ready.net.release,
    }
