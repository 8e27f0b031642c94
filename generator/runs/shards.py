"""A run in a folder: shard after shard, each whole with its Parquet twin or not there, and a manifest of all."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from generator.errors import OutputRefused
from generator.runs.disk import as_refusal, lock, sync_folder
from generator.runs.layout import LOCK, MANIFEST, files_of_run, rows_in, shard_name, shards_in, twin_of
from generator.runs.manifest import Noted, another_run, note, read_noted, seconds_so_far
from generator.runs.part import PartFile, Row, part_of
from generator.runs.shard import Shard, Twin, write_twin
from generator.runs.sink import Count, Session


class Shards:
    """The folder of one run; `per_file` rows to a shard, the last one has what is left. Use it as a context.

    A shard bears its name once all its rows and its twin are on the disk. The manifest is written when a run is taken
    up and after each shard; it says which run it is, so that no other one writes into the same folder.
    """

    def __init__(
        self,
        folder: Path,
        run: Noted,
        total: int,
        *,
        per_file: int,
        group: int,
        count: Count,
        twin: Twin,
        session: Session,
        overwrite: bool = False,
    ) -> None:
        """`count` says what a row adds to the figures. Raises OutputRefused when the folder is another run's."""
        self.out = folder
        self.manifest = folder / MANIFEST
        self.per_file = per_file
        self.done = 0
        self.finished = False
        self.counts: Counter[str] = Counter()
        self.run: dict[str, Any] = {**run, "rows": total, "rows_per_shard": per_file}
        self._total = total
        self._group = group
        self._count = count
        self._twin = twin
        self._session = session
        self._overwrite = overwrite
        self._shards: list[Shard] = []
        self._part: PartFile | None = None
        self._of_part: Counter[str] = Counter()
        self._lock: int | None = None

    def __enter__(self) -> Self:
        with as_refusal(self.out):
            self.out.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.out / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                lock(self._lock, self.out)
                self._take_up()
            except BaseException:
                self._close()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    @property
    def is_taken(self) -> bool:
        """Whether rows of some run are there."""
        return any(rows_in(self.out))

    def extend(self, rows: Sequence[Row]) -> None:
        """Write a group of rows; when this returns they survive a power cut. The last of a shard makes it whole."""
        part = self._opened()
        part.extend(rows)
        self._take_in(map(self._count, rows))
        if self.done == self._before(len(self._shards) + 1):
            self._seal(part)

    def finish(self) -> None:
        """Note that all is there."""
        self.finished = True
        with as_refusal(self.out):
            self._note()

    def _take_up(self) -> None:
        """Find out where an earlier run stopped."""
        known = read_noted(self.manifest)
        if self._overwrite or (known or {}).get("run") != self.run:
            if not self._overwrite and self.is_taken:
                raise another_run(self.out, known, self.run)
            # The manifest goes first: without one no rows can be taken for those of this run.
            for path in [self.manifest, *files_of_run(self.out)]:
                path.unlink(missing_ok=True)
            known = None
        noted = [Shard.noted(value) for value in (known or {}).get("shards", ())]
        self._take_up_shards(noted)
        if known is not None and known.get("finished") is True:
            self.finished = True
            return
        self._session.before = seconds_so_far(known, self.manifest, part_of(self._next()))
        if part_of(self._next()).is_file():
            self._take_in(self._opened().take_up(self._rows_of(len(self._shards)), self._group, self._count))
        self._note()
        if self._part is not None and self.done == self._before(len(self._shards) + 1):
            self._seal(self._part)

    def _take_up_shards(self, noted: Sequence[Shard]) -> None:
        """Count the whole shards in, after a look at whether each is still what was noted of it."""
        while (path := self._next()).is_file():
            number = len(self._shards)
            if number < len(noted):
                shard = noted[number]
                if not twin_of(path).is_file():
                    write_twin(path, path, self._twin)
            else:
                # It was cut off between naming the shard and noting it; the twin was there before.
                with path.open("rb") as file:
                    rows: list[Row] = [orjson.loads(line) for line in file]
                counted: Counter[str] = Counter()
                for row in rows:
                    counted.update(self._count(row))
                shard = Shard.of(path, len(rows), counted)
            shard.refuse_changed(self.out, self._rows_of(number))
            self._shards.append(shard)
            self.counts.update(shard.counts)
            self.done += shard.rows
        if len(noted) > len(self._shards) or len(shards_in(self.out)) > len(self._shards):
            raise OutputRefused(
                f"the shard {path.name} is missing, and later ones are there",
                place=f"folder {self.out}",
                hint="Put it back, or --overwrite to write all of them again.",
            )

    def _take_in(self, counted: Iterable[Any]) -> None:
        """Count rows of the shard that grows."""
        for figures in counted:
            self._of_part.update(figures)
            self.counts.update(figures)
            self.done += 1

    def _opened(self) -> PartFile:
        if self._part is None:
            self._part = PartFile(self._next(), alone=False)
            self._part.open()
        return self._part

    def _seal(self, part: PartFile) -> None:
        """Give a shard its name: first the twin, then the rows, then the note of both."""
        with as_refusal(self.out):
            write_twin(part.path, part.out, self._twin)
            part.path.replace(part.out)
            sync_folder(self.out)
            part.close()
            self._shards.append(Shard.of(part.out, self._rows_of(len(self._shards)), self._of_part))
            self._part, self._of_part = None, Counter()
            self._note()

    def _next(self) -> Path:
        """Return the shard behind those that are whole."""
        return self.out / shard_name(len(self._shards))

    def _before(self, number: int) -> int:
        return min(number * self.per_file, self._total)

    def _rows_of(self, number: int) -> int:
        return self._before(number + 1) - self._before(number)

    def _note(self) -> None:
        whole: Counter[str] = Counter()
        for shard in self._shards:
            whole.update(shard.counts)
        found = {
            **self._session.about,
            "finished": self.finished,
            "seconds": self._session.seconds,
            "counts": dict(sorted(whole.items())),
            "shards": [shard.as_noted() for shard in self._shards],
        }
        note(self.manifest, self.run, found)

    def _close(self) -> None:
        if self._part is not None:
            self._part.close()
            self._part = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
