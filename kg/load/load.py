"""The load itself: everything is read, checked and compared first, then one change set is written."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from kg.errors import StoreConflict
from kg.ledger import Draft, Ledger
from kg.load.gather import Gathered, gather
from kg.load.identify import identify
from kg.load.inputs import Inputs
from kg.load.reckon import Progress, Reckoned, Reckoning
from kg.load.report import Counts, LoadReport, Problems, RuleBrokenError
from kg.load.write import BATCH, write
from kg.sources.checked import not_held
from kg.sources.records import Place
from kg.spool import Spool, spool
from kg.statements import fixed
from kg.store import Store

# How often the graph may change under a load while it is being reckoned, before the load gives up.
_TRIES: Final = 3


def _silent(step: str, done: int, total: int) -> None:
    """Show nothing."""


async def load(
    ledger: Ledger,
    store: Store,
    inputs: Inputs,
    *,
    by: str,
    dry_run: bool = False,
    strict: tuple[str, ...] = (),
    again: bool = False,
    progress: Progress = _silent,
    batch_size: int = BATCH,
) -> LoadReport:
    """Make the graph tell what the inputs tell, as one change set, and return what that did.

    Rows with a fault are left out and reported; one fault refuses all when it breaks a rule of `strict` (`any` names
    every rule) or when the parts make sense only together. `dry_run` writes nothing and reports what would change.
    Files that were loaded before are known by their hashes and not read again, unless `again` is true or something was
    taken back since. A load that was cut short is finished by running it again. `progress` is told the step, how much
    of it is done and of how much: bytes in `read`, records in `compare`, changes in `write`.
    Raises FileUnreadable, or a StoreError; what was written until then stays and is no harm.
    """
    watch = _Watch()
    before = None if dry_run or again else await _before(store, inputs)
    if before is not None:
        return _known(inputs, before, watch)
    problems = Problems(strict)
    outcome = _Outcome()
    try:
        for left in range(_TRIES - 1, -1, -1):
            with spool() as disk:
                try:
                    await _once(
                        ledger, store, inputs, by, dry_run, problems, progress, batch_size, watch, outcome, disk
                    )
                    break
                except StoreConflict:
                    # Somebody was faster: what they changed has to be compared with as well.
                    if not left:
                        raise
                    problems = Problems(strict)
    except RuleBrokenError:
        outcome.refused = True
    return LoadReport(
        format=inputs.format,
        title=inputs.title,
        dry_run=dry_run,
        refused=outcome.refused,
        nodes=Counts() if outcome.refused else Reckoned.counts(outcome.reckoned.nodes),
        edges=Counts() if outcome.refused else Reckoned.counts(outcome.reckoned.edges),
        rejected=problems.count("error"),
        skipped=problems.count("skipped"),
        by_rule=problems.by_rule(),
        problems=problems.listed(),
        change_set=outcome.change_set,
        seconds=watch.total(),
        steps=watch.steps,
        files=tuple(inputs.about["files"]),
    )


_SEE: Final = "`mkg load auto` says what a file is."


@dataclass(slots=True)
class _Outcome:
    refused: bool = False
    reckoned: Reckoned = field(default_factory=Reckoned)
    change_set: str | None = None


class _Watch:
    """Measures the steps of a load, in seconds of wall time."""

    def __init__(self) -> None:
        self._begin = self._last = time.monotonic()
        self.steps: dict[str, float] = {}

    def step(self, name: str) -> None:
        """Say that this step ends now."""
        now = time.monotonic()
        self.steps[name] = self.steps.get(name, 0.0) + now - self._last
        self._last = now

    def total(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self._begin


async def _once(
    ledger: Ledger,
    store: Store,
    inputs: Inputs,
    by: str,
    dry_run: bool,
    problems: Problems,
    progress: Progress,
    batch_size: int,
    watch: _Watch,
    outcome: _Outcome,
    disk: Spool,
) -> None:
    """Read, compare and write; raise StoreConflict when the graph was changed in between."""
    for name in inputs.unread:
        problems.add(not_held(Place(name, 0), "file-not-read", name, "no slot of this format takes it", _SEE))
    seen = (await ledger.position())["seq"]

    def read(number: int) -> None:
        del number
        progress("read", min(inputs.position, inputs.size), inputs.size)

    gathered: Gathered = gather(inputs.parts, disk, problems, read)
    watch.step("read")
    source = inputs.parts[0].source if inputs.parts else inputs.format
    identities = await identify(store, gathered, problems, source=source)
    watch.step("identify")
    reckoning = Reckoning(store, inputs.parts, disk, gathered, identities, problems, progress)
    outcome.reckoned = await reckoning.run()
    watch.step("compare")
    outcome.refused = inputs.whole and bool(problems.count("error"))
    if outcome.refused or dry_run:
        return
    draft = Draft("import", f"load {inputs.format}: {inputs.title}", by, inputs.key, _about(inputs, outcome.reckoned))
    unfinished = await store.read(fixed("read/open_change_set", key=draft.key))
    if not outcome.reckoned.changes and not unfinished:
        return
    async with ledger.bulk(draft, seen=seen) as bulk:
        outcome.change_set = bulk.change_set
        await write(bulk, disk, batch_size, progress)
    watch.step("write")


def _about(inputs: Inputs, reckoned: Reckoned) -> Mapping[str, Any]:
    told = {"nodes": sum(reckoned.nodes), "edges": sum(reckoned.edges)}
    return {**inputs.about, "told": told}


async def _before(store: Store, inputs: Inputs) -> Mapping[str, Any] | None:
    rows = await store.read(fixed("read/loaded_before", key=inputs.key))
    return rows[0] if rows else None


def _known(inputs: Inputs, before: Mapping[str, Any], watch: _Watch) -> LoadReport:
    """Return the report of a load whose files are in the graph already."""
    told = orjson.loads(before["about"])["told"]
    return LoadReport(
        format=inputs.format,
        title=inputs.title,
        dry_run=False,
        refused=False,
        nodes=Counts(unchanged=told["nodes"]),
        edges=Counts(unchanged=told["edges"]),
        rejected=0,
        skipped=0,
        by_rule={},
        problems=(),
        change_set=None,
        seconds=watch.total(),
        before=before["id"],
        files=tuple(inputs.about["files"]),
    )
