"""Rows on disk as they come: a run that was cut off goes on where it stopped and ends in the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import orjson

from generator.runs.disk import as_refusal, digest_of, sync_folder
from generator.runs.manifest import another_run, changed_since, note, read_noted, seconds_so_far
from generator.runs.part import PartFile, Row

__all__ = ["FORMAT", "Row", "RowFile"]

FORMAT: Final = 1


def _whole_row(row: Row) -> Row:
    return row


class RowFile:
    """The file of one run: `<out>.part` while it grows, `<out>` when it is whole, `<out>.manifest.json` beside it.

    The manifest's `run` says which run it is; two runs with the same `run` write the same bytes. Use it as a context;
    `rows` are those already there. A row counts from the moment its line is on the disk.
    """

    def __init__(
        self,
        out: Path,
        run: Mapping[str, Any],
        count: int,
        *,
        overwrite: bool = False,
        keep: Callable[[Row], Row] = _whole_row,
        group: int = 1,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        """`count` is the number of rows of the whole run; `keep` says what of a row stays in memory as `rows`.

        `group` rows are written together and taken up together; `about` is noted beside `run` and may differ from
        session to session. Raises OutputRefused when the file belongs to another run.
        """
        self.out = out
        self._keep = keep
        self.rows: list[Row] = []
        self.finished = False
        self.seconds_before = 0.0
        """For how many seconds earlier sessions wrote."""
        self.run: dict[str, Any] = {"format": FORMAT, **run, "rows": count}
        self._count = count
        self._group = group
        self._about = dict(about or {})
        self._part = PartFile(out)
        self.manifest = out.with_name(out.name + ".manifest.json")
        self._overwrite = overwrite

    def __enter__(self) -> Self:
        self._part.open()
        try:
            with as_refusal(self.out):
                self._take_up()
        except BaseException:
            self._part.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._part.close()

    def append(self, row: Row) -> None:
        """Write one row; when this returns it survives a power cut."""
        self.extend([row])

    def extend(self, rows: Iterable[Row]) -> None:
        """Write rows that came quickly at once; when this returns they survive a power cut."""
        written = list(rows)
        self._part.extend(written)
        self.rows += map(self._keep, written)

    def finish(self, found: Mapping[str, Any] | None = None) -> None:
        """Give the file its name, and note its SHA-256 in the manifest, with what else was `found`."""
        with as_refusal(self.out):
            digest = digest_of(self._part.path)
            self._part.path.replace(self.out)
            sync_folder(self.out.parent)
            self._note({**(found or {}), "sha256": digest})
        self.finished = True

    def _take_up(self) -> None:
        """Find out where an earlier run stopped."""
        known = read_noted(self.manifest)
        same = known is not None and known.get("run") == self.run
        if self.out.exists() and not self._overwrite:
            self._take_up_whole(known if same else None)
        elif self._begun() and not self._overwrite:
            if not same:
                raise another_run(self._part.path, known, self.run)
            self.seconds_before = seconds_so_far(known, self.manifest, self._part.path)
            self.rows = self._part.take_up(self._count, self._group, self._keep)
            if self._about:
                self._note({"seconds": round(self.seconds_before, 3)})
        else:
            # The old manifest goes first: without one no rows can be taken for those of this run.
            self.manifest.unlink(missing_ok=True)
            self._part.truncate(0)
            self.out.unlink(missing_ok=True)
            self._note({})

    def _take_up_whole(self, known: Mapping[str, Any] | None) -> None:
        if known is None:
            raise another_run(self.out, read_noted(self.manifest), self.run)
        digest, noted = digest_of(self.out), known.get("sha256")
        with self.out.open("rb") as file:
            rows = [self._keep(orjson.loads(line)) for line in file]
        # Without a digest the run was cut off between naming the file and noting it.
        if (noted is not None and noted != digest) or len(rows) != self._count:
            raise changed_since(self.out)
        if noted is None:
            self._note({**{name: value for name, value in known.items() if name != "run"}, "sha256": digest})
        self.rows, self.finished = rows, True

    @property
    def is_taken(self) -> bool:
        """Whether there is something at the path, or a part of it."""
        part = self._part.path
        return self.out.exists() or (part.is_file() and part.stat().st_size > 0)

    def _begun(self) -> bool:
        return self._part.path.stat().st_size > 0

    def _note(self, found: Mapping[str, Any]) -> None:
        note(self.manifest, self.run, {**self._about, **found})
