"""Fixed groups of places in a run, and work on the next group while the last one is still being finished."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

Made = TypeVar("Made")

# While the model writes one group, the other one is prepared or checked; a third would find the model taken.
AHEAD: Final = 2


def groups(total: int, width: int, per_file: int, done: int = 0) -> Iterator[range]:
    """Yield the places of each group from `done` on, which is the end of a group.

    A group is `width` places side by side that never reaches into another file of `per_file` rows. So which rows are
    written side by side follows from the place alone, wherever a run was cut off.
    """
    for first in range(0, total, per_file):
        end = min(first + per_file, total)
        for start in range(first, end, width):
            if start >= done:
                yield range(start, min(start + width, end))


class Line:
    """Lets those who joined it one after another through a door in that order, however long each took to get there."""

    def __init__(self) -> None:
        self._last: asyncio.Event | None = None

    def join(self) -> Ticket:
        """Return the place behind everybody who joined before."""
        before, self._last = self._last, asyncio.Event()
        return Ticket(before, self._last)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place in a line."""

    _before: asyncio.Event | None
    _mine: asyncio.Event

    async def turn(self) -> None:
        """Wait until whoever stands before has passed."""
        if self._before is not None:
            await self._before.wait()

    def passed(self) -> None:
        """Let the next one go."""
        self._mine.set()


async def in_order(
    wanted: Iterator[range], make: Callable[[range], Awaitable[Made]], stop: Callable[[], bool]
) -> AsyncGenerator[Made]:
    """Yield what `make` makes of each group, in order, while it is at work on the next one.

    Once `stop` says so no further group is begun, and those that were begun are yielded.
    """
    begun: deque[asyncio.Future[Made]] = deque()
    try:
        while True:
            while len(begun) < AHEAD and not stop() and (places := next(wanted, None)) is not None:
                begun.append(asyncio.ensure_future(make(places)))
            if not begun:
                return
            yield await begun[0]
            begun.popleft()
    finally:
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
