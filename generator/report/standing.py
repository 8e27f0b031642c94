"""How far runs are: rows done of those wanted, passed, rejected, and time, from files and manifests beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from generator.errors import RowsInvalid
from generator.runs.disk import is_locked
from generator.runs.layout import LOCK, MANIFEST, is_folder_of_run, shard_name
from generator.runs.manifest import seconds_so_far
from generator.runs.part import part_of

_MANIFEST: Final = ".manifest.json"


@dataclass(frozen=True, slots=True)
class Run:
    """One file of rows, or a folder of shards. `state` is `finished`, `running` or `stopped`.

    `wanted` is None without a manifest; `passed` and `rejected` are None for rows that nothing checked. `seconds` is
    how long it took: as the manifest says, or, while the file grows, from the manifest's to the last row's time.
    """

    file: str
    state: str
    rows: int
    wanted: int | None
    passed: int | None
    rejected: int | None
    seconds: float | None
    made_with: Mapping[str, Any]

    @property
    def rate(self) -> float | None:
        """Rows in a second."""
        return round(self.rows / self.seconds, 3) if self.seconds and self.rows else None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the end at this rate; None when it cannot be told or nothing is left."""
        if self.rate is None or self.wanted is None or self.state == "finished":
            return None
        return round((self.wanted - self.rows) / self.rate, 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """All runs of a file or a folder."""

    runs: tuple[Run, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        wanted = [run.wanted for run in self.runs]
        checked = [run for run in self.runs if run.passed is not None]
        return {
            "rows": sum(run.rows for run in self.runs),
            "wanted": None if None in wanted else sum(number or 0 for number in wanted),
            "passed": sum(run.passed or 0 for run in checked) if checked else None,
            "rejected": sum(run.rejected or 0 for run in checked) if checked else None,
            "runs": [{**asdict(run), "rate": run.rate, "seconds_left": run.seconds_left} for run in self.runs],
        }

    def times(self) -> dict[str, Any]:
        """Return how long the runs took and their rate; None where the manifests do not say it."""
        seconds = [run.seconds for run in self.runs]
        known = None if None in seconds or not seconds else sum(each or 0 for each in seconds)
        rows = sum(run.rows for run in self.runs)
        return {"seconds": known, "rows_per_second": round(rows / known, 3) if known else None}


def standing(source: Path) -> Standing:
    """Return how far the run of a file is, or all runs of a folder. Raises RowsInvalid when there are none."""
    if source.is_dir() and is_folder_of_run(source):
        return Standing((_run_of_folder(source),))
    outs = sorted(_outs(source)) if source.is_dir() else [source]
    runs = tuple(run for out in outs if (run := _run(out)) is not None)
    if not runs:
        raise RowsInvalid(
            "there is no run here",
            place=f"{'folder' if source.is_dir() else 'file'} {source}",
            hint="Give the file that `mkg generate notes` was told to write, or a folder of such files.",
        )
    return Standing(runs)


def _outs(folder: Path) -> Iterator[Path]:
    names = {path.name.removesuffix(_MANIFEST) for path in folder.glob(f"*{_MANIFEST}")}
    names |= {path.name for path in folder.glob("*.jsonl")}
    return (folder / name for name in names if name and name[0] != ".")


def _run(out: Path) -> Run | None:
    part, manifest = part_of(out), out.with_name(out.name + _MANIFEST)
    noted = _manifest(manifest)
    # A run that begins anew takes the old file away first, so a file that is there is whole.
    there = out if out.is_file() else part
    counted = _counted(there)
    seconds = noted.get("seconds")
    if there == part and counted.rows and manifest.is_file():
        seconds = round(seconds_so_far(noted, manifest, part), 3)
    if not there.is_file() and not noted:
        return None
    state = "finished" if there == out else "running" if is_locked(part) else "stopped"
    return _told(out, state, counted, noted, seconds)


def _run_of_folder(folder: Path) -> Run:
    """Add up what the manifest says of whole shards and what stands in the one that grows."""
    manifest = folder / MANIFEST
    noted = _manifest(manifest)
    shards = list(noted.get("shards") or ())
    next_shard = folder / shard_name(len(shards))
    part = part_of(next_shard)
    # A shard has its name a moment before the manifest says so.
    growing = _counted(part if part.is_file() else next_shard)
    whole = _Counted(
        sum(shard["rows"] for shard in shards),
        sum(shard["counts"].get("passed", 0) for shard in shards),
        sum(shard["counts"].get("status rejected", 0) for shard in shards),
    )
    finished = noted.get("finished") is True
    seconds = noted.get("seconds") if finished or not growing.rows else seconds_so_far(noted, manifest, part)
    state = "finished" if finished else "running" if is_locked(folder / LOCK) else "stopped"
    return _told(folder, state, whole + growing, noted, seconds)


def _told(out: Path, state: str, counted: _Counted, noted: Mapping[str, Any], seconds: Any) -> Run:
    run: dict[str, Any] = noted.get("run") or {}
    wanted = run.get("rows")
    return Run(
        file=str(out),
        state=state,
        rows=counted.rows,
        wanted=wanted if isinstance(wanted, int) else None,
        passed=counted.passed,
        rejected=counted.rejected,
        seconds=round(float(seconds), 3) if isinstance(seconds, int | float) else None,
        made_with={name: value for name, value in run.items() if name not in ("rows", "format")},
    )


def _manifest(path: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise RowsInvalid(
            f"the manifest cannot be read: {error}", place=f"file {path}", hint="Take it away, or start the run again."
        ) from error
    if not isinstance(found, dict) or not isinstance(found.get("run"), dict):
        raise RowsInvalid("the manifest names no run", place=f"file {path}", hint="Is it the manifest of a run?")
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """Rows of a file; passed and rejected are None when nothing checked them."""

    rows: int = 0
    passed: int | None = None
    rejected: int | None = None

    def __add__(self, other: _Counted) -> _Counted:
        return _Counted(
            self.rows + other.rows,
            (self.passed or 0) + (other.passed or 0),
            (self.rejected or 0) + (other.rejected or 0),
        )


def _counted(path: Path) -> _Counted:
    """Return rows, passed and rejected; a last line that is not whole yet does not count."""
    rows = passed = checked = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n") or not line.strip():
                    continue
                try:
                    row = orjson.loads(line)
                    verdict = row.get("check")
                except (ValueError, AttributeError) as error:
                    raise RowsInvalid(
                        "the line is no row", place=f"file {path}, line {number}", hint="Is it a file of rows?"
                    ) from error
                rows += 1
                if isinstance(verdict, dict):
                    checked += 1
                    passed += bool(verdict.get("passed"))
    except FileNotFoundError:
        return _Counted()
    except OSError as error:
        raise RowsInvalid(
            f"the file cannot be read: {error.strerror}", place=f"file {path}", hint="Check its rights."
        ) from error
    return _Counted(rows, passed, checked - passed) if checked else _Counted(rows)
