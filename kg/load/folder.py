"""Recognises what a folder holds: which files of which formats belong together, and in which order they are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.errors import DataError, FileUnreadable
from kg.load.inputs import Inputs, Looked, files_below, looked, planned, slot_of
from kg.sources.format import Format
from kg.sources.registry import FORMATS


def recognised(folder: Path) -> tuple[list[Inputs], list[str]]:
    """Return the loads that a folder holds, in the order in which they are made, and the files that nobody takes.

    Files belong together that lie in one folder, or in the folders of it where one alone does not hold all that a
    format needs. Raises DataError when nothing is recognised, or FileUnreadable.
    """
    if not folder.is_dir():
        raise FileUnreadable("this is no folder", place=str(folder), hint="Name a folder: mkg load auto DIR")
    free = {file.path: looked(file) for file in files_below(folder)}
    found: list[Inputs] = []
    for known in FORMATS:
        mine = {path: item for path, item in free.items() if slot_of(known, item.head)}
        for inside in sorted({parent for path in mine for parent in _parents(path, folder)}, key=_deepest_first):
            some = [item for path, item in mine.items() if path.is_relative_to(inside) and path in free]
            if some and _complete(known, some):
                found.append(planned(known, [], some))
                for item in some:
                    del free[item.file.path]
    if not found:
        raise DataError("no file of a known format was found", place=str(folder), hint="`mkg load --list` shows them.")
    return found, [str(path.relative_to(folder)) for path in free]


def _parents(path: Path, folder: Path) -> list[Path]:
    return [parent for parent in path.parents if parent.is_relative_to(folder)]


def _deepest_first(path: Path) -> tuple[int, str]:
    return -len(path.parts), str(path)


def _complete(known: Format, items: Sequence[Looked]) -> bool:
    """Say whether these files fill every place of the format that must be filled, and none twice."""
    counts = {slot.name: 0 for slot in known.slots}
    for item in items:
        slot = slot_of(known, item.head)
        assert slot is not None, "the caller has looked"
        counts[slot.name] += 1
    return all(
        (counts[slot.name] or not slot.required) and (slot.many or counts[slot.name] <= 1) for slot in known.slots
    )
