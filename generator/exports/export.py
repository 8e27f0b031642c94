"""From rows to a data set in another format: checked on the way, whole or not there at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from generator.errors import OutputRefused
from generator.exports.chat import write_alpaca, write_chat
from generator.exports.columns import FLAT, MEDSYN, Column
from generator.exports.fhir import write_fhir
from generator.exports.rows import read_notes, row_files
from generator.exports.tables import write_csv, write_lines
from generator.exports.tally import Tally, hashes_of
from generator.exports.target import refuse_existing, refuse_source, whole_files, whole_folder
from generator.exports.tasks import TASK, TaskTally, holds_tasks, read_tasks, write_task_alpaca, write_task_chat

UNKNOWN_LICENCE: Final = "unknown"
_LICENCE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}")

Write = Callable[[Iterable[Any], Path], object]
Progress = Callable[[int], None]


def _parquet(columns: tuple[Column, ...]) -> Write:
    def write(notes: Iterable[Any], out: Path) -> None:
        # Arrow takes a third of a second to come up, which the other formats need not wait for.
        from generator.exports.parquet import write_parquet

        write_parquet(notes, out, columns)

    return write


def _csv(columns: tuple[Column, ...]) -> Write:
    return lambda notes, out: write_csv(notes, out, columns)


class Format(StrEnum):
    """What rows may be written as."""

    MEDSYN = "medsyn"
    HF = "hf"
    ALPACA = "alpaca"
    CHATML = "chatml"
    FHIR = "fhir"
    CSV = "csv"
    PARQUET = "parquet"


# For each format the endings of a file, and how it is written; an ending that is not listed is refused.
_FILES: Final[dict[Format, dict[str, Write]]] = {
    Format.MEDSYN: {
        ".csv": _csv(MEDSYN),
        ".jsonl": lambda notes, out: write_lines(notes, out, MEDSYN),
        ".parquet": _parquet(MEDSYN),
    },
    Format.ALPACA: {".json": write_alpaca},
    Format.CHATML: {".jsonl": write_chat},
    Format.FHIR: {".json": write_fhir},
    Format.CSV: {".csv": _csv(FLAT)},
    Format.PARQUET: {".parquet": _parquet(FLAT)},
}

# The same of instruction data, which is no table of notes.
_TASK_FILES: Final[dict[Format, dict[str, Write]]] = {
    Format.ALPACA: {".json": write_task_alpaca},
    Format.CHATML: {".jsonl": write_task_chat},
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of it; `dry` says that nothing was written."""

    out: Path
    format: Format
    tally: Tally
    dry: bool

    @property
    def what(self) -> str:
        """What the rows are, for people: notes, or rows of instruction data."""
        return "rows" if isinstance(self.tally, TaskTally) else "notes"

    def as_json(self) -> dict[str, Any]:
        """Return the summary that `--json` prints."""
        return {"out": str(self.out), "format": self.format, "dry_run": self.dry, **self.tally.as_json()}


def export_rows(
    source: Path,
    format: Format,
    out: Path,
    *,
    with_rejected: bool = False,
    overwrite: bool = False,
    dry: bool = False,
    licence: str = UNKNOWN_LICENCE,
    title: str | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write the rows of a file, or of a folder of files, in another format; `dry` reads and writes nothing.

    Rows are notes, or instruction data, which becomes `alpaca`, `chatml` or `hf`.

    `licence` and `title` are for the card of `hf`: an identifier of the hub, and a name. `progress` is told how many
    rows were read. Raises OutputRefused, and RowsInvalid for the first row that is neither.
    """
    if licence != UNKNOWN_LICENCE and not _LICENCE.fullmatch(licence):
        raise OutputRefused(
            f"{licence!r} is no identifier of a licence",
            place="--licence",
            hint="The hub's identifiers are in small letters, for instance cc-by-4.0, apache-2.0 or other.",
        )
    tasks = holds_tasks(source)
    if tasks:
        tally = TaskTally()
        rows: Iterator[Any] = tally.counted_tasks(_told(read_tasks(source), progress))
    else:
        tally = Tally()
        rows = tally.counted(_told(read_notes(source), progress), with_rejected=with_rejected)
    if format is Format.HF:
        _write_folder(source, rows, out, tally, overwrite=overwrite, dry=dry, licence=licence, title=title)
    else:
        write = _writer(format, out, _TASK_FILES if tasks else _FILES)
        refuse_existing(out, overwrite=overwrite)
        refuse_source(row_files(source), out)
        if dry:
            _read_through(rows)
        else:
            with whole_files(out, overwrite=overwrite) as (file,):
                write(rows, file)
    return Exported(out, format, tally, dry)


def _write_folder(
    source: Path,
    rows: Iterator[Any],
    out: Path,
    tally: Tally,
    *,
    overwrite: bool,
    dry: bool,
    licence: str,
    title: str | None,
) -> None:
    from generator.exports.hf import HOLDS, card, write_shards

    refuse_existing(out, overwrite=overwrite, ours=HOLDS)
    hashes = hashes_of(source)
    if dry:
        _read_through(rows)
        return
    with whole_folder(out, overwrite=overwrite, ours=HOLDS) as folder:
        columns, kind = (TASK, "tasks") if isinstance(tally, TaskTally) else (FLAT, "notes")
        write_shards(rows, folder, columns=columns)
        text = card(tally, title=title or out.name, licence=licence, hashes=hashes, columns=columns, kind=kind)
        (folder / "README.md").write_text(text, encoding="utf-8", newline="\n")


def _writer(format: Format, out: Path, files: dict[Format, dict[str, Write]]) -> Write:
    if format not in files:
        raise OutputRefused(
            f"instruction data is not written as {format}",
            place=f"file {out}",
            hint=f"Take {', '.join(files)} or {Format.HF}.",
        )
    endings = files[format]
    if out.suffix.lower() not in endings:
        raise OutputRefused(
            f"{format} is written to a file that ends with {' or '.join(endings)}",
            place=f"file {out}",
            hint="Name it so with --out.",
        )
    return endings[out.suffix.lower()]


def _told(notes: Iterable[Any], progress: Progress | None) -> Iterator[Any]:
    for number, note in enumerate(notes, start=1):
        yield note
        if progress is not None:
            progress(number)


def _read_through(notes: Iterable[Any]) -> None:
    for _ in notes:
        pass
