"""One shard of a run: its rows, its Parquet twin, and what the manifest says of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from generator.runs.disk import digest_of, hidden_beside, sync_file
from generator.runs.layout import twin_of
from generator.runs.manifest import changed_since

# Writes the Parquet twin of a file of rows: from where, to where.
Twin = Callable[[Path, Path], None]


@dataclass(frozen=True, slots=True)
class Shard:
    """What the manifest says of a whole shard; the digests are SHA-256, in hex."""

    file: str
    rows: int
    sha256: str
    parquet: str
    parquet_sha256: str
    counts: Mapping[str, int]

    @classmethod
    def of(cls, path: Path, rows: int, counts: Mapping[str, int]) -> Self:
        """Return what is to be noted of a shard whose rows and twin are on the disk."""
        twin = twin_of(path)
        return cls(path.name, rows, digest_of(path), twin.name, digest_of(twin), dict(sorted(counts.items())))

    @classmethod
    def noted(cls, value: Mapping[str, Any]) -> Self:
        """Return what a manifest says of a shard."""
        return cls(**value)

    def as_noted(self) -> dict[str, Any]:
        """Return how it stands in the manifest."""
        return asdict(self)

    def refuse_changed(self, folder: Path, rows: int) -> None:
        """Raise OutputRefused when a file is not any more what was noted of it."""
        path = folder / self.file
        if self.rows != rows or self.sha256 != digest_of(path):
            raise changed_since(path)
        if self.parquet_sha256 != digest_of(folder / self.parquet):
            raise changed_since(folder / self.parquet)


def write_twin(rows: Path, shard: Path, twin: Twin) -> None:
    """Write the twin of a shard whose rows stand in `rows`: whole, or not there."""
    out = twin_of(shard)
    made = hidden_beside(out)
    twin(rows, made)
    sync_file(made)
    made.replace(out)
