"""How a run lies in a folder: shards of rows, each with a Parquet twin, one manifest, and a file for the lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from generator.runs.manifest import Noted, read_noted
from generator.runs.part import PART

MANIFEST: Final = "manifest.json"
LOCK: Final = ".lock"
ROWS_PER_SHARD: Final = 500

_SHARDS: Final = "notes-*.jsonl"
_OURS: Final = (_SHARDS, f"{_SHARDS}{PART}", "notes-*.parquet", ".notes-*.new", MANIFEST)


def shard_name(number: int) -> str:
    """Return the name of a shard; by name they stand in the order of their rows."""
    return f"notes-{number:05d}.jsonl"


def twin_of(shard: Path) -> Path:
    """Return where the same rows stand as Parquet."""
    return shard.with_suffix(".parquet")


def shards_in(folder: Path) -> list[Path]:
    """Return the whole shards of a folder, in the order of their rows."""
    return sorted(folder.glob(_SHARDS))


def rows_in(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that hold rows of a run, whole or growing."""
    yield from folder.glob(_SHARDS)
    yield from (part for part in folder.glob(f"{_SHARDS}{PART}") if part.stat().st_size)


def is_folder_of_run(folder: Path) -> bool:
    """Say whether a run was begun in the folder."""
    noted = read_noted(folder / MANIFEST)
    return noted is not None and isinstance(noted.get("run"), dict)


def is_unfinished(folder: Path) -> bool:
    """Say whether a run was begun in the folder and not brought to its end."""
    noted: Noted = read_noted(folder / MANIFEST) or {}
    return isinstance(noted.get("run"), dict) and noted.get("finished") is not True


def files_of_run(folder: Path) -> Iterator[Path]:
    """Yield what a run has written into the folder; anything else in it is not the run's affair."""
    for pattern in _OURS:
        yield from folder.glob(pattern)
