"""Which jobs are not kept any longer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from graphql_api.jobs.record import Record


def expired(records: Sequence[Record], *, kept: int, days: float, now: datetime) -> list[Record]:
    """Return the jobs to forget: finished ones beyond the newest `kept` or older than `days`, and notes nobody awaits.

    `records` are in the order in which they were taken in. What is not finished is never forgotten.
    """
    unawaited = [record for record in records if record.until is not None and record.until < now.timestamp()]
    finished = [record for record in reversed(records) if record.status.ended and not record.single]
    oldest = now - timedelta(days=days)
    return [
        *unawaited,
        *finished[kept:],
        *(record for record in finished[:kept] if record.ended_at and datetime.fromisoformat(record.ended_at) < oldest),
    ]
