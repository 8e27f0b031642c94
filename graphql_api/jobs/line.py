"""Those who wait for the model: who comes before whom, and whether one more may join. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from graphql_api.jobs.record import Record, Status
from graphql_api.problems import BUSY, ApiError

# Seconds that a note is said to take as long as none was written.
_USUAL: Final = 5.0
_LONGEST_WAIT: Final = 3600


def place_in_line(record: Record, others: Sequence[Record]) -> int | None:
    """Return the job's place among those that wait, 1 for the next; None when it does not wait."""
    if record.status is not Status.QUEUED:
        return None
    return max(1, sum(other.status is Status.QUEUED and other.line <= record.line for other in others))


def check_room(inside: Sequence[Record], limit: int, now: float) -> None:
    """Raise ApiError with the seconds to wait when one is written and `limit` wait; `inside` are all of one sort."""
    if len(inside) <= limit:
        return
    left = [_left(record, now) for record in inside]
    # Of notes all must be written first, of jobs one.
    wait = min(max(1, round(sum(left) if inside[0].single else min(left))), _LONGEST_WAIT)
    raise ApiError(
        BUSY,
        f"{'Other notes' if inside[0].single else 'Other jobs'} are being written.",
        hint=f"Ask again in about {wait} seconds.",
        retry_after=wait,
    )


def _left(record: Record, now: float) -> float:
    left = record.seconds_left(now)
    return _USUAL * (record.wanted.total - record.done) if left is None else left
