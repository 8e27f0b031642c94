"""Where the embedded Neo4j keeps its files under the data directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one data directory; nothing else in it is ever touched."""

    data_dir: Path

    @property
    def home(self) -> Path:
        """The store, its transaction logs and `neo4j.conf`."""
        return self.data_dir / "neo4j"

    @property
    def conf(self) -> Path:
        """The settings of the last start, as Neo4j reads them."""
        return self.home / "neo4j.conf"

    @property
    def mark(self) -> Path:
        """Says that the store is ours, and which version of Neo4j last opened it."""
        return self.home / "mkg-version"

    @property
    def logs(self) -> Path:
        """What Neo4j and its Java virtual machine say."""
        return self.data_dir / "logs" / "neo4j"

    @property
    def console(self) -> Path:
        """Standard output and error of the last start."""
        return self.logs / "console.log"

    @property
    def password(self) -> Path:
        """The password of the user `neo4j`, for the owner only."""
        return self.data_dir / "neo4j-password"

    @property
    def lock(self) -> Path:
        """Held by the server for its whole life."""
        return self.data_dir / "neo4j.lock"

    @property
    def run(self) -> Path:
        """Which process serves this directory, and where it listens."""
        return self.data_dir / "neo4j-run.json"
