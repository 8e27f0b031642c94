"""Where a data set is written: under another name first, so that what stands at its path is always whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

from generator.errors import OutputRefused


@contextmanager
def whole_files(*outs: Path, overwrite: bool) -> Generator[tuple[Path, ...]]:
    """Give a file to write to for each of `outs`; each takes its name when the `with` block ends well.

    Raises OutputRefused when there is something already and it is not to be overwritten, or when it cannot be written.
    """
    for out in outs:
        refuse_existing(out, overwrite=overwrite)
    with _beside(outs[0]) as beside:
        inside = tuple(beside / f"{number}-{out.name}" for number, out in enumerate(outs))
        yield inside
        for made in inside:
            _to_disk(made)
        for made, out in zip(inside, outs, strict=True):
            made.replace(out)


@contextmanager
def whole_folder(out: Path, *, overwrite: bool, ours: Sequence[str]) -> Generator[Path]:
    """Give a folder to write to; it becomes `out` when the `with` block ends well.

    `ours` are patterns of the files that such a folder holds: one with anything else in it is never overwritten, so
    that a slip of the pen costs nobody their files. Raises OutputRefused.
    """
    refuse_existing(out, overwrite=overwrite, ours=ours)
    with _beside(out) as beside:
        made, old = beside / "new", beside / "old"
        made.mkdir()
        yield made
        for file in _files_in(made):
            _to_disk(file)
        if out.exists():
            out.rename(old)
        made.rename(out)


def refuse_existing(out: Path, *, overwrite: bool, ours: Sequence[str] | None = None) -> None:
    """Raise OutputRefused when `out` may not be written; `ours` says that a folder is meant, and what may be in it."""
    if ours is None:
        if out.is_dir():
            raise OutputRefused("there is a folder at this path", place=f"folder {out}", hint="Name a file with --out.")
        if out.exists() and not overwrite:
            raise _there(out)
    elif out.is_dir():
        mine = {file for pattern in ours for file in out.glob(pattern)}
        strange = sorted(file for file in _files_in(out) if file not in mine)
        if strange:
            raise OutputRefused(
                f"the folder holds what no export wrote: {strange[0].relative_to(out)}",
                place=f"folder {out}",
                hint="Take another name with --out.",
            )
        if mine and not overwrite:
            raise _there(out)
    elif out.exists():
        raise OutputRefused("there is a file at this path", place=f"file {out}", hint="Name a folder with --out.")


def refuse_source(sources: Iterable[Path], *outs: Path) -> None:
    """Raise OutputRefused when what is read would be written over."""
    for source in sources:
        for out in outs:
            if out.exists() and out.samefile(source):
                raise OutputRefused(
                    "the rows cannot be read from and written to the same file",
                    place=f"file {out}",
                    hint="Take another name with --out.",
                )


def _there(out: Path) -> OutputRefused:
    return OutputRefused(
        "there is something at this path already",
        place=str(out),
        hint="Take another name with --out, or --overwrite to lose what is there.",
    )


@contextmanager
def _beside(out: Path) -> Generator[Path]:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as beside:
            yield Path(beside)
    except OSError as error:
        raise OutputRefused(
            f"the file cannot be written: {error.strerror or error}",
            place=f"file {out}",
            hint="Check the folder, its rights and the space on the disk.",
        ) from error


def _files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()]


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
