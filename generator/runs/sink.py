"""Where the rows of a run go: one file, or a folder of shards."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from generator.jsonl import RowFile
from generator.runs.part import Row

# What a row adds to the figures of a run, by name.
Count = Callable[[Row], Mapping[str, int]]


@dataclass(slots=True)
class Session:
    """One sitting of a run: what is noted beside it, when it began, and how long earlier sittings took in seconds."""

    about: Mapping[str, Any]
    before: float = 0.0
    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """For how many seconds the run has been writing in all."""
        return round(self.before + time.monotonic() - self.begun, 3)


class Sink(Protocol):
    """Rows of one run on the disk. `done` are there; a group is written at once and survives a power cut then."""

    out: Path
    per_file: int
    counts: Counter[str]

    @property
    def run(self) -> Mapping[str, Any]:
        """Which run it is, as the manifest says it."""
        ...

    @property
    def manifest(self) -> Path:
        """Where that stands."""
        ...

    @property
    def is_taken(self) -> bool:
        """Whether rows of some run are there."""
        ...

    @property
    def done(self) -> int: ...

    @property
    def finished(self) -> bool: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def extend(self, rows: Sequence[Row]) -> None: ...

    def finish(self) -> None: ...


class OneFile:
    """All rows in one file, with its manifest beside it; see generator/jsonl.py."""

    def __init__(
        self,
        out: Path,
        run: Mapping[str, Any],
        total: int,
        *,
        group: int,
        count: Count,
        session: Session,
        overwrite: bool = False,
    ) -> None:
        """`count` says what a row adds to the figures. Raises OutputRefused when the file is another run's."""
        self.out = out
        self.per_file = total
        self.counts: Counter[str] = Counter()
        self._count = count
        self._session = session
        self._file = RowFile(out, run, total, overwrite=overwrite, keep=self._counted, group=group, about=session.about)

    @property
    def run(self) -> Mapping[str, Any]:
        """Which run it is, as the manifest says it."""
        return self._file.run

    @property
    def manifest(self) -> Path:
        """Where that stands."""
        return self._file.manifest

    @property
    def is_taken(self) -> bool:
        """Whether there is something at the path, or a part of it."""
        return self._file.is_taken

    @property
    def done(self) -> int:
        """How many rows are on the disk."""
        return len(self._file.rows)

    @property
    def finished(self) -> bool:
        """Whether the file has its name."""
        return self._file.finished

    def __enter__(self) -> Self:
        self._file.__enter__()
        self._session.before = self._file.seconds_before
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.__exit__(kind, error, trace)

    def extend(self, rows: Sequence[Row]) -> None:
        """Write a group of rows."""
        self._file.extend(rows)

    def finish(self) -> None:
        """Give the file its name, and note figures and time."""
        self._file.finish({"seconds": self._session.seconds, "counts": dict(sorted(self.counts.items()))})

    def _counted(self, row: Row) -> Row:
        """Count a row and keep nothing of it: a run may be larger than the memory."""
        self.counts.update(self._count(row))
        return _NOTHING


_NOTHING: Row = {}
