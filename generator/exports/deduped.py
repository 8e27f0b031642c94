"""A file of rows without near-duplicates, a list of what was dropped, and a manifest, beside each other."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from generator.duplicates import DEFAULT_THRESHOLD, DEFAULT_WORDS, Pair, without_duplicates
from generator.exports.rows import row_files
from generator.exports.tally import hash_of, hashes_of
from generator.exports.target import refuse_existing, refuse_source, whole_files
from generator.jsonl import FORMAT
from kg.cells import safe_cell

LIST_COLUMNS: Final = ("dropped", "kept", "similarity", "dropped_line", "kept_line")


@dataclass(frozen=True, slots=True)
class Deduped:
    """What came of it; `pairs` has the first few of those dropped, `list` says where all of them stand."""

    out: Path
    list: Path
    read: int
    kept: int
    dropped: int
    rejected: int
    pairs: tuple[Pair, ...]
    dry: bool

    def as_json(self) -> dict[str, Any]:
        """Return the summary that `--json` prints."""
        return {
            "out": str(self.out),
            "list": str(self.list),
            "read": self.read,
            "kept": self.kept,
            "dropped": self.dropped,
            "rejected": self.rejected,
            "dry_run": self.dry,
        }


def write_deduped(
    source: Path,
    out: Path,
    *,
    threshold: float = DEFAULT_THRESHOLD,
    words: int = DEFAULT_WORDS,
    overwrite: bool = False,
    dry: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Deduped:
    """Copy the rows to `out`, byte for byte, but those that nearly repeat an earlier one.

    Beside it stand `<out>.dropped.csv`, a line for each pair, and `<out>.manifest.json`. Rejected rows stay as they
    are and drop none. The same rows and options give the same bytes. Raises OutputRefused and RowsInvalid.
    """
    listed = out.with_name(out.name + ".dropped.csv")
    manifest = out.with_name(out.name + ".manifest.json")
    for path in (out, listed, manifest):
        refuse_existing(path, overwrite=overwrite)
    refuse_source(row_files(source), out, listed, manifest)
    counts = {"read": 0, "kept": 0, "dropped": 0, "rejected": 0}
    first: list[Pair] = []

    def go(keep: Callable[[bytes], object], drop: Callable[[Pair], object]) -> None:
        for line, note, pair in without_duplicates(source, threshold, words):
            counts["read"] += 1
            counts["rejected"] += note.rejected
            if pair is None:
                counts["kept"] += 1
                keep(line.raw if line.raw.endswith(b"\n") else line.raw + b"\n")
            else:
                counts["dropped"] += 1
                if len(first) < 5:
                    first.append(pair)
                drop(pair)
            if progress is not None:
                progress(counts["read"])

    if dry:
        go(lambda _: None, lambda _: None)
    else:
        made_from = hashes_of(source)
        with whole_files(out, listed, manifest, overwrite=overwrite) as (rows_at, list_at, manifest_at):
            with rows_at.open("wb") as rows, list_at.open("w", encoding="utf-8", newline="") as table:
                writer = csv.writer(table, lineterminator="\n")
                writer.writerow(LIST_COLUMNS)
                go(rows.write, lambda pair: writer.writerow(_cells(pair)))
            run = {"format": FORMAT, "made_from": made_from, "threshold": threshold, "words": words}
            noted = {"run": {**run, "rows": counts["kept"]}, "sha256": hash_of(rows_at)}
            manifest_at.write_bytes(orjson.dumps(noted, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return Deduped(out, listed, **counts, pairs=tuple(first), dry=dry)


def _cells(pair: Pair) -> tuple[str | int, ...]:
    similarity = f"{pair.similarity:.4f}"
    return (safe_cell(pair.dropped), safe_cell(pair.kept), similarity, pair.dropped_line, pair.kept_line)
