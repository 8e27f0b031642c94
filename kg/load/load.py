"""The load itself: everything is read, checked and compared first, then one change set is written."""

from __future__ import annotations

import gc
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import orjson

from kg.degrees import keep_degrees
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

_SEE: Final = "`mkg load auto` says what a file is."
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
    with collecting_rarely():
        return await _Load(ledger, store, inputs, by, dry_run, strict, progress, batch_size).run(again=again)


@contextmanager
def collecting_rarely() -> Generator[None]:
    """Look for circles of garbage seldom: a load makes millions of values and no circles, and looking costs a fifth."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


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


class _Load:
    """One load under way."""

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        inputs: Inputs,
        by: str,
        dry_run: bool,
        strict: tuple[str, ...],
        progress: Progress,
        batch_size: int,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._inputs = inputs
        self._by = by
        self._dry_run = dry_run
        self._strict = strict
        self._progress = progress
        self._batch_size = batch_size
        self._watch = _Watch()
        self._problems = Problems(strict)
        self._reckoned = Reckoned()
        self._refused = False
        self._change_set: str | None = None

    async def run(self, *, again: bool) -> LoadReport:
        """Read, compare, write, and return what that did."""
        before = None if self._dry_run or again else await _before(self._store, self._inputs)
        if before is not None:
            return _known(self._inputs, before, self._watch)
        try:
            for left in range(_TRIES - 1, -1, -1):
                self._problems = Problems(self._strict)
                with spool() as disk:
                    try:
                        await self._once(disk)
                        break
                    except StoreConflict:
                        # Somebody was faster: what they changed has to be compared with as well.
                        if not left:
                            raise
        except RuleBrokenError:
            self._refused = True
        return LoadReport(
            format=self._inputs.format,
            title=self._inputs.title,
            dry_run=self._dry_run,
            refused=self._refused,
            nodes=Counts() if self._refused else Reckoned.counts(self._reckoned.nodes),
            edges=Counts() if self._refused else Reckoned.counts(self._reckoned.edges),
            rejected=self._problems.count("error"),
            skipped=self._problems.count("skipped"),
            by_rule=self._problems.by_rule(),
            problems=self._problems.listed(),
            change_set=self._change_set,
            seconds=self._watch.total(),
            steps=self._watch.steps,
            files=tuple(self._inputs.about["files"]),
        )

    async def _once(self, disk: Spool) -> None:
        """Read, compare and write; raise StoreConflict when the graph was changed in between."""
        seen = (await self._ledger.quiet())["lock"]
        await self._compare(disk)
        inputs, watch = self._inputs, self._watch
        self._refused = inputs.whole and bool(self._problems.count("error"))
        if self._refused or self._dry_run:
            return
        title = f"load {inputs.format}: {inputs.title}"
        draft = Draft("import", title, self._by, inputs.key, _about(inputs, self._reckoned))
        unfinished = await self._store.read(fixed("read/open_change_set", key=draft.key))
        if not self._reckoned.changes and not unfinished:
            return
        async with self._ledger.bulk(draft, seen=seen) as bulk:
            self._change_set = bulk.change_set
            await write(bulk, disk, self._batch_size, self._progress, watch.step)
        await keep_degrees(self._store)
        watch.step("count")

    async def _compare(self, disk: Spool) -> None:
        """Read and reckon what changes, into the spool; what had to be remembered for it is let go at the end.

        Of a million mappings that is some 400 MB, which the writing would come on top of.
        """
        inputs, problems, watch = self._inputs, self._problems, self._watch
        for name in inputs.unread:
            problems.add(not_held(Place(name, 0), "file-not-read", name, "no slot of this format takes it", _SEE))
        gathered: Gathered = gather(inputs.parts, disk, problems, self._read)
        watch.step("read")
        source = inputs.parts[0].source if inputs.parts else inputs.format
        identities = await identify(self._store, disk, gathered, problems, source=source)
        watch.step("identify")
        reckoning = Reckoning(self._store, inputs.parts, disk, gathered, identities, problems, self._progress)
        self._reckoned = await reckoning.run()
        watch.step("compare")

    def _read(self, number: int) -> None:
        del number
        self._progress("read", min(self._inputs.position, self._inputs.size), self._inputs.size)


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
