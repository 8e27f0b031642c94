"""What stands beside the rows of a run: which run it is, and what is known of it so far."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from generator.errors import OutputRefused
from generator.runs.disk import replace_whole

Noted = Mapping[str, Any]


def read_noted(path: Path) -> dict[str, Any] | None:
    """Return what a manifest says, or None when there is none that can be read."""
    try:
        return dict(orjson.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def note(path: Path, run: Noted, found: Noted) -> None:
    """Write a manifest: `run` says which run it is, `found` what is known of it so far."""
    content = orjson.dumps({"run": run, **found}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    replace_whole(path, content)


def seconds_so_far(noted: Noted | None, manifest: Path, part: Path) -> float:
    """Return for how many seconds a run had been writing before it was cut off, to about one row.

    The manifest is written when a run is taken up and when a file of rows is whole; what came after that ended with
    the last row. Pauses between two sessions do not count.
    """
    seconds = (noted or {}).get("seconds")
    known = float(seconds) if isinstance(seconds, int | float) else 0.0
    try:
        later = part.stat()
        return known + (max(0.0, later.st_mtime - manifest.stat().st_mtime) if later.st_size else 0.0)
    except OSError:
        return known


def another_run(path: Path, known: Noted | None, run: Noted) -> OutputRefused:
    """Return the refusal that names in what the run that is there differs from this one."""
    other: Noted = (known or {}).get("run") or {}
    differing = [name for name, value in run.items() if other.get(name) != value]
    why = f"its {', '.join(differing)} differ" if other else "it has no manifest"
    kind = "folder" if path.is_dir() else "file"
    return OutputRefused(
        f"the {kind} belongs to another run: {why}",
        place=f"{kind} {path}",
        hint="Take another name with --out, or --overwrite to lose what is there.",
    )


def changed_since(path: Path) -> OutputRefused:
    """Return the refusal of a file that is not any more what was noted of it."""
    return OutputRefused(
        "the file was changed after it was written",
        place=f"file {path}",
        hint="Take another name with --out, or --overwrite to write it again.",
    )
