"""One line of the log: what was done, who did it, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What was done. `step` is import, accept, reject, withdraw, undo or restore; times are ISO 8601 in UTC.

    `change_set` is there when the graph was changed, `proposal` when a proposal was decided.
    """

    at: str
    by: str
    step: str
    title: str
    note: str
    proposal: str | None
    change_set: str | None

    @staticmethod
    def of_row(row: Mapping[str, Any]) -> LogEntry:
        """Read an entry from a row of `curation/log`."""
        return LogEntry(
            row["at"], row["by"], row["step"], row["title"], row["note"], row["proposal"], row["change_set"]
        )
