"""How much each key may ask for in a minute: a bucket of tokens for operations and one for their cost."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from graphql_api.problems import RATE_LIMITED, ApiError


@dataclass(slots=True)
class Bucket:
    """Holds up to `size` tokens and gains `size` in a minute."""

    size: int
    tokens: float
    at: float

    def wait(self, wanted: float, now: float) -> float:
        """Return the seconds until `wanted` tokens are there; 0 when they are."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.size / 60)
        self.at = now
        # What is larger than the bucket may go when it is full: it would wait for ever otherwise.
        lacking = min(wanted, self.size) - self.tokens
        return max(0.0, lacking * 60 / self.size)


class Rates:
    """The buckets of all keys; a limit of 0 is none. Each process of the service counts for itself."""

    def __init__(self, requests: int, cost: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = tuple(
            (size, setting) for size, setting in ((requests, "MKG_RATE_REQUESTS"), (cost, "MKG_RATE_COST")) if size
        )
        self._wants = tuple(bool(size) for size in (requests, cost))
        self._clock = clock
        self._buckets: dict[str, tuple[Bucket, ...]] = {}

    def spend(self, name: str, cost: int) -> None:
        """Take one operation of that cost from a key's buckets; raise ApiError when they do not hold it."""
        if not self._limits:
            return
        now = self._clock()
        buckets = self._buckets.get(name)
        if buckets is None:
            self._forget(now)
            buckets = self._buckets[name] = tuple(Bucket(size, size, now) for size, _ in self._limits)
        wanted = [want for want, wants in zip((1, cost), self._wants, strict=True) if wants]
        for bucket, want, (size, setting) in zip(buckets, wanted, self._limits, strict=True):
            seconds = bucket.wait(want, now)
            if seconds > 0:
                wait = math.ceil(seconds)
                what = "operations" if setting == "MKG_RATE_REQUESTS" else "cost"
                raise ApiError(
                    RATE_LIMITED,
                    f"This key may spend {size} {what} in a minute ({setting}).",
                    hint=f"Ask again in {wait} seconds.",
                    retry_after=wait,
                    limit=setting,
                    allowed=size,
                )
        for bucket, want in zip(buckets, wanted, strict=True):
            bucket.tokens -= min(want, bucket.size)

    def _forget(self, now: float) -> None:
        """Forget the keys whose buckets are full again, so that names of tokens that came and went take no room."""
        if len(self._buckets) >= 1000:
            self._buckets = {name: kept for name, kept in self._buckets.items() if now - kept[0].at < 60}
