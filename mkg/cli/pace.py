"""How fast work goes on and how long it will take, in words."""

from __future__ import annotations

import time
from typing import Final

_MINUTE: Final = 60.0
_HOUR: Final = 3600.0
# Below one in a second people count by the minute.
_SLOW: Final = 1.0


class Pace:
    """Counts from the moment it is made; `done` things were there then."""

    def __init__(self, unit: str, done: int = 0) -> None:
        self._unit = unit
        self._done = done
        self._begun = time.monotonic()

    def told(self, done: int, total: int) -> str:
        """Return rate and time left, for instance `3.2 notes/s, 5 min left`; nothing before the first is done."""
        seconds = time.monotonic() - self._begun
        if done <= self._done or seconds <= 0:
            return ""
        rate = (done - self._done) / seconds
        return f"{rate_in_words(rate, self._unit)}, {time_in_words((total - done) / rate)} left"


def rate_in_words(rate: float, unit: str) -> str:
    """Return things in a second as text, by the minute when they are slow."""
    return f"{rate:,.1f} {unit}/s" if rate >= _SLOW else f"{rate * _MINUTE:,.1f} {unit}/min"


def time_in_words(seconds: float) -> str:
    """Return seconds as people say them: `40 s`, `12 min`, `3 h 20 min`."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    minutes = round(seconds / _MINUTE)
    return f"{minutes} min" if seconds < _HOUR else f"{minutes // 60} h {minutes % 60} min"
