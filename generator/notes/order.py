"""Which notes a run consists of: so many for each code, in the order of the plan."""

from __future__ import annotations

import asyncio
import hashlib
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate
from typing import Any, Final, Protocol, TypeVar

import orjson

from generator.errors import NothingToTell
from generator.notes.prepare import Answered, Prepared, ask, ready
from generator.notes.subject import Subject, subjects_of
from generator.notes.write import Asking
from generator.source import Asks

T = TypeVar("T")
Given = TypeVar("Given")

# Rows of a group that ask the graph at the same time, each with its few questions.
_AT_ONCE: Final = 8


class Order(Protocol):
    """The notes of a run by their places, from 0 to before `total`; `release` is the state of the graph they tell of.

    `identity` is what makes two orders the same, `about` what is noted beside it for people.
    """

    @property
    def total(self) -> int: ...

    @property
    def release(self) -> str: ...

    @property
    def identity(self) -> Mapping[str, Any]: ...

    @property
    def about(self) -> Mapping[str, Any]: ...

    async def prepared(self, graph: Asks, asking: Asking, places: range) -> list[tuple[int, Prepared]]:
        """Return for each place the index of the row and what it is written from."""
        ...


@dataclass(frozen=True)
class CodeOrder:
    """`parts` are codes with how many notes each gets; `subjects` the diseases of each, among which they take turns."""

    parts: tuple[tuple[str, int], ...]
    subjects: Mapping[str, tuple[Subject, ...]]

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(count for _, count in self.parts))

    @property
    def total(self) -> int:
        """How many notes there are in all."""
        return self._ends[-1]

    @property
    def release(self) -> str:
        """The state that the graph was in when the codes were looked up."""
        return self.subjects[self.parts[0][0]][0].release

    @property
    def identity(self) -> Mapping[str, Any]:
        """Codes and numbers, by their hash: a plan may have thousands."""
        return {"plan_hash": hashlib.sha256(orjson.dumps(self.parts)).hexdigest()}

    @property
    def about(self) -> Mapping[str, Any]:
        """Codes and numbers themselves."""
        return {"plan": self.parts}

    def at(self, place: int) -> tuple[Subject, int]:
        """Return the disease of a row, and its index among the rows of its code."""
        number = bisect_right(self._ends, place)
        code, count = self.parts[number]
        index = place - (self._ends[number] - count)
        diseases = self.subjects[code]
        return diseases[index % len(diseases)], index

    async def prepared(self, graph: Asks, asking: Asking, places: range) -> list[tuple[int, Prepared]]:
        """Ask the graph about all rows at once, then word their prompts beside the loop."""
        rows = [(*self.at(place), place) for place in places]

        async def one(row: tuple[Subject, int, int]) -> Answered:
            return await ask(graph, asking.recipe(row[2]), row[0], row[1], asking.seed)

        answered = await few_at_once(one, rows)

        def worded() -> list[tuple[int, Prepared]]:
            return [
                (index, ready(asking.recipe(place), subject, found, asking.seed, place, asking.vocabulary))
                for (subject, index, place), found in zip(rows, answered, strict=True)
            ]

        return await asyncio.to_thread(worded)


async def order_of_codes(graph: Asks, parts: Sequence[tuple[str, int]], *, share_out: bool = False) -> CodeOrder:
    """Return the order of so many notes for each code: an ICD-10 code, an id or a name.

    A code of several diseases is refused with the candidates, unless the notes are to be `share_out` among them, as a
    plan over codes means it. Raises QueryError for a code that the graph does not know, NothingToTell.
    """
    wanted = tuple((code, count) for code, count in parts if count > 0)
    if not wanted:
        raise NothingToTell("no note was asked for", hint="Give at least one code and a count of at least 1.")
    codes = list(dict.fromkeys(code for code, _ in wanted))
    found = await few_at_once(partial(subjects_of, graph, share_out=share_out), codes)
    return CodeOrder(wanted, dict(zip(codes, found, strict=True)))


async def few_at_once(work: Callable[[Given], Awaitable[T]], given: Sequence[Given]) -> list[T]:
    """Return what the work makes of each, in order, a few of them at a time; the first failure stops the rest."""
    room = asyncio.Semaphore(_AT_ONCE)

    async def one(each: Given) -> T:
        async with room:
            return await work(each)

    tasks = [asyncio.ensure_future(one(each)) for each in given]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
